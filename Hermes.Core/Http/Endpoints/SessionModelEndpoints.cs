using Hermes.Core.Configuration;
using Hermes.Core.Http.OpenAI;
using Hermes.Core.Http.OpenApi;
using Hermes.Core.Http.Wire;
using Hermes.Core.Sessions;

namespace Hermes.Core.Http.Endpoints;

internal static class SessionModelEndpoints
{
    private const int MaxModelLength = 256;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var routes = endpoints.MapGroup("").WithTags("Sessions").NamesId("session_id");
        routes.MapMethods("/api/sessions/{id}/runtime", HermesRoutes.Reading, GetRuntime)
            .Named("session_runtime")
            .Produces<SessionRuntime>().ProducesErrors(400, 404, 503);
        routes.MapMethods("/api/sessions/{id}/model", HermesRoutes.Post, LockModel)
            .Named("session_model_lock")
            .Behind(WriteSwitch.Model).AcceptsJson<LockSessionModel>().Produces<SessionModelLock>().ProducesErrors(400, 403, 404, 413, 415, 503);
    }

    /// <summary>Says which model answered in a session last, and how much of its context the conversation takes.</summary>
    /// <param name="http">The request.</param>
    /// <param name="sessions">The store.</param>
    /// <param name="configured">What config.yaml says of models.</param>
    /// <param name="id">The session's id, or the start of it.</param>
    /// <response code="200">As the last turn through this API used it.</response>
    /// <response code="404">There is no such session, or no usage of its last turn is known; the text says which.</response>
    internal static async Task<JsonAnswer> GetRuntime(HttpContext http, SessionStore sessions, ModelDirectory configured, string id)
    {
        var session = await sessions.FindAsync(RouteText.Decode(http, id, "id"), http.RequestAborted) ?? throw new SessionNotFoundException();
        if (session.LastTurn is not { } turn)
        {
            throw new RequestException(
                "No usage is known: the session has no turn yet, its last one was not made through this API, or the provider did not count its tokens",
                StatusCodes.Status404NotFound);
        }

        var length = configured.FindContextLength(session.ChosenModel);
        return JsonAnswer.Of(new SessionRuntime(
            session.Id, turn.Model ?? session.ChosenModel ?? session.Model, configured.Provider, turn.ContextTokens,
            length,
            length is { } all ? Math.Round(100.0 * turn.ContextTokens / all, 1) : null));
    }

    /// <summary>Chooses the model of a session: the turns to come ask for it where their body names none, also after a restart.</summary>
    /// <remarks>
    /// The name of the agent, <c>hermes-agent</c>, gives the choice back to it. One agent asks one provider: another than the configured one is refused.
    /// <c>model_options</c> are taken, and change nothing: the settings of the agent are the server's.
    /// </remarks>
    /// <param name="http">The request.</param>
    /// <param name="sessions">The store.</param>
    /// <param name="models">The models.</param>
    /// <param name="configured">What config.yaml says of models.</param>
    /// <param name="resolver">The providers.</param>
    /// <param name="id">The session's id, whole.</param>
    /// <response code="200">The choice is stored.</response>
    /// <response code="400">The body cannot be understood, there is no such model, the provider is another, or the home's file has no place for it. Nothing was changed.</response>
    internal static async Task<JsonAnswer> LockModel(
        HttpContext http, SessionStore sessions, ModelChoice models, ModelDirectory configured, ProviderResolver resolver, string id)
    {
        using var body = await RequestBody.ReadObjectAsync(http);
        var fields = body?.RootElement ?? default;
        var asked = (fields.FindText("model")?.Trim() is { Length: > 0 } model ? model : fields.FindText("model_id")?.Trim()) ?? "";
        if (asked.Length is 0 or > MaxModelLength || asked.Any(char.IsControl))
            throw new RequestException($"'model' must be the name of a model, of at most {MaxModelLength} characters", param: "model");

        var provider = fields.FindText("provider")?.Trim() is { Length: > 0 } given ? given : null;
        if (fields.Has("model_options") && fields.GetProperty("model_options").ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
            throw new RequestException("'model_options' must be an object", param: "model_options");

        var sessionId = RouteText.Decode(http, id, "id");
        _ = await sessions.FindExactAsync(sessionId, http.RequestAborted) ?? throw new SessionNotFoundException();
        CheckProvider(provider, configured, resolver);
        var chosen = await models.CheckAsync(http, asked);
        _ = await sessions.UpdateAsync(sessionId, new SessionChange { Model = chosen ?? "" }, http.RequestAborted) ?? throw new SessionNotFoundException();
        return JsonAnswer.Of(new SessionModelLock("hermes.session.model_lock", sessionId, new LockedModel(
            configured.Provider, chosen ?? configured.Model ?? ChatCompletionRequest.AgentName, RouteSource: "session", new RequestedModel(provider, asked), ModelLock: "accepted")));
    }

    private static void CheckProvider(string? provider, ModelDirectory configured, ProviderResolver resolver)
    {
        if (provider is null || configured.IsProvider(provider))
            return;

        try
        {
            _ = resolver.Find(provider: provider);
        }
        catch (ProviderConfigurationException exception)
        {
            throw new RequestException(exception.Message, param: "provider");
        }

        throw new RequestException(
            "The turns of this server ask the provider that is configured for all of them, and this is another. Leave 'provider' out to choose among the models of that one",
            param: "provider");
    }
}
