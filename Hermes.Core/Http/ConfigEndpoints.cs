using Hermes.Core.Configuration;
using Hermes.Core.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hermes.Core.Http;

internal static class ConfigEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/api/config", HermesRoutes.Reading, GetConfig)
            .WithTags("Config")
            .Produces<ConfigSections>().ProducesErrors(500);

    /// <summary>Gets the sections of config.yaml that are safe to show, with every secret removed.</summary>
    /// <response code="200">The sections that the file has. Where an API key was removed, has_api_key stands.</response>
    /// <response code="500">The file cannot be read; the text says at which line and column.</response>
    internal static JsonBytes GetConfig(SafeConfig config)
    {
        var json = config.ReadJson();
        return new JsonBytes(StatusCodes.Status200OK, json.Body) { Tag = json.Stamp };
    }
}
