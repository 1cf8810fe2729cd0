using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Hermes.Core.Http.Security;

/// <summary>Refuses to start an API that strangers on the network could use.</summary>
/// <remarks>The addresses of the configuration are checked before the server listens, all others (Kestrel's own section, <c>Listen</c> in
/// code), which nobody can ask for earlier, as soon as it does. Until then <see cref="AccessCheck"/> answers 403 to what comes in on
/// them.</remarks>
internal sealed class ListenGuard(IServiceProvider services, AccessRules rules) : IStartupFilter, IHostedLifecycleService
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
    {
        next(application);

        // Here the endpoints are complete, the addresses of the configuration are gathered, and nothing listens yet.
        Check(MayBeOverridden(services.GetService<IConfiguration>()) ? [] : Addresses(application.ServerFeatures));
    };

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // A console program that uses the services alone has no server.
        if (services.GetService<IServer>() is { } server)
            Check(Addresses(server.Features));

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Check(ICollection<string> addresses)
    {
        // An application that maps no endpoint of ours may listen where it likes.
        var endpoints = services.GetRequiredService<EndpointDataSource>().Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<EndpointAccess>()).OfType<EndpointAccess>().Distinct().ToList();
        var problem =
            endpoints.Exists(rules.Origins.IsAnyOriginUnsafe)
                ? "Hermes:Api:CorsOrigins is '*' and no key is set or asked, so every web page could use this home. Set a key (Hermes:Api:Key, or API_SERVER_KEY for Hermes.Host), or name the origins."
            : endpoints.Exists(rules.IsLoopbackOnly) && addresses.FirstOrDefault(IsRemote) is { } remote
                ? $"Serving {remote} to other machines needs a key of at least {HermesApiOptions.MinimumRemoteKeyLength} characters. Set one (Hermes:Api:Key, or API_SERVER_KEY=$(openssl rand -hex 32) for Hermes.Host), or listen on 127.0.0.1."
            : null;
        if (problem is not null) throw new OptionsValidationException(nameof(HermesApiOptions), typeof(HermesApiOptions), [problem]);
    }

    private static ICollection<string> Addresses(IFeatureCollection server) => server.Get<IServerAddressesFeature>()?.Addresses ?? [];

    // Kestrel's section takes the place of these addresses. So does Listen in code, which cannot be seen: images that set ports for
    // whatever runs in them must not keep an application from starting that listens elsewhere.
    private static bool MayBeOverridden(IConfiguration? configuration) =>
        configuration is not null && (configuration.GetSection("Kestrel:Endpoints").GetChildren().Any()
            || (string.IsNullOrEmpty(configuration[WebHostDefaults.ServerUrlsKey])
                && !(string.IsNullOrEmpty(configuration[WebHostDefaults.HttpPortsKey]) && string.IsNullOrEmpty(configuration[WebHostDefaults.HttpsPortsKey]))));

    // "http://*:5000" and "http://+:5000" are no URIs; a Unix socket is reached from this machine alone.
    private static bool IsRemote(string address) =>
        BindingAddress.Parse(address) is { IsUnixPipe: false, IsNamedPipe: false } binding && !AccessRules.IsLoopbackName(binding.Host.Trim('[', ']'));
}
