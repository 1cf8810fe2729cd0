using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Hermes.Core.Http.Security;

/// <summary>What pages of other origins may do, and the headers that tell their browsers.</summary>
internal static class CrossOrigin
{
    private const string AllowedMethods = "GET, POST, PATCH, DELETE, OPTIONS";

    private const string ExposedHeaders = "ETag, Retry-After, X-Hermes-Session-Id, X-Hermes-Session-Key, X-Hermes-Run-Id, Idempotency-Replayed";

    // Those of this API, and what OpenAI's SDK for browsers sends beside them.
    private const string AllowedHeaders =
        "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, X-Hermes-Session-Id, X-Hermes-Session-Key, "
        + "User-Agent, OpenAI-Organization, OpenAI-Project, OpenAI-Beta";

    // The SDK describes itself in headers of this kind, and each of its versions has other ones.
    private const string SdkHeaderPrefix = "x-stainless-";

    private const int MaxSdkHeaders = 32;

    /// <summary>Tells whether the page that asks may, and writes the headers that say so.</summary>
    public static async ValueTask<OriginKind> AdmitAsync(HttpContext http, Endpoint endpoint, EndpointAccess access, AccessRules rules)
    {
        var request = http.Request;
        var origin = request.Headers.Origin.ToString();

        // Where the application gave the endpoints a CORS policy of its own, that one counts, and its middleware writes the headers.
        if (endpoint.Metadata.GetMetadata<ICorsMetadata>() is { } cors)
        {
            return origin.Length == 0 ? OriginKind.None
                : await IsAllowedAsync(http, cors, origin, rules.IsOpen(access)) ? OriginKind.Listed
                : Judge(origin, request);
        }

        if (rules.HasOrigins)
        {
            http.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        }

        if (origin.Length == 0)
        {
            return OriginKind.None;
        }

        if (rules.AllowedOrigin(origin, access) is not { } allowed)
        {
            return Judge(origin, request);
        }

        Write(http, allowed);
        return OriginKind.Listed;
    }

    /// <summary>Whether the request is no page's, or one of this site's. Browsers alone send the header, also where they name no origin.</summary>
    public static bool IsOwnPage(HttpRequest request) => SiteOf(request) is "" or "same-origin" or "none";

    private static string SiteOf(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString();

    // A page of the very site that serves the API is not another origin, though browsers name it on writes. The browser itself says so
    // as well, which still holds behind a proxy that changes the scheme or the host.
    private static OriginKind Judge(ReadOnlySpan<char> origin, HttpRequest request) =>
        SiteOf(request) is "same-origin"
        || (origin.StartsWith(request.Scheme, StringComparison.Ordinal)
            && origin[request.Scheme.Length..].StartsWith("://")
            && origin[(request.Scheme.Length + 3)..].Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase))
            ? OriginKind.Own
            : OriginKind.Foreign;

    private static async ValueTask<bool> IsAllowedAsync(HttpContext http, ICorsMetadata cors, string origin, bool isOpen)
    {
        var policy = cors switch
        {
            ICorsPolicyMetadata own => own.Policy,
            IEnableCorsAttribute named when http.RequestServices.GetService<ICorsPolicyProvider>() is { } policies => await policies.GetPolicyAsync(http, named.PolicyName),
            _ => null,
        };

        // Without a key, not even the application's word opens a home to every page of the web.
        return policy is not null && (policy.AllowAnyOrigin ? !isOpen : policy.IsOriginAllowed(origin));
    }

    private static void Write(HttpContext http, string allowed)
    {
        var headers = http.Response.Headers;
        headers.AccessControlAllowOrigin = allowed;
        headers.AccessControlAllowMethods = AllowedMethods;
        headers.AccessControlAllowHeaders = string.Join(", ", SdkHeaders(http.Request).Prepend(AllowedHeaders));
        headers.AccessControlExposeHeaders = ExposedHeaders;
        headers.AccessControlMaxAge = "600";
    }

    private static IEnumerable<string> SdkHeaders(HttpRequest request) =>
        request.Headers.GetCommaSeparatedValues(HeaderNames.AccessControlRequestHeaders)
            .Where(name => name.StartsWith(SdkHeaderPrefix, StringComparison.OrdinalIgnoreCase) && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '-'))
            .Take(MaxSdkHeaders);
}

/// <summary>Whose page asks.</summary>
internal enum OriginKind
{
    /// <summary>The request names no origin.</summary>
    None,

    /// <summary>A page of the site that serves the API.</summary>
    Own,

    /// <summary>A page of an origin that may call.</summary>
    Listed,

    /// <summary>Any other page.</summary>
    Foreign,
}
