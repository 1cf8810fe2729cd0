namespace Hermes.Core.Http.Wire;

/// <summary>Which model answered in a session last, and how much of its context the conversation takes.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Model">The model that answered, as it calls itself; null where nothing says.</param>
/// <param name="Provider">The configured provider; null where none is named.</param>
/// <param name="ContextTokens">Tokens of the last call of the model in the last turn, its prompt and its answer: not the sum of the session.</param>
/// <param name="ContextLength">How many tokens the model takes, where config.yaml says so.</param>
/// <param name="ContextPercent">How much of that is used, in percent with one decimal place.</param>
internal sealed record SessionRuntime(
    [property: JsonPropertyName("session_id")] string SessionId,
    [property: JsonPropertyName("model")] string? Model,
    [property: JsonPropertyName("provider")] string? Provider,
    [property: JsonPropertyName("context_tokens")] long ContextTokens,
    [property: JsonPropertyName("context_length")] long? ContextLength = null,
    [property: JsonPropertyName("context_percent")] double? ContextPercent = null);

/// <summary>Chooses the model of a session.</summary>
/// <param name="Model">The model's name, of at most 256 characters; <c>hermes-agent</c> for the agent's own.</param>
/// <param name="ModelId">The same, where there is no <c>model</c>.</param>
/// <param name="Provider">The configured provider, or nothing.</param>
/// <param name="ModelOptions">An object, which changes nothing.</param>
internal sealed record LockSessionModel(
    [property: JsonPropertyName("model")] string? Model = null,
    [property: JsonPropertyName("model_id")] string? ModelId = null,
    [property: JsonPropertyName("provider")] string? Provider = null,
    [property: JsonPropertyName("model_options")] JsonElement? ModelOptions = null);

/// <summary>The model of a session was chosen.</summary>
/// <param name="Object">Always <c>hermes.session.model_lock</c>.</param>
/// <param name="SessionId">The session, as the request named it.</param>
/// <param name="Runtime">What its turns ask for.</param>
internal sealed record SessionModelLock(
    [property: JsonPropertyName("object")] string Object,
    [property: JsonPropertyName("session_id")] string SessionId,
    [property: JsonPropertyName("runtime")] LockedModel Runtime);

/// <summary>What the turns of a session ask for.</summary>
/// <param name="Provider">The configured provider; null where none is named.</param>
/// <param name="Model">The model.</param>
/// <param name="RouteSource">Always <c>session</c>.</param>
/// <param name="Requested">What was asked for.</param>
/// <param name="ModelLock">Always <c>accepted</c>.</param>
internal sealed record LockedModel(
    [property: JsonPropertyName("provider")] string? Provider,
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("route_source")] string RouteSource,
    [property: JsonPropertyName("requested")] RequestedModel Requested,
    [property: JsonPropertyName("model_lock")] string ModelLock);

/// <summary>A model as a client asked for it.</summary>
/// <param name="Provider">The provider; null where the request names none.</param>
/// <param name="Model">The model.</param>
internal sealed record RequestedModel(
    [property: JsonPropertyName("provider")] string? Provider,
    [property: JsonPropertyName("model")] string Model);
