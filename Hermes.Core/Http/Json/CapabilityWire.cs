using System.Text.Json.Serialization;

namespace Hermes.Core.Http.Json;

/// <summary>What this server serves and allows.</summary>
internal sealed record Capabilities
{
    /// <summary>Always <c>hermes.capabilities</c>.</summary>
    [JsonPropertyName("object")]
    public required string Object { get; init; }

    /// <summary>Always <c>hermes-agent</c>.</summary>
    [JsonPropertyName("platform")]
    public required string Platform { get; init; }

    /// <summary>What a client can offer its user: true where it is served and switched on.</summary>
    [JsonPropertyName("features")]
    public required IReadOnlyDictionary<string, bool> Features { get; init; }

    /// <summary>Every call.</summary>
    [JsonPropertyName("endpoints")]
    public required IReadOnlyList<CapabilityEndpoint> Endpoints { get; init; }
}

/// <summary>A call of the API.</summary>
internal sealed record CapabilityEndpoint
{
    /// <summary>The HTTP method. HEAD works wherever GET does.</summary>
    [JsonPropertyName("method")]
    public required string Method { get; init; }

    /// <summary>The path, with names in braces for its variable parts.</summary>
    [JsonPropertyName("path")]
    public required string Path { get; init; }

    /// <summary>False where a switch of the server is off: the call answers 403.</summary>
    [JsonPropertyName("enabled")]
    public required bool Enabled { get; init; }
}

/// <summary>The data of an event of the change feed.</summary>
internal sealed record ChangeEvent
{
    /// <summary>When it was told, in Unix seconds.</summary>
    [JsonPropertyName("at")]
    public required double At { get; init; }
}
