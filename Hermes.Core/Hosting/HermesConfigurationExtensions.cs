using Hermes.Core;
using Hermes.Core.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace Microsoft.Extensions.Configuration;

/// <summary>Reads the settings of a Hermes home into an application's configuration.</summary>
public static class HermesConfigurationExtensions
{
    /// <summary>
    /// Adds the settings that the Python gateway reads, so that an application drops into its place: <c>host</c>, <c>port</c>, <c>key</c> and
    /// <c>cors_origins</c> of <c>platforms.api_server</c> (else <c>gateway.api_server</c>) in the home's config.yaml, over them the variables
    /// <c>API_SERVER_HOST</c>, <c>API_SERVER_PORT</c>, <c>API_SERVER_KEY</c> and <c>API_SERVER_CORS_ORIGINS</c> of the home's <c>.env</c>, over these
    /// the same variables of the process.
    /// </summary>
    /// <remarks>
    /// They become <c>Hermes:Api:Host</c>, <c>Hermes:Api:Port</c>, <c>Hermes:Api:Key</c> and <c>Hermes:Api:CorsOrigins</c>, of which <c>AddHermes()</c>
    /// reads the last two; to listen on host and port is the application's. They come before all other sources, whenever this is called: what
    /// the application itself says wins. Read once; a file that is missing or cannot be read has none.
    /// </remarks>
    /// <param name="builder">The application's configuration, such as <c>builder.Configuration</c>.</param>
    /// <param name="home">The home, as <see cref="HermesHome.Resolve"/> finds it.</param>
    /// <returns>The same builder.</returns>
    public static IConfigurationBuilder AddHermesHome(this IConfigurationBuilder builder, HermesHome home)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(home);
        builder.Sources.Insert(0, new MemoryConfigurationSource { InitialData = GatewaySettings.Read(home, new FileSystem()) });
        return builder;
    }
}
