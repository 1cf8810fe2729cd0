using Hermes.Core.Http.Json;
using Hermes.Core.Memory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hermes.Core.Http;

internal static class MemoryEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/api/memory", HermesRoutes.Reading, GetMemory)
            .WithTags("Memory")
            .Produces<MemoryFiles>().ProducesErrors(500);

    /// <summary>Gets the agent's memory files as they are. Only files that exist are in the answer.</summary>
    /// <response code="200">The texts, with line ends as \n.</response>
    /// <response code="500">A file exists but cannot be read; the text says which.</response>
    internal static async Task<JsonBytes> GetMemory(HttpContext http, MemoryReader memory)
    {
        var snapshot = await memory.ReadAsync(http.RequestAborted);
        return new JsonBytes(StatusCodes.Status200OK, snapshot.Json) { Tag = snapshot.Stamp };
    }
}
