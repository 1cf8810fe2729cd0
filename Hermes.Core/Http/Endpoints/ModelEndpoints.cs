using Hermes.Core.Http.OpenApi;
using Hermes.Core.Http.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hermes.Core.Http.Endpoints;

internal static class ModelEndpoints
{
    /// <summary>The name of the agent, whatever model answers behind it.</summary>
    public const string ModelName = "hermes-agent";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var routes = endpoints.MapGroup("").WithTags("Chat").NamesId("model_id");
        routes.MapMethods("/v1/models", HermesRoutes.Reading, ListModels)
            .Named("models")
            .Produces<ModelList>().ProducesOpenAIErrors();
        routes.MapMethods("/v1/models/{id}", HermesRoutes.Reading, GetModel)
            .Named("model")
            .Produces<ModelObject>().ProducesOpenAIErrors(400, 404);
    }

    /// <summary>Lists what chat can be asked for: the agent and, where clients may choose the model, those of the configured provider.</summary>
    /// <response code="200">The list.</response>
    internal static async Task<JsonAnswer> ListModels(HttpContext http, ModelChoice models, TimeProvider time) =>
        JsonAnswer.Of(new ModelList("list", [.. (await models.ListAsync(http.RequestAborted)).Select(name => Describe(name, time))]));

    /// <summary>Gets one of the models.</summary>
    /// <param name="http">The request.</param>
    /// <param name="models">The models.</param>
    /// <param name="time">The clock.</param>
    /// <param name="id">The model's id, percent-encoded where it has a slash.</param>
    /// <response code="200">The model.</response>
    /// <response code="404">There is none of this id.</response>
    internal static async Task<JsonAnswer> GetModel(HttpContext http, ModelChoice models, TimeProvider time, string id)
    {
        var name = RouteText.Decode(http, id, "id");
        return (await models.ListAsync(http.RequestAborted)).Contains(name) ? JsonAnswer.Of(Describe(name, time)) : throw ModelChoice.NotFound(http);
    }

    private static ModelObject Describe(string name, TimeProvider time) =>
        new(name, "model", time.GetUtcNow().ToUnixTimeSeconds(), "hermes", Permission: [], Root: name, Parent: null);
}
