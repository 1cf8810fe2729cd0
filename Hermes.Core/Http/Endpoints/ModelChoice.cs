using Hermes.Core.Chat;
using Hermes.Core.Configuration;
using Hermes.Core.Http.Wire;
using static Hermes.Core.Http.OpenAI.ChatCompletionRequest;

namespace Hermes.Core.Http.Endpoints;

/// <summary>Which models clients may choose, where they may: the one rule for bodies of chat, for sessions and for the list.</summary>
/// <remarks>Those of the configured provider. Where nobody knows its list, it is asked for whatever the client names. Safe for use from any thread.</remarks>
internal sealed class ModelChoice(ModelDirectory directory, HermesChatOptions options)
{
    /// <summary>The model to ask the agent for, of what a body names; null for the session's, or the agent's own: also where clients may not choose.</summary>
    public async Task<string?> CheckAsync(HttpContext http, string? asked)
    {
        asked = asked?.Trim();
        if (!options.AllowModelChoice || asked is null or "" or AgentName) return null;

        return await directory.MayHaveAsync(asked, http.RequestAborted) ? asked : throw NotFound(http);
    }

    /// <summary>All that can be asked for: the agent, and the models that may be chosen.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        [AgentName, .. options.AllowModelChoice ? (await directory.ListNamesAsync(cancellationToken)).Where(name => name != AgentName) : []];

    /// <summary>There is no model of a name: 404 as OpenAI has it; below <c>/api</c>, where 404 says that there is no such session, 400.</summary>
    public static RequestException NotFound(HttpContext http) => new(
        "There is no such model. GET /v1/models lists those that can be asked for.",
        http.GetEndpoint()?.Metadata.GetMetadata<HermesEndpoint>()?.ErrorShape is ErrorShape.OpenAI ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest,
        param: "model", code: "model_not_found");
}
