using System.Text.Json.Serialization;

namespace Hermes.Core.Http.Json;

/// <summary>The server answers.</summary>
/// <param name="Status"><c>ok</c>.</param>
/// <param name="Platform">Always <c>hermes-agent</c>.</param>
/// <param name="Version">The library's version.</param>
internal sealed record Health(
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("platform")] string Platform,
    [property: JsonPropertyName("version")] string Version);

/// <summary>Whether what the API needs is there.</summary>
internal sealed record DetailedHealth
{
    /// <summary><c>ok</c>, or <c>degraded</c> where a check fails.</summary>
    [JsonPropertyName("status")]
    public required string Status { get; init; }

    /// <summary>The checks.</summary>
    [JsonPropertyName("readiness")]
    public required HealthReadiness Readiness { get; init; }

    /// <summary>Always <c>hermes-agent</c>.</summary>
    [JsonPropertyName("platform")]
    public required string Platform { get; init; }

    /// <summary>The library's version.</summary>
    [JsonPropertyName("version")]
    public required string Version { get; init; }

    /// <summary>How many turns are in flight.</summary>
    [JsonPropertyName("active_agents")]
    public required int ActiveAgents { get; init; }

    /// <summary>Whether there is one.</summary>
    [JsonPropertyName("gateway_busy")]
    public required bool GatewayBusy { get; init; }

    /// <summary>When the checks were made, in ISO 8601.</summary>
    [JsonPropertyName("updated_at")]
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The process's number on its machine.</summary>
    [JsonPropertyName("pid")]
    public required int Pid { get; init; }
}

/// <summary>The checks.</summary>
/// <param name="Status"><c>ok</c>, or <c>degraded</c> where one fails.</param>
/// <param name="Checks">Each by its name: <c>state_db</c>, <c>config</c>, <c>model</c>, <c>disk</c>, <c>background_queues</c>.</param>
internal sealed record HealthReadiness(
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("checks")] IReadOnlyDictionary<string, HealthCheck> Checks);

/// <summary>One of the checks.</summary>
internal sealed record HealthCheck
{
    /// <summary><c>ok</c> or <c>degraded</c>.</summary>
    [JsonPropertyName("status")]
    public required string Status { get; init; }

    /// <summary>What is wrong, or what else is to be said; missing where nothing is.</summary>
    [JsonPropertyName("detail")]
    public string? Detail { get; init; }
}
