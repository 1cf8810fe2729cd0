using Microsoft.Net.Http.Headers;

namespace Hermes.Core.Http.Wire;

/// <summary>Lets a client that polls learn with 304 that nothing changed. A tag is letters, digits and hyphens.</summary>
internal static class EntityTag
{
    /// <summary>Whether the client has the state that the tag stands for. The answer is there: <c>*</c> stands for any state of it.</summary>
    public static bool IsKnown(HttpRequest request, string tag) => IsAmong(request, tag, orAny: true);

    /// <summary>Whether the client names the tag.</summary>
    public static bool IsNamed(HttpRequest request, string tag) => IsAmong(request, tag, orAny: false);

    /// <summary>Says on an answer which state it shows, and that it is to be asked for again before it is used again.</summary>
    public static void Write(HttpResponse response, string tag)
    {
        response.Headers.ETag = $"\"{tag}\"";
        response.Headers.CacheControl = "private, no-cache";
    }

    // Proxies that compress weaken a tag; for If-None-Match a weak one is as good.
    private static bool IsAmong(HttpRequest request, string tag, bool orAny) =>
        request.Headers.IfNoneMatch is { Count: > 0 } header && EntityTagHeaderValue.TryParseList(header, out var known)
        && known.Any(one => one.Equals(EntityTagHeaderValue.Any) ? orAny : IsSame(one.Tag.AsSpan().Trim('"'), tag));

    // Apache appends the name of a compression inside the quotes, and gives the tag back to us so: what it stands for is the same.
    private static bool IsSame(ReadOnlySpan<char> known, string tag) =>
        known.StartsWith(tag, StringComparison.Ordinal) && known[tag.Length..] is "" or "-gzip" or "-br" or "-zstd";
}
