using System.Text.Json;
using Hermes.Core.Http.OpenApi;
using Hermes.Core.Http.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hermes.Core.Http.Endpoints;

internal static class ModelEndpoints
{
    /// <summary>The one model that clients see: the agent, whatever answers behind it.</summary>
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

    /// <summary>Lists the models that chat can be asked for: the agent alone.</summary>
    /// <response code="200">The list.</response>
    internal static JsonAnswer ListModels(TimeProvider time) => JsonAnswer.Of(new ModelList("list", [Agent(time)]));

    /// <summary>Gets one of the models.</summary>
    /// <param name="http">The request.</param>
    /// <param name="time">The clock.</param>
    /// <param name="id">The model's id, percent-encoded where it has a slash.</param>
    /// <response code="200">The model.</response>
    /// <response code="404">There is none of this id.</response>
    internal static JsonAnswer GetModel(HttpContext http, TimeProvider time, string id) =>
        RouteText.Decode(http, id, "id") is ModelName
            ? JsonAnswer.Of(Agent(time))
            : Errors.Create(
                ErrorShape.OpenAI, StatusCodes.Status404NotFound, $"There is no such model. '{ModelName}' is the one to ask for.", param: "model", code: "model_not_found");

    private static ModelObject Agent(TimeProvider time) =>
        new(ModelName, "model", time.GetUtcNow().ToUnixTimeSeconds(), "hermes", Permission: [], Root: ModelName, Parent: null);
}
