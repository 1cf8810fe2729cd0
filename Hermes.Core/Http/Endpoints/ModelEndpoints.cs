using Hermes.Core.Configuration;
using Hermes.Core.Http.OpenAI;
using Hermes.Core.Http.Wire;
using Hermes.Core.Sessions;
using Microsoft.AspNetCore.Mvc;
using static Hermes.Core.Http.Wire.ConfigWire;

namespace Hermes.Core.Http.Endpoints;

internal static class ModelEndpoints
{
    private const int MaxNameLength = 256;
    private const string OtherProvider =
        "The turns of this server ask the provider that is configured for all of them, and this is another. Leave 'provider' out to choose among the models of that one";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var routes = endpoints.MapGroup("").WithTags("Chat").NamesId("model_id");
        routes.MapGet("/v1/models", ListModels).Named("models").Produces<ModelList>().ProducesErrors();
        routes.MapGet("/v1/models/{id}", GetModel).Named("model").Produces<ModelObject>().ProducesErrors(400, 404);
    }

    /// <summary>Maps what a client needs to let its user choose another model in config.yaml.</summary>
    public static void MapChoices(IEndpointRouteBuilder endpoints)
    {
        var routes = endpoints.MapGroup("").WithTags("Config");
        routes.MapGet("/api/available-models", ListAvailableModels).Named("available_models").Produces<AvailableModelList>().ProducesErrors(400, 500);
        routes.MapGet("/api/model/options", ListModelOptions).Named("model_options").Produces<ModelOptions>().ProducesErrors(500);
    }

    public static void MapOfSession(IEndpointRouteBuilder endpoints)
    {
        var routes = endpoints.MapGroup("").WithTags("Sessions").NamesId("session_id");
        routes.MapGet("/api/sessions/{id}/runtime", GetRuntime).Named("session_runtime").Produces<SessionRuntime>().ProducesErrors(400, 404, 503);
        routes.MapPost("/api/sessions/{id}/model", LockModel).Named("session_model_lock").Behind(WriteSwitch.Model)
            .AcceptsJson<LockSessionModel>().Produces<SessionModelLock>().ProducesErrors(400, 403, 404, 413, 415, 503);
    }

    /// <summary>Lists what chat can be asked for: the agent and, where clients may choose the model, those of the configured provider.</summary>
    /// <response code="200">The models.</response>
    internal static async Task<JsonAnswer> ListModels(HttpContext http, ModelChoice models, TimeProvider time) =>
        JsonAnswer.Of(new ModelList("list", [.. (await models.ListAsync(http.RequestAborted)).Select(name => Describe(name, time))]));

    /// <summary>Gets one of the models that chat can be asked for.</summary>
    /// <param name="id">The model's id, percent-encoded where it has a slash.</param>
    /// <response code="200">The model.</response>
    /// <response code="404">There is no model with this id.</response>
    internal static async Task<JsonAnswer> GetModel(HttpContext http, ModelChoice models, TimeProvider time, string id)
    {
        var name = RouteText.Decode(http, id, "id");
        return (await models.ListAsync(http.RequestAborted)).Contains(name) ? JsonAnswer.Of(Describe(name, time)) : throw ModelChoice.NotFound(http);
    }

    /// <summary>Lists the models of a provider, as the provider itself lists them. The list is at most five minutes old.</summary>
    /// <param name="provider">The provider's name; the configured one where it is missing.</param>
    /// <response code="200">The models. Where the provider does not answer within five seconds, they are those that config.yaml names, and error says why.</response>
    /// <response code="500">The file cannot be read; the text says at which line and column.</response>
    internal static async Task<JsonAnswer> ListAvailableModels(HttpContext http, ModelDirectory models, [FromQuery] string? provider)
    {
        provider = string.IsNullOrWhiteSpace(provider) ? null : provider.Trim();
        if (provider is { Length: > MaxNameLength } || provider?.Any(char.IsControl) is true)
            throw new RequestException($"'provider' must be at most {MaxNameLength} characters, without control characters", param: "provider");

        return JsonAnswer.Tagged(AvailableModelList.From(await models.ListAsync(provider, http.RequestAborted)));
    }

    /// <summary>Lists the providers that config.yaml names, each with its models. Only the configured provider is asked for its own list.</summary>
    /// <response code="200">The providers, and the configured model.</response>
    /// <response code="500">config.yaml cannot be read; the text says at which line and column.</response>
    internal static async Task<JsonAnswer> ListModelOptions(HttpContext http, ModelDirectory directory, ProviderResolver resolver)
    {
        var choices = await directory.ListChoicesAsync(http.RequestAborted);
        return JsonAnswer.Tagged(new ModelOptions([.. choices.Providers.Select(Show)], choices.Model, choices.Provider));

        ProviderOption Show(ModelDirectory.ProviderModels provider) => new(
            provider.Id, provider.Label, provider.IsCurrent, [.. provider.Models.Select(model => model.Id)], provider.Models.Count,
            Authenticated: provider.IsListed || TryFind(resolver, provider.IsCurrent ? null : provider.Id).IsFound);
    }

    /// <summary>Says which model answered in a session last, and how much of its context the conversation takes.</summary>
    /// <param name="id">The session's id, or the start of it.</param>
    /// <response code="200">As the last turn through this API used it.</response>
    /// <response code="404">There is no such session, or no usage of its last turn is known; the text says which.</response>
    internal static async Task<JsonAnswer> GetRuntime(HttpContext http, SessionStore sessions, ModelDirectory configured, string id)
    {
        var session = await sessions.FindAsync(RouteText.Decode(http, id, "id"), http.RequestAborted) ?? throw new SessionNotFoundException();
        var turn = session.LastTurn ?? throw new RequestException(
            "No usage is known: the session has no turn yet, its last one was not made through this API, or the provider did not count its tokens", 404);
        var length = configured.FindContextLength(session.ChosenModel);
        return JsonAnswer.Of(new SessionRuntime(
            session.Id, turn.Model ?? session.ChosenModel ?? session.Model, configured.Provider, turn.ContextTokens,
            length, length is { } all ? Math.Round(100.0 * turn.ContextTokens / all, 1) : null));
    }

    /// <summary>Chooses the model of a session: the turns to come ask for it where their body names none, also after a restart.</summary>
    /// <remarks>
    /// The name of the agent, <c>hermes-agent</c>, gives the choice back to it. One agent asks one provider: another than the configured one is refused.
    /// <c>model_options</c> are taken, and change nothing: the settings of the agent are the server's.
    /// </remarks>
    /// <param name="id">The session's id, whole.</param>
    /// <response code="200">The choice is stored.</response>
    /// <response code="400">The body cannot be understood, there is no such model, the provider is another, or the home's file has no place for it. Nothing was changed.</response>
    internal static async Task<JsonAnswer> LockModel(
        HttpContext http, SessionStore sessions, ModelChoice models, ModelDirectory configured, ProviderResolver resolver, string id)
    {
        var fields = await RequestBody.ReadObjectAsync(http);
        var asked = fields.FindTrimmed("model") ?? fields.FindTrimmed("model_id") ?? "";
        if (asked.Length is 0 or > MaxNameLength || asked.Any(char.IsControl))
            throw new RequestException($"'model' must be the name of a model, of at most {MaxNameLength} characters", param: "model");

        var provider = fields.FindTrimmed("provider");
        if (fields.FindField("model_options") is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) })
            throw new RequestException("'model_options' must be an object", param: "model_options");

        var sessionId = RouteText.Decode(http, id, "id");
        _ = await sessions.FindExactAsync(sessionId, http.RequestAborted) ?? throw new SessionNotFoundException();
        if (provider is not null && !configured.IsProvider(provider))
            throw new RequestException(TryFind(resolver, provider).Problem ?? OtherProvider, param: "provider");

        var chosen = await models.CheckAsync(http, asked);
        _ = await sessions.UpdateAsync(sessionId, new SessionChange { Model = chosen ?? "" }, http.RequestAborted) ?? throw new SessionNotFoundException();
        return JsonAnswer.Of(new SessionModelLock("hermes.session.model_lock", sessionId, new LockedModel(
            configured.Provider, chosen ?? configured.Model ?? ChatCompletionRequest.AgentName, RouteSource: "session", new RequestedModel(provider, asked), ModelLock: "accepted")));
    }

    private static ModelObject Describe(string name, TimeProvider time) =>
        new(name, "model", time.GetUtcNow().ToUnixTimeSeconds(), "hermes", Permission: [], Root: name, Parent: null);

    // Whether the provider is configured, and what is wrong with it where it is not; both are nothing where config.yaml does not name it.
    private static (bool IsFound, string? Problem) TryFind(ProviderResolver resolver, string? provider)
    {
        try
        {
            return (resolver.Find(provider: provider) is not null, null);
        }
        catch (ProviderConfigurationException exception)
        {
            return (false, exception.Message);
        }
    }
}
