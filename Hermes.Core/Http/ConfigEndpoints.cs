using Microsoft.AspNetCore.Routing;

namespace Hermes.Core.Http;

internal static class ConfigEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
    }
}
