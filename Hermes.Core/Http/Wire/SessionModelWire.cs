using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hermes.Core.Http.Wire;

/// <summary>Which model answered in a session last, and how much of its context the conversation takes.</summary>
internal sealed record SessionRuntime
{
    /// <summary>The session.</summary>
    [JsonPropertyName("session_id")]
    public required string SessionId { get; init; }

    /// <summary>The model that answered, as it calls itself; null where nothing says.</summary>
    [JsonPropertyName("model")]
    public required string? Model { get; init; }

    /// <summary>The configured provider; null where none is named.</summary>
    [JsonPropertyName("provider")]
    public required string? Provider { get; init; }

    /// <summary>Tokens of the last call of the model in the last turn, its prompt and its answer: not the sum of the session.</summary>
    [JsonPropertyName("context_tokens")]
    public required long ContextTokens { get; init; }

    /// <summary>How many tokens the model takes, where config.yaml says so.</summary>
    [JsonPropertyName("context_length")]
    public long? ContextLength { get; init; }

    /// <summary>How much of that is used, in percent with one decimal place.</summary>
    [JsonPropertyName("context_percent")]
    public double? ContextPercent { get; init; }
}

/// <summary>Chooses the model of a session.</summary>
internal sealed record LockSessionModel
{
    /// <summary>The model's name, of at most 256 characters; <c>hermes-agent</c> for the agent's own.</summary>
    [JsonPropertyName("model")]
    public string? Model { get; init; }

    /// <summary>The same, where there is no <c>model</c>.</summary>
    [JsonPropertyName("model_id")]
    public string? ModelId { get; init; }

    /// <summary>The configured provider, or nothing.</summary>
    [JsonPropertyName("provider")]
    public string? Provider { get; init; }

    /// <summary>An object, which changes nothing.</summary>
    [JsonPropertyName("model_options")]
    public JsonElement? ModelOptions { get; init; }
}

/// <summary>The model of a session was chosen.</summary>
/// <param name="Object">Always <c>hermes.session.model_lock</c>.</param>
/// <param name="SessionId">The session, as the request named it.</param>
/// <param name="Runtime">What its turns ask for.</param>
internal sealed record SessionModelLock(
    [property: JsonPropertyName("object")] string Object,
    [property: JsonPropertyName("session_id")] string SessionId,
    [property: JsonPropertyName("runtime")] LockedModel Runtime);

/// <summary>What the turns of a session ask for.</summary>
internal sealed record LockedModel
{
    /// <summary>The configured provider; null where none is named.</summary>
    [JsonPropertyName("provider")]
    public required string? Provider { get; init; }

    /// <summary>The model.</summary>
    [JsonPropertyName("model")]
    public required string Model { get; init; }

    /// <summary>Always <c>session</c>.</summary>
    [JsonPropertyName("route_source")]
    public required string RouteSource { get; init; }

    /// <summary>What was asked for.</summary>
    [JsonPropertyName("requested")]
    public required RequestedModel Requested { get; init; }

    /// <summary>Always <c>accepted</c>.</summary>
    [JsonPropertyName("model_lock")]
    public required string ModelLock { get; init; }
}

/// <summary>A model as a client asked for it.</summary>
/// <param name="Provider">The provider; null where the request names none.</param>
/// <param name="Model">The model.</param>
internal sealed record RequestedModel(
    [property: JsonPropertyName("provider")] string? Provider,
    [property: JsonPropertyName("model")] string Model);
