using System.Text.Json;
using Hermes.Core.Http.Json;
using Hermes.Core.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hermes.Core.Http;

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
    internal static JsonBytes ListModels(TimeProvider time) => new(StatusCodes.Status200OK, Utf8Json.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        Write(json, time);
        json.WriteEndArray();
        json.WriteEndObject();
    }));

    /// <summary>Gets one of the models.</summary>
    /// <param name="http">The request.</param>
    /// <param name="time">The clock.</param>
    /// <param name="id">The model's id, percent-encoded where it has a slash.</param>
    /// <response code="200">The model.</response>
    /// <response code="404">There is none of this id.</response>
    internal static JsonBytes GetModel(HttpContext http, TimeProvider time, string id) =>
        RouteText.Decode(http, id, "id") is ModelName
            ? new JsonBytes(StatusCodes.Status200OK, Utf8Json.Write(json => Write(json, time)))
            : Errors.Create(
                ErrorShape.OpenAI, StatusCodes.Status404NotFound, $"There is no such model. '{ModelName}' is the one to ask for.", param: "model", code: "model_not_found");

    private static void Write(Utf8JsonWriter json, TimeProvider time)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, ModelName);
        json.WriteString("object"u8, "model"u8);
        json.WriteNumber("created"u8, time.GetUtcNow().ToUnixTimeSeconds());
        json.WriteString("owned_by"u8, "hermes"u8);
        json.WriteStartArray("permission"u8);
        json.WriteEndArray();
        json.WriteString("root"u8, ModelName);
        json.WriteNull("parent"u8);
        json.WriteEndObject();
    }
}
