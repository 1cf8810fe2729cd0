using Hermes.Core.Http.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Hermes.Core.Http.Security;

/// <summary>
/// The checks that come after routing and before authentication: exact paths, hosts, origins and body sizes; and the headers
/// that every answer carries.
/// </summary>
/// <remarks>
/// A matcher policy because it is the one place that runs at that moment, for our endpoints alone, without a middleware that
/// would touch the application's other routes. A refused request is given a refusing endpoint instead of the matched one.
/// </remarks>
internal sealed class GateMatcherPolicy(AccessRules access) : MatcherPolicy, IEndpointSelectorPolicy
{
    private const string AllowedHeaders = "Authorization, Content-Type, Idempotency-Key, X-Hermes-Session-Id";
    private const string AllowedMethods = "GET, POST, PATCH, DELETE, OPTIONS";

    private static readonly Endpoint ForeignOrigin = Refusal("origin", Errors.ForeignOrigin);
    private static readonly Endpoint ForeignHost = Refusal("host", Errors.ForeignHost);
    private static readonly Endpoint TooLarge = Refusal("body", Errors.BodyTooLarge);

    // After the framework's own policies, which choose by method and host.
    public override int Order => 1000;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) =>
        endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<HermesEndpoint>() is not null);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (var index = 0; index < candidates.Count; index++)
        {
            if (!candidates.IsValidCandidate(index) || candidates[index].Endpoint is not RouteEndpoint endpoint
                || endpoint.Metadata.GetMetadata<HermesEndpoint>() is not { } hermes)
            {
                continue;
            }

            if (!IsExact(httpContext.Request.Path, endpoint))
            {
                candidates.SetValidity(index, false);
                continue;
            }

            if (Refuse(httpContext, endpoint, hermes) is { } refusal)
            {
                candidates.ReplaceEndpoint(index, refusal, candidates[index].Values);
            }

            // Candidates are sorted: this one is chosen, unless a policy of somebody else's still removes it.
            break;
        }

        return Task.CompletedTask;
    }

    private static Endpoint Refusal(string name, IResult answer) => new(
        answer.ExecuteAsync, new EndpointMetadataCollection(new AllowAnonymousAttribute()), $"Hermes: refused by {name}");

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
        {
            return false;
        }

        // From the end, so that a path base does not matter.
        for (var index = endpoint.RoutePattern.PathSegments.Count - 1; index >= 0; index--)
        {
            var slash = text.LastIndexOf('/');
            if (slash < 0)
            {
                return false;
            }

            if (endpoint.RoutePattern.PathSegments[index].Parts is [RoutePatternLiteralPart literal]
                && !text[(slash + 1)..].SequenceEqual(literal.Content))
            {
                return false;
            }

            text = text[..slash];
        }

        return true;
    }

    private Endpoint? Refuse(HttpContext http, RouteEndpoint endpoint, HermesEndpoint hermes)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
        {
            headers.CacheControl = "no-store";
        }

        if (access.IsOpen && !access.IsLocal(http))
        {
            return ForeignHost;
        }

        // An application that gave the endpoints a CORS policy of its own has its middleware answer.
        if (endpoint.Metadata.GetMetadata<ICorsMetadata>() is null && !AdmitOrigin(http))
        {
            return ForeignOrigin;
        }

        return http.Request.ContentLength > hermes.BodyLimit ? TooLarge : null;
    }

    private bool AdmitOrigin(HttpContext http)
    {
        var headers = http.Response.Headers;
        if (access.HasOrigins)
        {
            headers.Vary = "Origin";
        }

        // A page of the very site that serves the API is not another origin, though browsers name it on writes.
        var origin = http.Request.Headers.Origin.ToString();
        if (origin.Length == 0)
        {
            return true;
        }

        if (access.AllowedOrigin(origin) is not { } allowed)
        {
            return IsSameOrigin(origin, http.Request);
        }

        headers.AccessControlAllowOrigin = allowed;
        headers.AccessControlAllowMethods = AllowedMethods;
        headers.AccessControlAllowHeaders = AllowedHeaders;
        headers.AccessControlExposeHeaders = "X-Hermes-Session-Id";
        headers.AccessControlMaxAge = "600";
        return true;
    }

    private static bool IsSameOrigin(ReadOnlySpan<char> origin, HttpRequest request) =>
        origin.StartsWith(request.Scheme, StringComparison.Ordinal)
        && origin[request.Scheme.Length..].StartsWith("://")
        && origin[(request.Scheme.Length + 3)..].Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
