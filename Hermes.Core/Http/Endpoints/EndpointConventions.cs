using Hermes.Core.Http.Wire;

namespace Hermes.Core.Http.Endpoints;

/// <summary>The name by which capabilities list an endpoint. Clients know the agent's endpoints by theirs.</summary>
internal sealed record EndpointName(string Name);

/// <summary>What capabilities write for the parameter <c>id</c> of a path.</summary>
internal sealed record IdName(string Name);

/// <summary>Tells the endpoints of one call of <c>MapHermesApi</c> from those of another: an application may map the API at several prefixes.</summary>
internal sealed class MappedApi;

/// <summary>What endpoints say of themselves where they are mapped.</summary>
internal static class EndpointConventions
{
    /// <summary>Names the endpoint for capabilities. An endpoint without a name does not exist for clients that trust them.</summary>
    public static TBuilder Named<TBuilder>(this TBuilder endpoint, string name)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new EndpointName(name));

    /// <summary>Says what the parameter <c>id</c> in the paths of these endpoints is the id of.</summary>
    public static TBuilder NamesId<TBuilder>(this TBuilder endpoints, string name)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.WithMetadata(new IdName(name));

    /// <summary>The endpoint answers 403, and reads nothing of the request, while the setting is off.</summary>
    /// <remarks>Its errors have to list 403. As a filter it comes after authentication: who has no key does not learn what is switched on.</remarks>
    public static RouteHandlerBuilder Behind(this RouteHandlerBuilder endpoint, WriteSwitch writeSwitch) =>
        endpoint.WithMetadata(writeSwitch)
            .AddEndpointFilterFactory((factory, next) => writeSwitch.IsOn(factory.ApplicationServices)
                ? next
                : _ => throw new RequestException(
                    $"This is switched off on the server. Set {writeSwitch.Setting} to true there to allow it.", StatusCodes.Status403Forbidden));
}
