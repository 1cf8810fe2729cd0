using System.Collections.Frozen;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Hermes.Core.Http.Security;

/// <summary>What pages of other origins may do, and the headers that tell their browsers.</summary>
/// <remarks>The framework's service writes them. It is one of our own: the application's CORS, where it has any, is not touched. Safe for use from any thread.</remarks>
/// <param name="origins">The listed origins, as the owner wrote them.</param>
internal sealed class CrossOrigin(IEnumerable<string> origins)
{
    /// <summary>Stands for every origin.</summary>
    public const string Any = "*";

    // OpenAI's SDK for browsers describes itself in headers of this kind, and each of its versions has other ones.
    private const string SdkHeaderPrefix = "x-stainless-";
    private const int MaxSdkHeaders = 32;
    private readonly CorsService _cors = new(Options.Create(new CorsOptions()), NullLoggerFactory.Instance);
    private readonly CorsPolicy _listed = NewPolicy().SetIsOriginAllowed(_ => true).Build();
    private readonly CorsPolicy _any = NewPolicy().AllowAnyOrigin().Build();
    private readonly FrozenSet<string> _origins = origins.Select(Normalize).OfType<string>().ToFrozenSet(StringComparer.Ordinal);
    private readonly bool _isAnyListed = origins.Contains(Any);

    /// <summary>Whose page asks: one of the site that serves the API, or none at all; one of an origin that may call; any other.</summary>
    internal enum Page { Own, Listed, Foreign }

    /// <summary>Whether any origin may call, or some.</summary>
    public bool IsAnyAdmitted => _isAnyListed || _origins.Count > 0;

    /// <summary>Whether pages of any origin at all are to be admitted without anything that they cannot have.</summary>
    /// <remarks>A policy of the application's may ask for a cookie, which a browser sends along for every page; a key it does not.</remarks>
    public bool IsAnyOriginUnsafe(EndpointAccess access) => _isAnyListed && !access.AsksKey;

    /// <summary>Tells whether the page that asks may, and writes the headers that say so. To an open endpoint no policy admits every page.</summary>
    public async ValueTask<Page> AdmitAsync(HttpContext http, Endpoint endpoint, EndpointAccess access, bool isOpen)
    {
        var origin = http.Request.Headers.Origin.ToString();

        // Where the application gave the endpoints a CORS policy of its own, that one counts, and its middleware writes the headers.
        var cors = endpoint.Metadata.GetMetadata<ICorsMetadata>();
        if (cors is null && IsAnyAdmitted)
            http.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Origin);

        if (origin.Length == 0) return Page.Own;

        var isListed = _origins.Contains(origin);
        if (!(cors is null ? isListed || (_isAnyListed && access.AsksKey) : await IsAllowedAsync(http, cors, origin, isOpen)))
            return IsOwnSite(http.Request, origin) ? Page.Own : Page.Foreign;

        if (cors is null)
        {
            var result = _cors.EvaluatePolicy(http, isListed ? _listed : _any);
            result.VaryByOrigin = false;
            foreach (var header in SdkHeaders(http.Request))
                result.AllowedHeaders.Add(header);

            _cors.ApplyResult(result, http.Response);
        }

        return Page.Listed;
    }

    /// <summary>Brings an origin that a person wrote to a browser's form: lower case, no default port, no slash at the end, names in ASCII.</summary>
    /// <returns>Null where it is no origin, or <see cref="Any"/>.</returns>
    public static string? Normalize(string text)
    {
        // Other schemes than http are fine: browser extensions and apps have their own.
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri) || uri.Host.Contains('*')) return null;
        if (uri is not { PathAndQuery: "/" or "", Fragment: "", UserInfo: "", IdnHost: not "" }) return null;

        var host = uri.HostNameType is UriHostNameType.IPv6 ? uri.Host : uri.IdnHost.ToLowerInvariant();
        return string.Create(CultureInfo.InvariantCulture, $"{uri.Scheme}://{host}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}");
    }

    /// <summary>Whether the request is no page's, or one of this site's. Browsers alone send the header, also where they name no origin.</summary>
    public static bool IsOwnPage(HttpRequest request) => SiteOf(request) is "" or "same-origin" or "none";

    private static string SiteOf(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString();

    // A page of the very site that serves the API, which browsers name on writes. The browser says so itself, also behind a proxy that
    // changes the scheme or the host.
    private static bool IsOwnSite(HttpRequest request, string origin) =>
        SiteOf(request) is "same-origin" || origin.Equals($"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);

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

    private static CorsPolicyBuilder NewPolicy() => new CorsPolicyBuilder()
        .WithMethods("GET", "POST", "PATCH", "DELETE", "OPTIONS")
        .WithHeaders(
            "Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "Last-Event-ID", "X-Hermes-Session-Id", "X-Hermes-Session-Key",
            "User-Agent", "OpenAI-Organization", "OpenAI-Project", "OpenAI-Beta")
        .WithExposedHeaders("ETag", "Retry-After", "X-Hermes-Session-Id", "X-Hermes-Session-Key", "X-Hermes-Run-Id", "Idempotency-Replayed")
        .SetPreflightMaxAge(TimeSpan.FromMinutes(10));

    private static IEnumerable<string> SdkHeaders(HttpRequest request) =>
        request.Headers.GetCommaSeparatedValues(HeaderNames.AccessControlRequestHeaders)
            .Where(name => name.StartsWith(SdkHeaderPrefix, StringComparison.OrdinalIgnoreCase) && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '-'))
            .Take(MaxSdkHeaders);
}
