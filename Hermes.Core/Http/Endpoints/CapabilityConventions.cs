using Microsoft.AspNetCore.Builder;

namespace Hermes.Core.Http.Endpoints;

/// <summary>The name by which capabilities list an endpoint. Clients know the agent's endpoints by theirs.</summary>
internal sealed record EndpointName(string Name);

/// <summary>What capabilities write for the parameter <c>id</c> of a path.</summary>
internal sealed record IdName(string Name);

/// <summary>Tells the endpoints of one call of <c>MapHermesApi</c> from those of another: an application may map the API at several prefixes.</summary>
internal sealed class MappedApi;

internal static class CapabilityConventions
{
    /// <summary>Names the endpoint for capabilities. An endpoint without a name does not exist for clients that trust them.</summary>
    public static TBuilder Named<TBuilder>(this TBuilder endpoint, string name)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new EndpointName(name));

    /// <summary>Says what the parameter <c>id</c> in the paths of these endpoints is the id of.</summary>
    public static TBuilder NamesId<TBuilder>(this TBuilder endpoints, string name)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.WithMetadata(new IdName(name));
}
