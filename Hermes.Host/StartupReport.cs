using System.Globalization;
using Hermes.Core;
using Hermes.Core.Configuration;
using Hermes.Core.Http;
using Hermes.Core.Sessions;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Hermes.Host;

/// <summary>Says on start-up what is served where, and how it is protected.</summary>
internal sealed class StartupReport(IServer server, HermesHome home, SessionStore sessions, HermesApiOptions api, ProviderResolver resolver, IOptions<ProviderOptions> provider) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var report = $"""
            Hermes serves {string.Join(", ", addresses)}
              home      {home}, {await CountSessionsAsync(cancellationToken)}
              key       {(string.IsNullOrEmpty(api.Key) ? "none: served to this machine alone. Set API_SERVER_KEY to require one." : "set: send Authorization: Bearer KEY")}
              origins   {(api.CorsOrigins.Count == 0 ? "none: pages of other sites are refused. Set API_SERVER_CORS_ORIGINS=https://ui.example to admit one." : string.Join(", ", api.CorsOrigins))}
              model     {FindModel()}
              openapi   {addresses.FirstOrDefault()}/openapi/hermes.json
            """;
        await Console.Out.WriteLineAsync(report.AsMemory(), cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private string FindModel()
    {
        try
        {
            return resolver.Find(provider.Value)?.ToString()
                ?? "none: an echo answers. Name a model and a provider in config.yaml, or set Hermes:Chat:BaseUrl and Hermes:Chat:Model.";
        }
        catch (ProviderConfigurationException exception)
        {
            return $"cannot be asked: {exception.Message}";
        }
    }

    private async Task<string> CountSessionsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var page = await sessions.ListAsync(new SessionQuery { Limit = 1, IncludeChildren = true }, cancellationToken);
            return string.Create(CultureInfo.InvariantCulture, $"{page.Total} {(page.Total == 1 ? "session" : "sessions")}");
        }
        catch (SessionStoreUnavailableException)
        {
            return "whose state.db cannot be read: calls that need it answer 503";
        }
    }
}
