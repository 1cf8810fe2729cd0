using System.Globalization;
using Hermes.Core;
using Hermes.Core.Hosting;

namespace Hermes.Host;

/// <summary>
/// Takes the settings of the Python gateway over, so that this host drops into its place: first <c>platforms.api_server</c> of
/// config.yaml, over it the gateway's environment variables, over both .NET's own configuration.
/// </summary>
internal static class ReferenceSettings
{
    private const string DefaultHost = "127.0.0.1";
    private const int DefaultPort = 8642;

    private static readonly (string Variable, string Key)[] Variables =
    [
        ("API_SERVER_HOST", "Hermes:Api:Host"),
        ("API_SERVER_PORT", "Hermes:Api:Port"),
        ("API_SERVER_KEY", "Hermes:Api:Key"),
        ("API_SERVER_CORS_ORIGINS", "Hermes:Api:CorsOrigins"),
    ];

    /// <summary>Adds the gateway's settings below those that the builder has, and sets the address to listen on.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="home">A home to serve instead of the configured one; null for that.</param>
    /// <exception cref="HostSettingException">A setting cannot be used; the message says which, and what to write instead.</exception>
    public static void AddReferenceSettings(this WebApplicationBuilder builder, string? home)
    {
        if (home is not null)
        {
            builder.Configuration["Hermes:Home"] = home;
        }

        var sources = ((IConfigurationBuilder)builder.Configuration).Sources;

        // A variable that is set to nothing says so: API_SERVER_KEY= serves without a key, whatever config.yaml has.
        var fromEnvironment = Variables
            .Select(variable => KeyValuePair.Create(variable.Key, Environment.GetEnvironmentVariable(variable.Variable)))
            .Where(setting => setting.Value is not null);
        sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = fromEnvironment });
        var fromFile = ApiServerSection.Read(HermesHome.Resolve(builder.Configuration[$"{HermesOptions.Section}:Home"]));
        sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = fromFile });

        // ASP.NET Core's own address setting is honoured where nobody speaks Hermes.
        if (builder.Configuration["Hermes:Api:Host"] is null && builder.Configuration["Hermes:Api:Port"] is null
            && !string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            return;
        }

        builder.WebHost.UseUrls(Address(builder.Configuration["Hermes:Api:Host"], builder.Configuration["Hermes:Api:Port"]));
    }

    /// <summary>The address to listen on.</summary>
    internal static string Address(string? host, string? port)
    {
        host = string.IsNullOrWhiteSpace(host) ? DefaultHost : host.Trim().Trim('[', ']');
        var number = DefaultPort;
        if (!string.IsNullOrWhiteSpace(port)
            && (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number > ushort.MaxValue))
        {
            throw new HostSettingException($"The port '{port}' is no number from 0 to 65535. Write for example API_SERVER_PORT={DefaultPort}");
        }

        return Uri.CheckHostName(host) is UriHostNameType.Unknown
            ? throw new HostSettingException($"The host '{host}' is no host name or address. Write for example API_SERVER_HOST={DefaultHost}")
            : string.Create(CultureInfo.InvariantCulture, $"http://{(host.Contains(':') ? $"[{host}]" : host)}:{number}");
    }
}
