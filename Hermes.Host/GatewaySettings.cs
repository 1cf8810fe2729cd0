using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Hermes.Core;
using Hermes.Core.Hosting;
using Microsoft.Extensions.Configuration.Memory;

namespace Hermes.Host;

/// <summary>
/// Takes the settings of the Python gateway over, so that this host drops into its place: first <c>platforms.api_server</c> of
/// config.yaml, over it the gateway's variables in <c>.env</c> and in the environment, over all of them .NET's own configuration.
/// </summary>
internal static class GatewaySettings
{
    private const string DefaultHost = "127.0.0.1";
    private const int DefaultPort = 8642;

    // As many as the gateway takes at once; the library itself has no limit.
    private static readonly KeyValuePair<string, string?>[] Defaults = [KeyValuePair.Create<string, string?>("Hermes:Chat:MaxConcurrentTurns", "10")];

    /// <summary>Adds the gateway's settings below those that the builder has, of which it refuses unknown ones, and sets how to listen.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="home">A home to serve instead of the configured one; null for that.</param>
    /// <exception cref="HostSettingException">A setting cannot be used; the message says which, and what to write instead.</exception>
    public static void AddGatewaySettings(this WebApplicationBuilder builder, string? home)
    {
        if (home is not null)
            builder.Configuration["Hermes:Home"] = home;

        HostSettings.RefuseUnknown(builder.Configuration);
        builder.Configuration.AddHermesHome(HermesHome.Resolve(builder.Configuration[$"{HermesOptions.Section}:Home"]));
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = Defaults });

        // A header with other bytes than UTF-8 is for the API to answer: the server's own 400 has no body. Only the session's id is text.
        builder.WebHost.ConfigureKestrel(server => server.RequestHeaderEncodingSelector = name =>
            name.Equals("X-Hermes-Session-Id", StringComparison.OrdinalIgnoreCase) ? null : Encoding.Latin1);

        // ASP.NET Core's own address setting is honoured where nobody speaks Hermes.
        if (builder.Configuration["Hermes:Api:Host"] is null && builder.Configuration["Hermes:Api:Port"] is null
            && !string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            return;
        }

        builder.WebHost.UseUrls(Address(builder.Configuration["Hermes:Api:Host"], builder.Configuration["Hermes:Api:Port"]));
    }

    /// <summary>The address to listen on; several, with semicolons between them, where a name stands for several.</summary>
    internal static string Address(string? host, string? port)
    {
        host = string.IsNullOrWhiteSpace(host) ? DefaultHost : host.Trim().Trim('[', ']');
        var number = DefaultPort;
        if (!string.IsNullOrWhiteSpace(port)
            && (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number > ushort.MaxValue))
        {
            throw new HostSettingException($"The port '{port}' is no number from 0 to 65535. Write for example API_SERVER_PORT={DefaultPort}");
        }

        return string.Join(';', Resolve(host).Select(address =>
            string.Create(CultureInfo.InvariantCulture, $"http://{(address.Contains(':') ? $"[{address}]" : address)}:{number}")));
    }

    // The server takes any name but localhost for all addresses of the machine. Whoever names one means that one.
    private static IEnumerable<string> Resolve(string host)
    {
        if (IPAddress.TryParse(host, out _) || string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)) return [host];

        try
        {
            // What can be no name is not asked for in the network.
            if (Uri.CheckHostName(host) is not UriHostNameType.Unknown)
                return Dns.GetHostAddresses(host).Select(address => address.ToString()).Distinct();
        }
        catch (SocketException)
        {
        }

        throw new HostSettingException(
            $"The host '{host}' is no address, and no name that this machine knows. Write for example API_SERVER_HOST={DefaultHost}, or 0.0.0.0 for all addresses");
    }
}
