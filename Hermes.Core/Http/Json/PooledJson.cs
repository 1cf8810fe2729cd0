using Hermes.Core.Rendering;
using Microsoft.AspNetCore.Http;

namespace Hermes.Core.Http.Json;

/// <summary>An answer of 200 whose JSON lies in pooled memory, which is let go once it is sent.</summary>
/// <param name="body">The JSON. The result disposes it.</param>
/// <param name="tag">See <see cref="JsonBytes.Tag"/>.</param>
internal sealed class PooledJson(SharedBuffer body, string? tag) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (body)
        {
            await new JsonBytes(StatusCodes.Status200OK, body.Bytes) { Tag = tag }.ExecuteAsync(httpContext);
        }
    }
}
