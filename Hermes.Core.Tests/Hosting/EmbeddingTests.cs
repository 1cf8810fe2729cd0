using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Hermes.Core.Configuration;
using Hermes.Core.Memory;
using Hermes.Core.Sessions;
using Hermes.Core.Skills;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hermes.Core.Tests.Hosting;

/// <summary>The library inside an application that was there before.</summary>
public class EmbeddingTests
{
    [Fact]
    public void MapHermesApi_WithoutAddHermes_SaysWhatToCall()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        var exception = Assert.Throws<InvalidOperationException>(() => app.MapHermesApi());

        Assert.Contains("AddHermes()", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MapHermesApi_BelowAPrefix_LeavesTheRestToTheApplication()
    {
        await using var server = await HermesServer.StartAsync(map: app =>
        {
            app.MapGet("/", () => "mine");
            app.MapGroup("/assistant").MapHermesApi();
        });

        var created = await server.Client.PostAsync("/assistant/api/sessions", new StringContent("""{"id":"a/b"}"""));
        Assert.Equal(HttpStatusCode.OK, created.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/assistant/api/sessions/a%2Fb")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/assistant/api/sessions/a%2Fb/messages")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync("/api/sessions")).StatusCode);

        var own = await server.Client.GetAsync("/");
        Assert.Equal("mine", await own.Content.ReadAsStringAsync());
        Assert.False(own.Headers.Contains("Referrer-Policy"));
    }

    [Fact]
    public async Task MapHermesApi_PolicyOfTheApplication_DecidesWhoComesIn()
    {
        await using var server = await HermesServer.StartAsync(
            options => options.Api.Key = null,
            configure: builder =>
            {
                builder.Services.AddAuthentication("Own").AddScheme<AuthenticationSchemeOptions, OwnHandler>("Own", null);
                builder.Services.AddAuthorization(options => options.AddPolicy("Hermes", policy => policy.RequireAuthenticatedUser()));
            },
            map: app => app.MapHermesApi());

        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Client.GetAsync("/api/memory")).StatusCode);
        server.Client.DefaultRequestHeaders.Add("X-Own", "ada");
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/api/memory")).StatusCode);
    }

    [Fact]
    public async Task MapHermesApi_CorsPolicyOfTheApplication_IsFollowed()
    {
        await using var server = await HermesServer.StartAsync(
            configure: builder => builder.Services.AddCors(cors => cors.AddPolicy("own", policy => policy.WithOrigins("https://own.example").WithMethods("PATCH"))),
            map: app =>
            {
                app.UseCors();
                app.MapHermesApi().RequireCors("own");
            });
        server.Client.DefaultRequestHeaders.Add("Origin", "https://own.example");

        var answer = await server.Client.GetAsync("/api/memory");
        Assert.Equal("https://own.example", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());

        var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/sessions/x");
        preflight.Headers.Add("Access-Control-Request-Method", "PATCH");
        var preflightAnswer = await server.Client.SendAsync(preflight);
        Assert.Equal(HttpStatusCode.NoContent, preflightAnswer.StatusCode);
        Assert.Equal("PATCH", preflightAnswer.Headers.GetValues("Access-Control-Allow-Methods").Single());
    }

    [Fact]
    public async Task AddHermes_CalledTwice_AppliesBothOptions()
    {
        await using var server = await HermesServer.StartAsync(
            options => options.Api.CorsOrigins = ["https://first.example"],
            configure: builder => builder.Services.AddHermes(options => options.Api.CorsOrigins = [.. options.Api.CorsOrigins, "https://second.example"]));

        foreach (var origin in (string[])["https://first.example", "https://second.example"])
        {
            using var client = server.CreateClient(HermesServer.Key);
            client.DefaultRequestHeaders.Add("Origin", origin);
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/memory")).StatusCode);
        }
    }

    [Fact]
    public async Task AddHermes_CalledTwiceWithTheSameHome_IsOne()
    {
        using var home = new TemporaryHome();
        await using var services = new ServiceCollection()
            .AddHermes(options => options.Home = home.Path).Services
            .AddHermes(options => options.Home = home.Path + "/").Services
            .AddHermes().Services.BuildServiceProvider();

        Assert.Equal(home.Path, services.GetRequiredService<HermesHome>().Path.TrimEnd('/'));
    }

    [Fact]
    public async Task AddHermes_CalledTwiceWithDifferentHomes_IsAnErrorThatSaysSo()
    {
        using var first = new TemporaryHome();
        using var second = new TemporaryHome();
        await using var services = new ServiceCollection()
            .AddHermes(options => options.Home = first.Path).Services
            .AddHermes(options => options.Home = second.Path).Services.BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<HermesHome>());

        Assert.Contains(first.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains(second.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("An application serves one home", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddHermes_WithoutAWebApplication_GivesTheServices()
    {
        using var home = new TemporaryHome();
        home.Write("memories/USER.md", "Name: Ada").Write("config.yaml", "timezone: UTC").Write("skills/a/SKILL.md", "---\nname: a\n---\n");
        await using var services = new ServiceCollection()
            .AddHermes(options => options.Home = home.Path).Services.BuildServiceProvider(validateScopes: true);

        var session = await services.GetRequiredService<SessionStore>().CreateAsync(new NewSession { Title = "From a console" });

        Assert.Equal("From a console", session.Title);
        Assert.Equal(["Name: Ada"], (await services.GetRequiredService<MemoryReader>().ReadAsync()).User.Entries);
        Assert.Equal("a", Assert.Single(await services.GetRequiredService<SkillCatalog>().ListAsync()).Name);
        Assert.Equal("UTC", services.GetRequiredService<SafeConfig>().Read().GetProperty("timezone").GetString());
    }

    private sealed class OwnHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers["X-Own"].ToString() is { Length: > 0 } name
                ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "Own")), "Own"))
                : AuthenticateResult.NoResult());
    }
}
