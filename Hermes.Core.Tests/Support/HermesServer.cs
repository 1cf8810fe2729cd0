using System.Net.Http.Headers;
using Hermes.Core.Hosting;
using Hermes.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hermes.Core.Tests.Support;

/// <summary>The API on a fresh home, served by a real Kestrel on a free port of 127.0.0.1.</summary>
internal sealed class HermesServer : IAsyncDisposable
{
    public const string Key = "a-key-of-tests-1234567";

    private readonly WebApplication _app;
    private readonly TemporaryHome? _ownHome;

    private HermesServer(WebApplication app, TemporaryHome home, TemporaryHome? ownHome, string? key)
    {
        _app = app;
        _ownHome = ownHome;
        Home = home;
        Address = new Uri(app.Urls.Single());
        Client = CreateClient(key);
    }

    /// <summary>The home that it serves.</summary>
    public TemporaryHome Home { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>A client that sends the key, where there is one.</summary>
    public HttpClient Client { get; }

    /// <summary>The application's services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a server.</summary>
    /// <param name="options">Changes of the options; the key is <see cref="Key"/> where they do not say.</param>
    /// <param name="home">A home that the caller made and removes; null for a fresh one.</param>
    /// <param name="configure">Further changes of the application's builder.</param>
    /// <param name="map">What to map; null is the API and its 404.</param>
    public static async Task<HermesServer> StartAsync(
        Action<HermesOptions>? options = null, TemporaryHome? home = null,
        Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null)
    {
        var ownHome = home is null ? new TemporaryHome() : null;
        home ??= ownHome!;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        string? key = null;
        builder.Services.AddHermes(o =>
        {
            o.Home = home.Path;
            o.Api.Key = Key;
            options?.Invoke(o);
            key = o.Api.Key;
        }).AddOpenApiDocument();
        configure?.Invoke(builder);
        var app = builder.Build();
        if (map is null)
        {
            app.MapHermesApi();
            app.MapHermesNotFound();
        }
        else
        {
            map(app);
        }

        await app.StartAsync();
        return new HermesServer(app, home, ownHome, key);
    }

    /// <summary>A client that sends this key; null for none.</summary>
    public HttpClient CreateClient(string? key)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (!string.IsNullOrEmpty(key))
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

        return client;
    }

    /// <summary>Stops the application as a signal would.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _ownHome?.Dispose();
    }
}
