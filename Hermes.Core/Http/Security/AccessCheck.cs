using Hermes.Core.Diagnostics;
using Hermes.Core.Http.Wire;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Hermes.Core.Http.Security;

/// <summary>Checks between routing and authentication: exact paths, origins, hosts and body sizes; and the headers that every answer carries.</summary>
/// <remarks>A matcher policy runs there for our endpoints alone; a middleware would touch the application's other routes as well.</remarks>
internal sealed class AccessCheck(AccessRules rules, ILogger<AccessCheck> logger) : MatcherPolicy, IEndpointSelectorPolicy
{
    /// <summary>So many refused origins, and so many hosts, are told until the application starts again.</summary>
    internal const int MaxTold = 100;
    private const int MaxToldLength = 200;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _toldOrigins = new(StringComparer.Ordinal);
    private readonly HashSet<string> _toldHosts = new(StringComparer.OrdinalIgnoreCase);

    // The last of all: what is valid now is chosen.
    public override int Order => int.MaxValue;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) =>
        endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<HermesEndpoint>() is not null);

    public async Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        // Candidates are sorted: the first that is valid is chosen.
        var isChosen = false;
        for (var index = 0; index < candidates.Count; index++)
        {
            if (!candidates.IsValidCandidate(index)) continue;

            if (candidates[index].Endpoint is not RouteEndpoint endpoint || endpoint.Metadata.GetMetadata<HermesEndpoint>() is not { } hermes)
            {
                isChosen = true;
            }
            else if (!IsExact(httpContext.Request.Path, endpoint.RoutePattern.PathSegments) || IsClaimed(endpoint, candidates))
            {
                candidates.SetValidity(index, false);
            }
            else if (!isChosen)
            {
                isChosen = true;
                if (await RefuseAsync(httpContext, endpoint, hermes) is not { } answer) continue;

                var refusal = new Endpoint(
                    answer.ExecuteAsync, new EndpointMetadataCollection(new AllowAnonymousAttribute()), $"Hermes: refused {endpoint.DisplayName}");
                candidates.ReplaceEndpoint(index, refusal, candidates[index].Values);
            }
        }
    }

    // ASP.NET Core matches paths in any case and with a slash at the end; the reference does neither.
    private static bool IsExact(PathString path, IReadOnlyList<RoutePatternPathSegment> segments)
    {
        if (segments is not [.., { Parts: [RoutePatternLiteralPart or RoutePatternParameterPart { IsCatchAll: false }] }]) return true;

        // From the end, so that a path base does not matter.
        var rest = path.Value.AsSpan();
        for (var index = segments.Count - 1; index >= 0; index--)
        {
            var slash = rest.LastIndexOf('/');
            var name = rest[(slash + 1)..];
            var isSame = segments[index].Parts is [RoutePatternLiteralPart literal] ? name.SequenceEqual(literal.Content) : name.Length > 0 || index < segments.Count - 1;
            if (slash < 0 || !isSame) return false;

            rest = rest[..slash];
        }

        return true;
    }

    // A path that the application serves itself, as its /health, stays the application's.
    private static bool IsClaimed(RouteEndpoint endpoint, CandidateSet candidates) => candidates.Count > 1 && Enumerable.Range(0, candidates.Count).Any(index =>
        candidates.IsValidCandidate(index) && candidates[index].Endpoint is RouteEndpoint other && other.Metadata.GetMetadata<HermesEndpoint>() is null
        && other.Order <= endpoint.Order && other.RoutePattern.InboundPrecedence == endpoint.RoutePattern.InboundPrecedence);

    // What the request is answered instead of what it asks for; null where it may go on.
    private async ValueTask<JsonAnswer?> RefuseAsync(HttpContext http, RouteEndpoint endpoint, HermesEndpoint hermes)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";

        var access = endpoint.Metadata.GetRequiredMetadata<EndpointAccess>();
        var page = await rules.Origins.AdmitAsync(http, endpoint, access, isOpen: rules.IsOpen(access));
        if (page is CrossOrigin.Page.Foreign)
        {
            TellOrigin(http.Request);
            return Errors.ForeignOrigin;
        }

        return FindProblem(http, access, page) is { } problem ? Errors.Create(hermes.ErrorShape, StatusCodes.Status403Forbidden, problem)
            : http.Request.ContentLength > hermes.BodyLimit ? Errors.BodyTooLarge
            : null;
    }

    private string? FindProblem(HttpContext http, EndpointAccess access, CrossOrigin.Page page)
    {
        if (rules.IsLoopbackOnly(access) && !AccessRules.IsLoopback(http.Connection))
            return $"Without a key of at least {HermesApiOptions.MinimumRemoteKeyLength} characters the API is served to this machine alone. Set one (Hermes:Api:Key).";

        if (!rules.IsOpen(access)) return null;

        var isOwnName = rules.IsOwnName(http.Request);
        if (!isOwnName && IsToBeTold(_toldHosts, http.Request.Host.Host))
            logger.HostRefused(http.Request.Host.Host);

        return !isOwnName
                ? "Without a key the API is served to this machine alone. Set a key (Hermes:Api:Key), or add the host name to Hermes:Api:AllowedHosts."
            : AccessRules.IsForwarded(http.Request)
                ? "The request came through a proxy, so nothing says that it comes from this machine. Set a key (Hermes:Api:Key), which an API behind a proxy needs."
            : page is not CrossOrigin.Page.Listed && !CrossOrigin.IsOwnPage(http.Request)
                ? "A page of another site asked for this. Set a key (Hermes:Api:Key), or list the site's origin in Hermes:Api:CorsOrigins."
            : null;
    }

    // Browsers show nothing but 403: the log tells the owner which setting admits the page.
    private void TellOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (!IsToBeTold(_toldOrigins, origin)) return;

        // The page is this server's own, and the proxy that ends TLS before it does not say so.
        if (!request.IsHttps && origin.Equals($"https://{request.Host.Value}", StringComparison.OrdinalIgnoreCase))
            logger.ProxyHidesTls(origin);
        else if (CrossOrigin.Normalize(origin) is null)
            logger.OriginCannotBeListed(origin);
        else
            logger.OriginRefused(origin);
    }

    // Each value once, and some at most, for whoever sends requests chooses it. What is no printable ASCII has no place in a log.
    private bool IsToBeTold(HashSet<string> told, string value)
    {
        if (value.Length is 0 or > MaxToldLength || value.AsSpan().ContainsAnyExceptInRange('!', '~')) return false;

        lock (_lock)
        {
            return told.Count < MaxTold && told.Add(value);
        }
    }
}
