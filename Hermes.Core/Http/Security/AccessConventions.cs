using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Hermes.Core.Http.Security;

/// <summary>Guards our endpoints by their own conventions: no scheme, policy or middleware is added to the application.</summary>
internal static class AccessConventions
{
    /// <summary>Asks what the rules say of every endpoint of the group: the application's policy where it defines one, else the key.</summary>
    public static void GuardAccess(this RouteGroupBuilder group, AccessRules rules)
    {
        // An API answers 401; it does not send its clients to a sign-in page.
        group.DisableCookieRedirect();

        // At the end, when all is known that the application put on the group, or on a group around it.
        ((IEndpointConventionBuilder)group).Finally(endpoint => Guard(endpoint, rules));
    }

    /// <summary>Lets the endpoint be called without a key, and without what the application asks for in its place.</summary>
    public static TBuilder Open<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new PublicEndpoint());

    private static void Guard(EndpointBuilder endpoint, AccessRules rules)
    {
        // Where the application lifts authorization from the group, no policy is asked, and so none guards.
        var isLifted = Has<IAllowAnonymous>(endpoint);
        var usesPolicy = rules.IsPolicyDefined && !isLifted;
        var access = new EndpointAccess(
            IsPublic: Has<PublicEndpoint>(endpoint),
            AsksKey: rules.Key is not null && !usesPolicy,
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
            endpoint.RequestDelegate = KeyCheck.Before(endpoint.RequestDelegate!, key);

            // The key stands in the place of the application's fallback policy, but of nothing that it put on these endpoints.
            if (!Has<IAuthorizeData>(endpoint) && !Has<AuthorizationPolicy>(endpoint) && !Has<IAuthorizationRequirementData>(endpoint))
            {
                endpoint.Metadata.Add(new AllowAnonymousAttribute());
            }
        }
    }

    private static bool Has<T>(EndpointBuilder endpoint) => endpoint.Metadata.OfType<T>().Any();

    private sealed class PublicEndpoint;
}
