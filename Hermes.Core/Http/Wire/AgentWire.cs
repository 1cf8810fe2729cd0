namespace Hermes.Core.Http.Wire;

/// <summary>What the agent and its server say of themselves, and of changes of the home.</summary>
internal static class AgentWire
{
    /// <summary>The server is up.</summary>
    /// <param name="Status">Always <c>ok</c>.</param>
    /// <param name="Platform">Always <c>hermes-agent</c>.</param>
    /// <param name="Version">The library's version.</param>
    internal sealed record Health(string Status, string Platform, string Version);

    /// <summary>Whether what the API needs is there.</summary>
    /// <param name="Status"><c>ok</c>, or <c>degraded</c> where a check fails.</param>
    /// <param name="Readiness">The checks.</param>
    /// <param name="Platform">Always <c>hermes-agent</c>.</param>
    /// <param name="Version">The library's version.</param>
    /// <param name="ActiveAgents">How many turns are in flight.</param>
    /// <param name="GatewayBusy">Whether a turn is in flight.</param>
    /// <param name="UpdatedAt">When the checks were made, in ISO 8601.</param>
    /// <param name="Pid">The process's number on its machine.</param>
    internal sealed record DetailedHealth(
        string Status, HealthReadiness Readiness, string Platform, string Version, int ActiveAgents, bool GatewayBusy, DateTimeOffset UpdatedAt, int Pid);

    /// <summary>The checks.</summary>
    /// <param name="Status"><c>ok</c>, or <c>degraded</c> where one fails.</param>
    /// <param name="Checks">Each by its name: <c>state_db</c>, <c>config</c>, <c>model</c>, <c>disk</c>, <c>background_queues</c>.</param>
    internal sealed record HealthReadiness(string Status, IReadOnlyDictionary<string, HealthCheck> Checks);

    /// <summary>One of the checks.</summary>
    /// <param name="Status"><c>ok</c> or <c>degraded</c>.</param>
    /// <param name="Detail">What is wrong, or a note on what was found; missing where there is neither.</param>
    internal sealed record HealthCheck(string Status, string? Detail = null)
    {
        public const string Ok = "ok";
        public const string Degraded = "degraded";
    }

    /// <summary>The features of this server and the calls that it serves. What is not listed is not served.</summary>
    /// <param name="Object">Always <c>hermes.api_server.capabilities</c>.</param>
    /// <param name="Platform">Always <c>hermes-agent</c>.</param>
    /// <param name="Model">The name that the agent goes by as a model.</param>
    /// <param name="Auth">What requests have to carry.</param>
    /// <param name="Runtime">Where the agent runs.</param>
    /// <param name="Features">
    /// What a client can offer its user: true where it is served and switched on. Of other types are <c>runs_idempotency</c>, an object of <c>supported</c>,
    /// <c>durable</c> and <c>retention_seconds</c>, and <c>session_continuity_header</c> and <c>session_key_header</c>, the names of headers.
    /// </param>
    /// <param name="Endpoints">Every call that is served and switched on, by name.</param>
    internal sealed record Capabilities(
        string Object, string Platform, string Model, CapabilityAuth Auth, CapabilityRuntime Runtime,
        IReadOnlyDictionary<string, JsonElement> Features, IReadOnlyDictionary<string, CapabilityEndpoint> Endpoints);

    /// <summary>What requests have to carry.</summary>
    internal sealed record CapabilityAuth(string Type, bool Required);
    /// <summary>Where the agent and its tools run.</summary>
    internal sealed record CapabilityRuntime(string Mode, string ToolExecution, bool SplitRuntime, string Description);

    /// <summary>A call of the API.</summary>
    /// <param name="Method">The HTTP method. HEAD works wherever GET does.</param>
    /// <param name="Path">The path, whole, with names in braces for its variable parts.</param>
    internal sealed record CapabilityEndpoint(string Method, string Path);

    /// <summary>Whether runs that are submitted twice under one key are one.</summary>
    internal sealed record RunsIdempotency(bool Supported, bool Durable, int RetentionSeconds);

    /// <summary>The skills that are switched on.</summary>
    /// <param name="Object">Always <c>list</c>.</param>
    /// <param name="Data">The skills.</param>
    internal sealed record AgentSkillList(string Object, IReadOnlyList<AgentSkill> Data);

    /// <summary>A skill in short.</summary>
    /// <param name="Name">The name from its front matter, else its folder's.</param>
    /// <param name="Description">What it is for; empty where that is not said.</param>
    /// <param name="Category">The category; empty where there is none.</param>
    internal sealed record AgentSkill(string Name, string Description, string Category);

    /// <summary>The agent's tools.</summary>
    /// <param name="Object">Always <c>list</c>.</param>
    /// <param name="Platform">Always <c>api_server</c>.</param>
    /// <param name="Data">One toolset, or none.</param>
    internal sealed record ToolsetList(string Object, string Platform, IReadOnlyList<Toolset> Data);

    /// <summary>Tools that belong together.</summary>
    /// <param name="Name">Its name for programs.</param>
    /// <param name="Label">Its name for people.</param>
    /// <param name="Description">What it is.</param>
    /// <param name="Enabled">Whether the agent uses it: always true.</param>
    /// <param name="Configured">Whether it has what it needs: always true.</param>
    /// <param name="Tools">The names of the tools.</param>
    internal sealed record Toolset(string Name, string Label, string Description, bool Enabled, bool Configured, IReadOnlyList<string> Tools);

    /// <summary>The data of an event of the change feed.</summary>
    /// <param name="At">When it was told, in Unix seconds.</param>
    internal sealed record ChangeEvent(double At);
}
