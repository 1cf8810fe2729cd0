using Microsoft.AspNetCore.Http;

namespace Hermes.Core.Http.Json;

/// <summary>Lets a client that polls learn with 304 that nothing changed.</summary>
internal static class EntityTag
{
    /// <summary>Puts the stamp on the answer as its <c>ETag</c>, and answers 304 to a client that has this state already.</summary>
    /// <param name="http">The request.</param>
    /// <param name="stamp">Letters and digits that are others whenever the answer is another.</param>
    /// <returns>Whether the request is answered.</returns>
    public static bool Answer(HttpContext http, string stamp)
    {
        var tag = $"\"{stamp}\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "private, no-cache";
        if (!Matches(http.Request.Headers.IfNoneMatch, tag))
        {
            return false;
        }

        http.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    private static bool Matches(Microsoft.Extensions.Primitives.StringValues ifNoneMatch, string tag)
    {
        foreach (var header in ifNoneMatch)
        {
            foreach (var range in header.AsSpan().Split(','))
            {
                // Proxies that compress weaken a tag; for If-None-Match a weak one is as good.
                var known = header.AsSpan(range).Trim();
                known = known.StartsWith("W/") ? known[2..] : known;
                if (known.SequenceEqual(tag) || known is "*")
                {
                    return true;
                }
            }
        }

        return false;
    }
}
