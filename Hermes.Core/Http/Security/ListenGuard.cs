using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Hermes.Core.Http.Security;

/// <summary>Refuses to start an API that strangers on the network could use.</summary>
/// <remarks>It looks at the addresses that the server was really bound to, however they were configured.</remarks>
internal sealed class ListenGuard(IServiceProvider services) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // A console program that uses the services alone has no server.
        if (services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>() is not { } server
            || Problem(services.GetRequiredService<AccessRules>(), services.GetRequiredService<HermesApiOptions>(), server.Addresses) is not { } problem)
        {
            return Task.CompletedTask;
        }

        throw new OptionsValidationException(nameof(HermesApiOptions), typeof(HermesApiOptions), [problem]);
    }

    /// <summary>What is wrong with serving under these rules on these addresses, and what mends it; null where nothing is.</summary>
    internal static string? Problem(AccessRules access, HermesApiOptions options, IEnumerable<string> addresses)
    {
        if (!access.UsesOwnScheme)
        {
            return null;
        }

        if (access.IsOpen && options.CorsOrigins.Contains("*"))
        {
            return "Hermes:Api:CorsOrigins is '*' and no key is set, so every web page could read this home. Set a key (Hermes:Api:Key, or API_SERVER_KEY for Hermes.Host), or name the origins.";
        }

        return access.Key is not { Length: >= HermesApiOptions.MinimumRemoteKeyLength } && addresses.FirstOrDefault(IsRemote) is { } remote
            ? $"Serving {remote} to other machines needs a key of at least {HermesApiOptions.MinimumRemoteKeyLength} characters. Set one (Hermes:Api:Key, or API_SERVER_KEY=$(openssl rand -hex 32) for Hermes.Host), or listen on 127.0.0.1."
            : null;
    }

    private static bool IsRemote(string address)
    {
        // "http://*:5000" and "http://+:5000" are no URIs; a Unix socket is reached from this machine alone.
        var host = Microsoft.AspNetCore.Http.BindingAddress.Parse(address) is { IsUnixPipe: false, IsNamedPipe: false } binding ? binding.Host : "localhost";
        return !(AccessRules.IsLoopbackName(host.Trim('[', ']')) || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip)));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
