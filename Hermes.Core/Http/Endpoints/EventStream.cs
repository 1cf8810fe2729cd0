using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hermes.Core.Http.Endpoints;

/// <summary>An answer of server-sent events.</summary>
internal static class EventStream
{
    public const string ContentType = "text/event-stream";

    /// <summary>Sets the headers, and sees to it that nothing between us and the client holds events back.</summary>
    public static void Begin(HttpResponse response)
    {
        response.ContentType = ContentType;

        // What nginx asks for; other proxies leave event streams alone.
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }
}
