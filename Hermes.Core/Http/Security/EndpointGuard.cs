using System.Security.Cryptography;
using Hermes.Core.Http.Wire;
using Microsoft.AspNetCore.Authorization;

namespace Hermes.Core.Http.Security;

/// <summary>Guards our endpoints by their own conventions: no scheme, policy or middleware is added to the application.</summary>
internal static class EndpointGuard
{
    private const string Scheme = "Bearer";

    /// <summary>Asks what the rules say of every endpoint of the group: the application's policy where it defines one, else the key.</summary>
    public static void GuardAccess(this RouteGroupBuilder group, AccessRules rules)
    {
        // An API answers 401; it does not send its clients to a sign-in page.
        group.DisableCookieRedirect();

        // At the end, when all is known that the application put on the group, or on a group around it.
        ((IEndpointConventionBuilder)group).Finally(endpoint => Guard(endpoint, rules));
    }

    /// <summary>Lets the endpoint be called without a key, and without what the application asks for in its place.</summary>
    public static TBuilder Open<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new PublicEndpoint());

    private static void Guard(EndpointBuilder endpoint, AccessRules rules)
    {
        // Where the application lifts authorization from the group, no policy is asked, and so none guards.
        var isLifted = Has<IAllowAnonymous>(endpoint);
        var usesPolicy = rules.IsPolicyDefined && !isLifted;
        var access = new EndpointAccess(
            IsPublic: Has<PublicEndpoint>(endpoint), AsksKey: rules.Key is not null && !usesPolicy,
            IsGuardedByApplication: usesPolicy || (Has<IAuthorizeData>(endpoint) && !isLifted));
        endpoint.Metadata.Add(access);
        if (access.IsPublic)
        {
            endpoint.Metadata.Add(new AllowAnonymousAttribute());
        }
        else if (usesPolicy)
        {
            endpoint.Metadata.Add(new AuthorizeAttribute(AccessRules.PolicyName));
        }
        else if (rules.Key is { } key)
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = http => HasKey(http.Request, key.Span) ? next(http) : RefuseAsync(http);

            // The key stands in the place of the application's fallback policy, but of nothing that it put on these endpoints.
            if (!Has<IAuthorizeData>(endpoint) && !Has<AuthorizationPolicy>(endpoint) && !Has<IAuthorizationRequirementData>(endpoint))
                endpoint.Metadata.Add(new AllowAnonymousAttribute());
        }
    }

    private static bool Has<T>(EndpointBuilder endpoint) => endpoint.Metadata.OfType<T>().Any();

    private static bool HasKey(HttpRequest request, ReadOnlySpan<byte> key) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith($"{Scheme} ", StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(value[Scheme.Length..].Trim(' ')), key);

    private static async Task RefuseAsync(HttpContext http)
    {
        var isTooLarge = await IsBodyTooLargeAsync(http);
        if (!isTooLarge)
            http.Response.Headers.WWWAuthenticate = Scheme;

        await (isTooLarge ? Errors.BodyTooLarge : Errors.InvalidApiKey).ExecuteAsync(http);
    }

    // A body that does not announce its length is counted, so that it is answered as one that does. The server would read and drop it anyway.
    private static async ValueTask<bool> IsBodyTooLargeAsync(HttpContext http)
    {
        if (http.Request.ContentLength is not null) return false;

        var limit = http.GetEndpoint()!.Metadata.GetRequiredMetadata<HermesEndpoint>().BodyLimit;
        var body = http.Request.BodyReader;
        try
        {
            for (long length = 0; ;)
            {
                var read = await body.ReadAsync(http.RequestAborted);
                length += read.Buffer.Length;
                body.AdvanceTo(read.Buffer.End);
                if (length > limit || read.IsCompleted) return length > limit;
            }
        }
        catch (BadHttpRequestException malformed)
        {
            return malformed.StatusCode is StatusCodes.Status413PayloadTooLarge;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to be answered.
            return false;
        }
    }

    private sealed class PublicEndpoint;
}

/// <summary>How one of our endpoints is guarded, in its metadata.</summary>
/// <param name="IsPublic">Whether it answers everybody who reaches it: health, preflights, what answers 404 and 405.</param>
/// <param name="AsksKey">Whether the key is asked of the endpoints that are not public beside it.</param>
/// <param name="IsGuardedByApplication">Whether an authorization of the application's decides who reaches those.</param>
internal sealed record EndpointAccess(bool IsPublic, bool AsksKey, bool IsGuardedByApplication);
