using Hermes.Core.Http.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Http.Endpoints;

/// <summary>A setting that allows a group of calls which change the home. On an endpoint's metadata it says which one the endpoint needs.</summary>
/// <param name="Setting">The setting's whole name, for the answer to who is refused.</param>
/// <param name="IsOn">Reads it.</param>
internal sealed record WriteSwitch(string Setting, Func<HermesApiOptions, bool> IsOn)
{
    /// <summary>Creating, changing, forking and deleting sessions.</summary>
    public static WriteSwitch Sessions { get; } = new("Hermes:Api:AllowSessionWrites", options => options.AllowSessionWrites);

    /// <summary>Adding, replacing and removing entries of the memory.</summary>
    public static WriteSwitch Memory { get; } = new("Hermes:Api:AllowMemoryWrites", options => options.AllowMemoryWrites);

    /// <summary>Changing config.yaml.</summary>
    public static WriteSwitch Config { get; } = new("Hermes:Api:AllowConfigWrites", options => options.AllowConfigWrites);
}

internal static class WriteSwitchConventions
{
    /// <summary>The endpoint answers 403, and reads nothing of the request, while the setting is off.</summary>
    /// <remarks>Its errors have to list 403. As a filter it comes after authentication: who has no key does not learn what is switched on.</remarks>
    public static RouteHandlerBuilder Behind(this RouteHandlerBuilder endpoint, WriteSwitch writeSwitch) =>
        endpoint.WithMetadata(writeSwitch)
            .AddEndpointFilterFactory((factory, next) => writeSwitch.IsOn(factory.ApplicationServices.GetRequiredService<HermesApiOptions>())
                ? next
                : _ => throw new RequestException(
                    $"This is switched off on the server. Set {writeSwitch.Setting} to true there to allow it.", StatusCodes.Status403Forbidden));
}
