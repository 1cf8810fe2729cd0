using System.Net;
using Hermes.Core.Hosting;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hermes.Core.Tests.Hosting;

/// <summary>Where an application may listen that serves the API.</summary>
public sealed class ListenGuardTests : IDisposable
{
    private const string AllAddresses = "http://0.0.0.0:0";

    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(null, AllAddresses)]
    [InlineData("short", AllAddresses)]
    [InlineData("", "http://*:0")]
    [InlineData(null, "http://[::]:0")]
    [InlineData(null, "http://127.0.0.1:0;http://0.0.0.0:0")]
    public async Task Start_AddressOfTheNetworkWithoutALongKey_IsRefusedBeforeItListens(string? key, string urls)
    {
        await using var app = Build(key, builder => builder.WebHost.UseUrls(urls));
        app.MapHermesApi();

        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());

        Assert.Contains("at least 16 characters", refusal.Message, StringComparison.Ordinal);

        // A server that listened would say on which ports.
        Assert.All(app.Urls, url => Assert.EndsWith(":0", url, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("code")]
    [InlineData("section")]
    public async Task Start_AddressOfTheNetworkThatKestrelAloneKnows_IsRefused(string where)
    {
        await using var app = Build(null, builder =>
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            if (where == "code")
            {
                builder.WebHost.ConfigureKestrel(server => server.ListenAnyIP(0));
            }
            else
            {
                builder.Configuration["Kestrel:Endpoints:Open:Url"] = AllAddresses;
                builder.WebHost.UseKestrel((context, server) => server.Configure(context.Configuration.GetSection("Kestrel")));
            }
        });
        app.MapHermesApi();

        await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());
    }

    [Fact]
    public async Task Start_PortsOfAnImageButListeningOnLoopback_IsFine()
    {
        await using var app = Build(null, builder =>
        {
            builder.Configuration[WebHostDefaults.HttpPortsKey] = "0";
            builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0));
        });
        app.MapHermesApi();

        await app.StartAsync();
    }

    [Fact]
    public async Task Start_ApplicationThatMapsNoApi_MayListenAnywhere()
    {
        await using var app = Build(null, builder => builder.WebHost.UseUrls(AllAddresses));

        await app.StartAsync();
    }

    [Theory]
    [InlineData("policy")]
    [InlineData("group")]
    [InlineData("key")]
    public async Task Start_GuardedApi_MayListenAnywhere(string guard)
    {
        await using var app = Build(guard == "key" ? HermesServer.Key : null, builder =>
        {
            builder.WebHost.UseUrls(AllAddresses);
            builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
            builder.Services.AddAuthorization(options =>
            {
                if (guard == "policy")
                    options.AddPolicy("Hermes", policy => policy.RequireAuthenticatedUser());
            });
        });
        var api = app.MapHermesApi();
        if (guard == "group")
            api.RequireAuthorization();

        await app.StartAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_AnyOriginWithoutAKey_IsRefused(bool hasPolicy)
    {
        await using var app = Build(null, builder =>
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Services.Configure<HermesOptions>(options => options.Api.CorsOrigins = ["*"]);
            if (hasPolicy)
                builder.Services.AddAuthorization(options => options.AddPolicy("Hermes", policy => policy.RequireAuthenticatedUser()));
        });
        app.MapHermesApi();

        Assert.Contains("'*'", (await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync())).Message, StringComparison.Ordinal);
    }

    private WebApplication Build(string? key, Action<WebApplicationBuilder> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddHermes(options =>
        {
            options.Home = _home.Path;
            options.Api.Key = key;
        });
        configure(builder);
        return builder.Build();
    }
}
