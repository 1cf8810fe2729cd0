using Hermes.Core.Diagnostics;
using Hermes.Core.Http.Wire;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Hermes.Core.Http.Security;

/// <summary>
/// The checks that come after routing and before authentication: exact paths, origins, hosts and body sizes; and the headers
/// that every answer carries.
/// </summary>
/// <remarks>
/// A matcher policy because it is the one place that runs then, for our endpoints alone, without a middleware that
/// would touch the application's other routes. A refused request is given a refusing endpoint instead of the matched one.
/// </remarks>
internal sealed class AccessCheck(AccessRules rules, ILogger<AccessCheck> logger) : MatcherPolicy, IEndpointSelectorPolicy
{
    private readonly RefusalLog _refusals = new(logger);

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
            if (!candidates.IsValidCandidate(index))
                continue;

            if (candidates[index].Endpoint is not RouteEndpoint endpoint || endpoint.Metadata.GetMetadata<HermesEndpoint>() is not { } hermes)
            {
                isChosen = true;
            }
            else if (!IsExact(httpContext.Request.Path, endpoint) || IsClaimed(endpoint, candidates))
            {
                candidates.SetValidity(index, false);
            }
            else if (!isChosen)
            {
                isChosen = true;
                if (await RefuseAsync(httpContext, endpoint, hermes) is not { } answer)
                    continue;

                var refusal = new Endpoint(
                    answer.ExecuteAsync, new EndpointMetadataCollection(new AllowAnonymousAttribute()), $"Hermes: refused {endpoint.DisplayName}");
                candidates.ReplaceEndpoint(index, refusal, candidates[index].Values);
            }
        }
    }

    // ASP.NET Core matches paths in any case and with a slash at the end; the reference does neither.
    private static bool IsExact(PathString path, RouteEndpoint endpoint)
    {
        var text = path.Value.AsSpan();
        if (endpoint.RoutePattern.PathSegments is not [.., { Parts: [{ IsLiteral: true } or { IsParameter: true }] } last]
            || last.Parts[0] is RoutePatternParameterPart { IsCatchAll: true })
        {
            return true;
        }

        if (text.EndsWith("/"))
            return false;

        // From the end, so that a path base does not matter.
        for (var index = endpoint.RoutePattern.PathSegments.Count - 1; index >= 0; index--)
        {
            var slash = text.LastIndexOf('/');
            if (slash < 0)
                return false;

            if (endpoint.RoutePattern.PathSegments[index].Parts is [RoutePatternLiteralPart literal]
                && !text[(slash + 1)..].SequenceEqual(literal.Content))
            {
                return false;
            }

            text = text[..slash];
        }

        return true;
    }

    // A path that the application serves itself, as its /health, stays the application's.
    private static bool IsClaimed(RouteEndpoint endpoint, CandidateSet candidates)
    {
        for (var index = 0; index < candidates.Count; index++)
        {
            if (candidates.IsValidCandidate(index) && candidates[index].Endpoint is RouteEndpoint other
                && other.Metadata.GetMetadata<HermesEndpoint>() is null
                && other.Order <= endpoint.Order && other.RoutePattern.InboundPrecedence == endpoint.RoutePattern.InboundPrecedence)
            {
                return true;
            }
        }

        return false;
    }

    // What the request is answered instead of what it asks for; null where it may go on.
    private async ValueTask<IResult?> RefuseAsync(HttpContext http, RouteEndpoint endpoint, HermesEndpoint hermes)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";

        var access = endpoint.Metadata.GetRequiredMetadata<EndpointAccess>();
        var origin = await rules.Origins.AdmitAsync(http, endpoint, access, isOpen: rules.IsOpen(access));
        if (origin is OriginKind.Foreign)
        {
            _refusals.Origin(http.Request);
            return Errors.ForeignOrigin;
        }

        return FindProblem(http, access, origin) is { } problem ? Errors.Create(hermes.ErrorShape, StatusCodes.Status403Forbidden, problem)
            : http.Request.ContentLength > hermes.BodyLimit ? Errors.BodyTooLarge
            : null;
    }

    private string? FindProblem(HttpContext http, EndpointAccess access, OriginKind origin)
    {
        if (rules.IsLoopbackOnly(access) && !AccessRules.IsLoopback(http.Connection))
            return $"Without a key of at least {HermesApiOptions.MinimumRemoteKeyLength} characters the API is served to this machine alone. Set one (Hermes:Api:Key).";

        if (!rules.IsOpen(access))
            return null;

        if (!rules.IsOwnName(http.Request))
        {
            _refusals.Host(http.Request);
            return "Without a key the API is served to this machine alone. Set a key (Hermes:Api:Key), or add the host name to Hermes:Api:AllowedHosts.";
        }

        return AccessRules.IsForwarded(http.Request)
                ? "The request came through a proxy, so nothing says that it comes from this machine. Set a key (Hermes:Api:Key), which an API behind a proxy needs."
            : origin is not OriginKind.Listed && !CrossOrigin.IsOwnPage(http.Request)
                ? "A page of another site asked for this. Set a key (Hermes:Api:Key), or list the site's origin in Hermes:Api:CorsOrigins."
            : null;
    }

    /// <summary>Tells the owner which names and origins are refused, and the setting that admits each, for browsers show nothing but 403.</summary>
    /// <remarks>Each value once, and not more than some: both headers come from whoever sends requests. Safe for use from any thread.</remarks>
    internal sealed class RefusalLog(ILogger logger)
    {
        /// <summary>So many values are told of each kind, until the application starts again.</summary>
        public const int MaxValues = 100;

        private const int MaxLength = 200;

        private readonly Lock _lock = new();
        private readonly HashSet<string> _origins = new(StringComparer.Ordinal);
        private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase);

        /// <summary>A page of an origin that is not listed was refused.</summary>
        public void Origin(HttpRequest request)
        {
            if (Take(_origins, request.Headers.Origin.ToString()) is not { } origin)
                return;

            // The page is this server's own, and the proxy that ends TLS before it does not say so.
            if (!request.IsHttps && origin.Equals($"https://{request.Host.Value}", StringComparison.OrdinalIgnoreCase))
                logger.ProxyHidesTls(origin);
            else if (WebOrigin.Normalize(origin) is null)
                logger.OriginCannotBeListed(origin);
            else
                logger.OriginRefused(origin);
        }

        /// <summary>A request without a key came by a name that is not this machine's own.</summary>
        public void Host(HttpRequest request)
        {
            if (Take(_hosts, request.Host.Host) is { } host)
                logger.HostRefused(host);
        }

        // What is no printable ASCII has no place in a log, nor in a line that somebody copies.
        private string? Take(HashSet<string> told, string value)
        {
            if (value.Length is 0 or > MaxLength || value.AsSpan().ContainsAnyExceptInRange('!', '~'))
                return null;

            lock (_lock)
            {
                return told.Count < MaxValues && told.Add(value) ? value : null;
            }
        }
    }
}
