using System.Globalization;
using System.Text;
using Hermes.Core.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hermes.Core.Http;

internal static class ModelEndpoints
{
    /// <summary>The one model that clients see: the agent, whatever answers behind it.</summary>
    public const string ModelName = "hermes-agent";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/v1/models", HermesRoutes.Reading, ListModels)
            .WithTags("Chat")
            .Produces<ModelList>().ProducesOpenAIErrors();

    /// <summary>Lists the models that chat can be asked for: the agent alone.</summary>
    /// <response code="200">The list.</response>
    internal static JsonBytes ListModels(TimeProvider time) => new JsonBytes(StatusCodes.Status200OK, Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture,
            $$"""{"object":"list","data":[{"id":"{{ModelName}}","object":"model","created":{{time.GetUtcNow().ToUnixTimeSeconds()}},"owned_by":"hermes","permission":[],"root":"{{ModelName}}","parent":null}]}""")));
}
