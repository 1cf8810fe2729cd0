namespace Hermes.Core.Http.Wire;

/// <summary>The server is up.</summary>
/// <param name="Status">Always <c>ok</c>.</param>
/// <param name="Platform">Always <c>hermes-agent</c>.</param>
/// <param name="Version">The library's version.</param>
internal sealed record Health(
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("platform")] string Platform,
    [property: JsonPropertyName("version")] string Version);

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
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("readiness")] HealthReadiness Readiness,
    [property: JsonPropertyName("platform")] string Platform,
    [property: JsonPropertyName("version")] string Version,
    [property: JsonPropertyName("active_agents")] int ActiveAgents,
    [property: JsonPropertyName("gateway_busy")] bool GatewayBusy,
    [property: JsonPropertyName("updated_at")] DateTimeOffset UpdatedAt,
    [property: JsonPropertyName("pid")] int Pid);

/// <summary>The checks.</summary>
/// <param name="Status"><c>ok</c>, or <c>degraded</c> where one fails.</param>
/// <param name="Checks">Each by its name: <c>state_db</c>, <c>config</c>, <c>model</c>, <c>disk</c>, <c>background_queues</c>.</param>
internal sealed record HealthReadiness(
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("checks")] IReadOnlyDictionary<string, HealthCheck> Checks);

/// <summary>One of the checks.</summary>
/// <param name="Status"><c>ok</c> or <c>degraded</c>.</param>
/// <param name="Detail">What is wrong, or a note on what was found; missing where there is neither.</param>
internal sealed record HealthCheck(
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("detail")] string? Detail = null)
{
    public const string Ok = "ok";
    public const string Degraded = "degraded";
}
