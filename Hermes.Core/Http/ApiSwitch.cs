using Hermes.Core.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Http;

/// <summary>An option that a kind of change has to be allowed by. Stands in the metadata of the endpoints that need it.</summary>
/// <param name="Name">The option's name in <see cref="HermesApiOptions"/>.</param>
/// <param name="IsOn">Reads it.</param>
internal sealed record ApiSwitch(string Name, Func<HermesApiOptions, bool> IsOn)
{
    /// <summary>Changes of config.yaml.</summary>
    public static readonly ApiSwitch ConfigWrites = new(nameof(HermesApiOptions.AllowConfigWrites), options => options.AllowConfigWrites);
}

internal static class ApiSwitchConventions
{
    /// <summary>Answers 403, with the name of the switch, while it is off. Comes after authentication and before the body is read.</summary>
    public static RouteHandlerBuilder Requires(this RouteHandlerBuilder endpoint, ApiSwitch required)
    {
        endpoint.WithMetadata(required).Produces<TextError>(StatusCodes.Status403Forbidden);
        return endpoint.AddEndpointFilterFactory((factory, next) =>
        {
            var options = factory.ApplicationServices.GetRequiredService<HermesApiOptions>();
            return context => required.IsOn(options)
                ? next(context)
                : throw new RequestException($"This is switched off. The server's owner can switch it on with Hermes:Api:{required.Name}=true", StatusCodes.Status403Forbidden);
        });
    }
}
