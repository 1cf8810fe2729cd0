using System.Net;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Hosting;

/// <summary>An application with authentication of its own is the same with Hermes in it, and Hermes asks what it should in each.</summary>
public class GuestTests
{
    private const string Key = HermesServer.Key;

    public static TheoryData<string, bool> Setups()
    {
        var data = new TheoryData<string, bool>();
        foreach (var setup in GuestApplication.Setups.Keys)
        {
            data.Add(setup, false);
            data.Add(setup, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Setups))]
    public async Task AddHermes_InAnyApplication_LeavesItsAnswersAsTheyWere(string setup, bool hasKey)
    {
        await using var without = await GuestApplication.StartAsync(setup, useHermes: false);
        await using var with = await GuestApplication.StartAsync(setup, useHermes: true, key: hasKey ? Key : null);

        Assert.Equal(await without.DescribeAnswersAsync(Key), await with.DescribeAnswersAsync(Key));
    }

    [Theory]
    [MemberData(nameof(Setups))]
    public async Task MapHermesApi_InAnyApplication_AsksForTheKeyAlone(string setup, bool hasKey)
    {
        await using var app = await GuestApplication.StartAsync(setup, useHermes: true, key: hasKey ? Key : null);
        var isSignInRequired = !hasKey && setup == "fallback policy";

        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/health"));
        Assert.Equal(hasKey || isSignInRequired ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, await app.StatusAsync("/api/memory"));
        Assert.Equal(isSignInRequired ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, await app.StatusAsync("/api/memory", bearer: Key));
        if (GuestApplication.HasCookie(setup))
            Assert.Equal(hasKey ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, await app.StatusAsync("/api/memory", signInAs: "ada"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MapHermesApi_PolicyOfTheApplication_StandsInPlaceOfTheKey(bool hasKey)
    {
        await using var app = await GuestApplication.StartAsync("cookie", useHermes: true, key: hasKey ? Key : null,
            configure: services => services.AddAuthorization(options => options.AddPolicy("Hermes", policy => policy.RequireUserName("ada"))));

        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/health"));
        Assert.Equal(HttpStatusCode.Unauthorized, await app.StatusAsync("/api/memory"));
        Assert.Equal(HttpStatusCode.Unauthorized, await app.StatusAsync("/api/memory", bearer: Key));
        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/api/memory", signInAs: "ada"));
        Assert.Equal(HttpStatusCode.Forbidden, await app.StatusAsync("/api/memory", signInAs: "bob"));
        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/api/memory", signInAs: "ada", host: "hermes.example"));
    }

    [Fact]
    public async Task MapHermesApi_PolicyProviderOfTheApplication_IsAsked()
    {
        await using var app = await GuestApplication.StartAsync("cookie", useHermes: true, key: Key,
            configure: services => services.AddSingleton<IAuthorizationPolicyProvider, NamedPolicies>());

        Assert.Equal(HttpStatusCode.Unauthorized, await app.StatusAsync("/api/memory", bearer: Key));
        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/api/memory", signInAs: "Hermes"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MapHermesApi_AuthorizationOfTheGroup_IsAskedBesideTheKey(bool isOuterGroup)
    {
        foreach (var key in (string?[])[Key, null])
        {
            await using var app = await GuestApplication.StartAsync("cookie", useHermes: true, key: key, map: app =>
            {
                if (isOuterGroup)
                    app.MapGroup("").RequireAuthorization().MapHermesApi();
                else
                    app.MapHermesApi().RequireAuthorization();
            });

            Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/health"));
            Assert.Equal(HttpStatusCode.Unauthorized, await app.StatusAsync("/api/memory"));
            Assert.Equal(HttpStatusCode.Unauthorized, await app.StatusAsync("/api/memory", bearer: Key));
            Assert.Equal(key is null ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, await app.StatusAsync("/api/memory", signInAs: "ada"));
            Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/api/memory", signInAs: "ada", bearer: Key, host: "hermes.example"));
        }
    }

    [Theory]
    [InlineData("cookie", true)]
    [InlineData("fallback policy", true)]
    [InlineData("cookie", false)]
    [InlineData("fallback policy", false)]
    public async Task MapHermesApi_AnonymousGroup_StillAsksForTheKey(string setup, bool definesPolicy)
    {
        foreach (var key in (string?[])[Key, null])
        {
            await using var app = await GuestApplication.StartAsync(setup, useHermes: true, key: key,
                configure: services => services.AddAuthorization(options =>
                {
                    if (definesPolicy)
                        options.AddPolicy("Hermes", policy => policy.RequireAuthenticatedUser());
                }),
                map: app => app.MapHermesApi().AllowAnonymous());

            Assert.Equal(key is null ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, await app.StatusAsync("/api/memory"));
            Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/api/memory", bearer: Key));
            Assert.Equal(key is null ? HttpStatusCode.Forbidden : HttpStatusCode.OK, await app.StatusAsync("/api/memory", bearer: Key, host: "hermes.example"));
        }
    }

    [Fact]
    public async Task MapHermesApi_EndpointsOfTheApplicationOnItsGroup_AreNotGuarded()
    {
        await using var app = await GuestApplication.StartAsync("no scheme", useHermes: true, key: Key, map: app => app.MapHermesApi().MapGet("/mine", () => "mine"));

        Assert.Equal(HttpStatusCode.OK, await app.StatusAsync("/mine"));
    }

    [Fact]
    public async Task MapHermesApi_PathThatTheApplicationServes_StaysTheApplications()
    {
        await using var app = await GuestApplication.StartAsync("no scheme", useHermes: true, key: Key, map: app =>
        {
            app.MapHermesApi();
            app.Map("/health", () => "Healthy");
            app.MapFallback(() => "page");
        });

        var answer = await app.Client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("Healthy", await answer.Content.ReadAsStringAsync());
        Assert.False(answer.Headers.Contains("Referrer-Policy"));
        Assert.Equal("page", await app.Client.GetStringAsync("/api/memory/"));
        Assert.Equal(HttpStatusCode.Unauthorized, await app.StatusAsync("/api/memory"));
    }

    [Fact]
    public async Task AddHermes_Services_HaveNoAuthentication()
    {
        using var home = new TemporaryHome();
        await using var services = new ServiceCollection().AddHermes(options => options.Home = home.Path).Services.BuildServiceProvider();

        Assert.Null(services.GetService<Microsoft.AspNetCore.Authentication.IAuthenticationSchemeProvider>());
        Assert.Null(services.GetService<IAuthorizationHandlerProvider>());
        Assert.DoesNotContain(
            services.GetRequiredService<Microsoft.Extensions.Options.IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>().Value.SerializerOptions.TypeInfoResolverChain,
            resolver => resolver.GetType().Assembly == typeof(HermesHome).Assembly);
    }

    [Fact]
    public async Task AddHermes_DocumentsOfTheApplication_HaveNoneOfOurPaths()
    {
        foreach (var withDocument in (bool[])[false, true])
        {
            await using var app = await GuestApplication.StartAsync("no scheme", useHermes: true,
                configure: services =>
                {
                    services.AddOpenApi();
                    services.AddOpenApi("everything", options => options.ShouldInclude = _ => true);
                    if (withDocument)
                        services.AddHermes().AddOpenApiDocument().AddOpenApiDocument();
                },
                map: app =>
                {
                    app.MapHermesApi();
                    app.MapOpenApi();
                });

            var own = await app.Client.GetStringAsync("/openapi/v1.json");
            Assert.Contains("\"/who\"", own, StringComparison.Ordinal);
            Assert.DoesNotContain("/api/sessions", own, StringComparison.Ordinal);
            Assert.Equal(withDocument, (await app.Client.GetStringAsync("/openapi/everything.json")).Contains("/api/sessions", StringComparison.Ordinal));
            Assert.Equal(withDocument ? HttpStatusCode.OK : HttpStatusCode.NotFound, await app.StatusAsync("/openapi/hermes.json"));
            if (withDocument)
            {
                var ours = await app.Client.GetStringAsync("/openapi/hermes.json");
                Assert.Contains("/api/sessions", ours, StringComparison.Ordinal);
                Assert.DoesNotContain("\"/who\"", ours, StringComparison.Ordinal);
            }
        }
    }

    // Every name is a policy: whoever is called so may.
    private sealed class NamedPolicies : IAuthorizationPolicyProvider
    {
        public async Task<AuthorizationPolicy?> GetPolicyAsync(string policyName)
        {
            await Task.Yield();
            return new AuthorizationPolicyBuilder().RequireUserName(policyName).Build();
        }

        public Task<AuthorizationPolicy> GetDefaultPolicyAsync() => Task.FromResult(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());

        public Task<AuthorizationPolicy?> GetFallbackPolicyAsync() => Task.FromResult<AuthorizationPolicy?>(null);
    }
}
