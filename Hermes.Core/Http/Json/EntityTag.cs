using Microsoft.AspNetCore.Http;

namespace Hermes.Core.Http.Json;

/// <summary>Lets a client that polls learn with 304 that nothing changed. A tag is letters, digits and hyphens that are others whenever the answer is.</summary>
internal static class EntityTag
{
    /// <summary>Whether the client has the state that the tag stands for. The answer is there: <c>*</c> stands for any state of it.</summary>
    public static bool IsKnown(HttpRequest request, string tag) => IsNamed(request, tag) || request.Headers.IfNoneMatch is ["*"];

    /// <summary>Whether the client names the tag.</summary>
    public static bool IsNamed(HttpRequest request, string tag)
    {
        foreach (var header in request.Headers.IfNoneMatch)
        {
            foreach (var range in header.AsSpan().Split(','))
            {
                // Proxies that compress weaken a tag; for If-None-Match a weak one is as good.
                var known = header.AsSpan(range).Trim();
                known = known.StartsWith("W/") ? known[2..] : known;
                if (known is ['"', .. var text, '"'] && text.StartsWith(tag, StringComparison.Ordinal) && IsCompression(text[tag.Length..]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Says on an answer which state it shows, and that it is to be asked for again before it is used again.</summary>
    public static void Write(HttpResponse response, string tag)
    {
        response.Headers.ETag = $"\"{tag}\"";
        response.Headers.CacheControl = "private, no-cache";
    }

    /// <summary>The answer to a client that has the state.</summary>
    public static IResult NotModified(string tag) => new Unchanged(tag);

    // Apache appends the name of a compression inside the quotes, and gives the tag back to us so: what it stands for is the same.
    private static bool IsCompression(ReadOnlySpan<char> suffix) => suffix is "" or "-gzip" or "-br" or "-zstd";

    private sealed class Unchanged(string tag) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            Write(httpContext.Response, tag);
            httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
    }
}
