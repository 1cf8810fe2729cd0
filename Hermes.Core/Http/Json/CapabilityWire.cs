using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hermes.Core.Http.Json;

/// <summary>What this server serves and allows. What is not in it, is not served.</summary>
internal sealed record Capabilities
{
    /// <summary>Always <c>hermes.api_server.capabilities</c>.</summary>
    [JsonPropertyName("object")]
    public required string Object { get; init; }

    /// <summary>Always <c>hermes-agent</c>.</summary>
    [JsonPropertyName("platform")]
    public required string Platform { get; init; }

    /// <summary>The name that the agent goes by as a model.</summary>
    [JsonPropertyName("model")]
    public required string Model { get; init; }

    /// <summary>What requests have to carry.</summary>
    [JsonPropertyName("auth")]
    public required CapabilityAuth Auth { get; init; }

    /// <summary>Where the agent runs.</summary>
    [JsonPropertyName("runtime")]
    public required CapabilityRuntime Runtime { get; init; }

    /// <summary>
    /// What a client can offer its user: true where it is served and switched on. Of other types are <c>runs_idempotency</c>, an object of <c>supported</c>,
    /// <c>durable</c> and <c>retention_seconds</c>, and <c>session_continuity_header</c> and <c>session_key_header</c>, the names of headers.
    /// </summary>
    [JsonPropertyName("features")]
    public required IReadOnlyDictionary<string, JsonElement> Features { get; init; }

    /// <summary>Every call that is served and switched on, by name.</summary>
    [JsonPropertyName("endpoints")]
    public required IReadOnlyDictionary<string, CapabilityEndpoint> Endpoints { get; init; }
}

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
internal sealed record CapabilityEndpoint
{
    /// <summary>The HTTP method. HEAD works wherever GET does.</summary>
    [JsonPropertyName("method")]
    public required string Method { get; init; }

    /// <summary>The path, whole, with names in braces for its variable parts.</summary>
    [JsonPropertyName("path")]
    public required string Path { get; init; }
}

/// <summary>The data of an event of the change feed.</summary>
internal sealed record ChangeEvent
{
    /// <summary>When it was told, in Unix seconds.</summary>
    [JsonPropertyName("at")]
    public required double At { get; init; }
}
