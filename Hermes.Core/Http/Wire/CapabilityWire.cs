namespace Hermes.Core.Http.Wire;

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
    [property: JsonPropertyName("object")] string Object,
    [property: JsonPropertyName("platform")] string Platform,
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("auth")] CapabilityAuth Auth,
    [property: JsonPropertyName("runtime")] CapabilityRuntime Runtime,
    [property: JsonPropertyName("features")] IReadOnlyDictionary<string, JsonElement> Features,
    [property: JsonPropertyName("endpoints")] IReadOnlyDictionary<string, CapabilityEndpoint> Endpoints);

/// <summary>What requests have to carry.</summary>
internal sealed record CapabilityAuth(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("required")] bool Required);

/// <summary>Where the agent and its tools run.</summary>
internal sealed record CapabilityRuntime(
    [property: JsonPropertyName("mode")] string Mode,
    [property: JsonPropertyName("tool_execution")] string ToolExecution,
    [property: JsonPropertyName("split_runtime")] bool SplitRuntime,
    [property: JsonPropertyName("description")] string Description);

/// <summary>A call of the API.</summary>
/// <param name="Method">The HTTP method. HEAD works wherever GET does.</param>
/// <param name="Path">The path, whole, with names in braces for its variable parts.</param>
internal sealed record CapabilityEndpoint(
    [property: JsonPropertyName("method")] string Method,
    [property: JsonPropertyName("path")] string Path);

/// <summary>Whether runs that are submitted twice under one key are one.</summary>
internal sealed record RunsIdempotency(
    [property: JsonPropertyName("supported")] bool Supported,
    [property: JsonPropertyName("durable")] bool Durable,
    [property: JsonPropertyName("retention_seconds")] int RetentionSeconds);

/// <summary>The data of an event of the change feed.</summary>
/// <param name="At">When it was told, in Unix seconds.</param>
internal sealed record ChangeEvent(
    [property: JsonPropertyName("at")] double At);
