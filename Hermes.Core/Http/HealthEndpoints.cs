using Hermes.Core.Http.Json;
using Hermes.Core.Http.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hermes.Core.Http;

internal static class HealthEndpoints
{
    private static readonly IResult Ok = new JsonBytes(StatusCodes.Status200OK, """{"status":"ok","platform":"hermes-agent"}"""u8.ToArray());

    public static void Map(IEndpointRouteBuilder routes, string pattern) =>
        routes.MapMethods(pattern, HermesRoutes.Reading, GetHealth)
            .WithTags("Health")
            .Produces<Health>()
            .Open();

    /// <summary>Says that the server answers. Needs no key.</summary>
    /// <response code="200">It does.</response>
    internal static IResult GetHealth() => Ok;
}
