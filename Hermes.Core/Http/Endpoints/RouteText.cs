using Hermes.Core.Http.Wire;
using Microsoft.AspNetCore.Http.Features;

namespace Hermes.Core.Http.Endpoints;

/// <summary>Reads the text that a path names, such as a session's id, out of the value that routing took for it.</summary>
/// <remarks>The route's value alone says what a request acts on: rewriting made it, and authorization saw it. The request line may say something else.</remarks>
internal static class RouteText
{
    private const string EscapedSlash = "%2F";

    /// <summary>The text with its slashes, which are all that the server leaves escaped, so that segments stay apart.</summary>
    public static string Decode(HttpContext http, string routeValue, string parameter)
    {
        // Clients and servers alike take these out of a path before anybody else sees it; one that is left was put there by a rewrite.
        if (routeValue is "." or "..")
            throw new RequestException($"'{parameter}' must not be '.' or '..': in a path these are folders", param: parameter);

        // The value is the same for "a/b" and for a text that has "%2F" in it, which an honest client escapes once more. No new session may have
        // such an id; of an older one, acting on "a/b" instead could delete what nobody meant. The request line only ever refuses here.
        return routeValue.Contains(EscapedSlash, StringComparison.OrdinalIgnoreCase)
            && http.Features.Get<IHttpRequestFeature>()?.RawTarget.Contains("%252F", StringComparison.OrdinalIgnoreCase) is true
            ? throw new RequestException($"'{parameter}' cannot be named in a path: it has the text {EscapedSlash}, which stands for a slash there", param: parameter)
            : routeValue.Replace(EscapedSlash, "/", StringComparison.OrdinalIgnoreCase);
    }
}
