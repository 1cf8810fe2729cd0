using System.Net;
using System.Net.Http.Headers;
using Hermes.Core.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Http.Security;

public class AccessTests
{
    private const string Listed = "https://ui.example";

    [Theory]
    [InlineData("/api/memory/")]
    [InlineData("/API/memory")]
    [InlineData("/api/Sessions")]
    [InlineData("/api/sessions/x/Messages")]
    [InlineData("/api/nope")]
    [InlineData("/")]
    public async Task Access_UnknownPath_Is404WithoutAKey(string path)
    {
        await using var server = await HermesServer.StartAsync();
        using var anonymous = server.CreateClient(null);

        var answer = await anonymous.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("""{"error":"Not Found"}""", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("PUT", "/api/sessions", "GET, HEAD, OPTIONS, POST")]
    [InlineData("POST", "/api/sessions/x", "DELETE, GET, HEAD, OPTIONS, PATCH")]
    [InlineData("DELETE", "/api/sessions/x/messages", "GET, HEAD, OPTIONS")]
    [InlineData("DELETE", "/health", "GET, HEAD, OPTIONS")]
    [InlineData("FOO", "/api/sessions", "GET, HEAD, OPTIONS, POST")]
    public async Task Access_WrongMethod_Is405WithAllowAndWithoutAKey(string method, string path, string allow)
    {
        await using var server = await HermesServer.StartAsync();
        using var anonymous = server.CreateClient(null);

        var answer = await anonymous.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(allow, string.Join(", ", answer.Content.Headers.Allow));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer")]
    [InlineData("Basic " + HermesServer.Key)]
    [InlineData("Bearer " + HermesServer.Key + "x")]
    [InlineData("Bearer \u00e9\u00e9")]
    [InlineData("Bearer " + HermesServer.Key + "\u00a0")]
    [InlineData("Bearer\t" + HermesServer.Key)]
    [InlineData(HermesServer.Key)]
    public async Task Bearer_WrongKey_Is401(string? authorization)
    {
        await using var server = await HermesServer.StartAsync();
        using var anonymous = server.CreateClient(null);
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/memory");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8 };
        using var client = new HttpClient(handler) { BaseAddress = server.Address };

        var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        Assert.Equal(
            """{"error":{"message":"Invalid API key","type":"invalid_request_error","code":"invalid_api_key"}}""",
            await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("Bearer " + HermesServer.Key)]
    [InlineData("Bearer  " + HermesServer.Key)]
    [InlineData("bearer " + HermesServer.Key)]
    [InlineData("BEARER " + HermesServer.Key)]
    public async Task Bearer_RightKey_IsLetIn(string authorization)
    {
        await using var server = await HermesServer.StartAsync();
        using var client = server.CreateClient(null);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/memory")).StatusCode);
    }

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("LOCALHOST:8642", HttpStatusCode.OK)]
    [InlineData("app.localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:1", HttpStatusCode.OK)]
    [InlineData("[::1]:1", HttpStatusCode.OK)]
    [InlineData("my-machine", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("localhost.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("10.0.0.1", HttpStatusCode.Forbidden)]
    public async Task Access_WithoutAKey_ServesOwnNamesAlone(string host, HttpStatusCode expected)
    {
        await using var server = await HermesServer.StartAsync(options =>
        {
            options.Api.Key = null;
            options.Api.AllowedHosts = ["my-machine"];
        });
        server.Client.DefaultRequestHeaders.Host = host;

        Assert.Equal(expected, (await server.Client.GetAsync("/api/memory")).StatusCode);
        Assert.Equal(expected, (await server.Client.GetAsync("/health")).StatusCode);
    }

    [Fact]
    public async Task Access_WithAKey_ServesAnyHostName()
    {
        await using var server = await HermesServer.StartAsync();
        server.Client.DefaultRequestHeaders.Host = "hermes.example";

        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/api/memory")).StatusCode);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("https://ui.example/")]
    [InlineData("HTTPS://UI.EXAMPLE")]
    [InlineData("https://ui.example.evil.example")]
    [InlineData("http://ui.example")]
    [InlineData("null")]
    public async Task Access_OriginThatIsNotListed_Is403WithoutABody(string origin)
    {
        await using var server = await HermesServer.StartAsync(options => options.Api.CorsOrigins = [Listed]);
        server.Client.DefaultRequestHeaders.Add("Origin", origin);

        foreach (var path in (string[])["/api/memory", "/health", "/nope"])
        {
            var answer = await server.Client.GetAsync(path);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        }
    }

    [Theory]
    [InlineData("GET", "/api/memory", HttpStatusCode.OK)]
    [InlineData("GET", "/api/sessions/nope", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/api/sessions", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/nope", HttpStatusCode.NotFound)]
    public async Task Access_ListedOrigin_GetsCorsHeadersAlsoOnErrors(string method, string path, HttpStatusCode expected)
    {
        await using var server = await HermesServer.StartAsync(options => options.Api.CorsOrigins = [Listed]);
        server.Client.DefaultRequestHeaders.Add("Origin", Listed);

        var answer = await server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(expected, answer.StatusCode);
        AssertCors(answer.Headers, Listed);
        Assert.Equal(
            ["ETag", "Retry-After", "X-Hermes-Session-Id", "X-Hermes-Session-Key", "X-Hermes-Run-Id", "Idempotency-Replayed"],
            answer.Headers.GetValues("Access-Control-Expose-Headers").Single().Split(','));
    }

    [Fact]
    public async Task Access_ListedOriginWithoutAKey_Gets401WithCorsHeaders()
    {
        await using var server = await HermesServer.StartAsync(options => options.Api.CorsOrigins = [Listed]);
        using var anonymous = server.CreateClient(null);
        anonymous.DefaultRequestHeaders.Add("Origin", Listed);

        var answer = await anonymous.GetAsync("/api/memory");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        AssertCors(answer.Headers, Listed);
    }

    [Theory]
    [InlineData("/api/sessions/x")]
    [InlineData("/nope")]
    public async Task Access_Preflight_IsAnsweredWithoutAKey(string path)
    {
        await using var server = await HermesServer.StartAsync(options => options.Api.CorsOrigins = [Listed]);
        using var anonymous = server.CreateClient(null);
        var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", Listed);
        request.Headers.Add("Access-Control-Request-Method", "PATCH");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-hermes-session-id,x-stainless-os, X-Stainless-Retry-Count,x-other,x-stainless-\u0022");

        var answer = await anonymous.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        AssertCors(answer.Headers, Listed);
        Assert.Contains("PATCH", answer.Headers.GetValues("Access-Control-Allow-Methods").Single(), StringComparison.Ordinal);
        var headers = answer.Headers.GetValues("Access-Control-Allow-Headers").Single().Split(',');
        foreach (var name in (string[])["Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "Last-Event-ID",
            "X-Hermes-Session-Id", "X-Hermes-Session-Key", "x-stainless-os", "X-Stainless-Retry-Count"])
        {
            Assert.Contains(name, headers);
        }

        Assert.DoesNotContain(headers, name => name is "x-other" or "*" || name.Contains('"', StringComparison.Ordinal));
        Assert.Equal("600", answer.Headers.GetValues("Access-Control-Max-Age").Single());
    }

    [Theory]
    [InlineData("GET", "/api/memory")]
    [InlineData("OPTIONS", "/api/memory")]
    public async Task Access_ConfiguredOrigin_IsBroughtToABrowsersForm(string method, string path)
    {
        await using var server = await HermesServer.StartAsync(options => options.Api.CorsOrigins = ["HTTPS://UI.Example:443/", " http://LOCALHOST:3000 "]);
        foreach (var origin in (string[])["https://ui.example", "http://localhost:3000"])
        {
            var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.Add("Origin", origin);
            AssertCors((await server.Client.SendAsync(request)).Headers, origin);
        }
    }

    [Theory]
    [InlineData("cross-site", null, HttpStatusCode.Forbidden)]
    [InlineData("same-site", null, HttpStatusCode.Forbidden)]
    [InlineData("anything", null, HttpStatusCode.Forbidden)]
    [InlineData("cross-site", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("cross-site", Listed, HttpStatusCode.OK)]
    [InlineData("same-origin", null, HttpStatusCode.OK)]
    [InlineData("none", null, HttpStatusCode.OK)]
    [InlineData(null, null, HttpStatusCode.OK)]
    public async Task Access_WithoutAKey_RefusesPagesOfOtherSites(string? site, string? origin, HttpStatusCode expected)
    {
        await using var server = await HermesServer.StartAsync(options =>
        {
            options.Api.Key = null;
            options.Api.CorsOrigins = [Listed];
        });

        foreach (var path in (string[])["/api/memory", "/health"])
            Assert.Equal(expected, await StatusAsync(server, path, ("Sec-Fetch-Site", site), ("Origin", origin)));

        Assert.Equal(expected is HttpStatusCode.OK ? HttpStatusCode.NotFound : expected, await StatusAsync(server, "/nope", ("Sec-Fetch-Site", site), ("Origin", origin)));
    }

    [Fact]
    public async Task Access_WithAKey_PagesOfOtherSitesWithoutAnOriginNeedTheKeyAlone()
    {
        await using var server = await HermesServer.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "/api/memory", ("Sec-Fetch-Site", "cross-site")));
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Forwarded-For", "")]
    [InlineData("x-forwarded-for", "203.0.113.9")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("X-Forwarded-Host", "hermes.example")]
    [InlineData("X-Real-IP", "203.0.113.9")]
    [InlineData("Via", "1.1 proxy")]
    public async Task Access_WithoutAKey_RefusesWhatAProxyPassedOn(string header, string value)
    {
        await using var open = await HermesServer.StartAsync(options => options.Api.Key = null);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(open, "/api/memory", (header, value)));

        await using var guarded = await HermesServer.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(guarded, "/api/memory", (header, value)));
    }

    [Fact]
    public async Task Access_WithoutAKey_RefusesWhomAProxyNamesThroughTheMiddlewareOfTheApplication()
    {
        await using var server = await HermesServer.StartAsync(options => options.Api.Key = null, map: app =>
        {
            app.UseForwardedHeaders(new() { ForwardedHeaders = Microsoft.AspNetCore.HttpOverrides.ForwardedHeaders.XForwardedFor });
            app.UseRouting();
            app.MapHermesApi();
        });

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "/api/memory"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(server, "/api/memory", ("X-Forwarded-For", "203.0.113.9")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(server, "/api/memory", ("X-Forwarded-For", "127.0.0.1")));
    }

    [Fact]
    public async Task Access_PageOfTheSiteBehindATlsProxy_IsNoOtherOrigin()
    {
        await using var server = await HermesServer.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "/api/memory", ("Origin", "https://hermes.example"), ("Sec-Fetch-Site", "same-origin")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(server, "/api/memory", ("Origin", "https://hermes.example"), ("Sec-Fetch-Site", "same-site")));
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Forbidden)]
    [InlineData("short", HttpStatusCode.Forbidden)]
    [InlineData(HermesServer.Key, HttpStatusCode.OK)]
    public async Task Access_AddressOfTheNetwork_IsServedWithALongKeyAlone(string? key, HttpStatusCode expected)
    {
        // As a request sees it that comes in before the guard has looked at the addresses.
        await using var server = await HermesServer.StartAsync(options => options.Api.Key = key, map: app =>
        {
            app.Use((http, next) =>
            {
                http.Connection.LocalIpAddress = IPAddress.Parse("192.0.2.1");
                return next(http);
            });
            app.UseRouting();
            app.MapHermesApi();
        });

        Assert.Equal(expected, await StatusAsync(server, "/api/memory"));
        Assert.Equal(expected, await StatusAsync(server, "/health"));
    }

    [Fact]
    public async Task Access_AnyOriginListed_AnswersStarWithoutCredentials()
    {
        await using var server = await HermesServer.StartAsync(options => options.Api.CorsOrigins = ["*"]);
        server.Client.DefaultRequestHeaders.Add("Origin", "https://anybody.example");

        var answer = await server.Client.GetAsync("/api/memory");

        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Access_OriginOfTheSameSite_IsNoOtherOrigin()
    {
        await using var server = await HermesServer.StartAsync();
        server.Client.DefaultRequestHeaders.Add("Origin", server.Address.GetLeftPart(UriPartial.Authority));

        Assert.Equal(HttpStatusCode.OK, (await server.Client.PostAsync("/api/sessions", null)).StatusCode);
    }

    [Theory]
    [InlineData("GET", "/health")]
    [InlineData("GET", "/api/memory")]
    [InlineData("GET", "/api/sessions/nope")]
    [InlineData("PUT", "/api/sessions")]
    [InlineData("GET", "/nope")]
    [InlineData("POST", "/api/sessions")]
    [InlineData("OPTIONS", "/api/sessions")]
    [InlineData("GET", "/api/events")]
    public async Task Access_EveryAnswer_CarriesTheSafetyHeaders(string method, string path)
    {
        await using var server = await HermesServer.StartAsync(options => options.Api.CorsOrigins = [Listed]);
        using var anonymous = server.CreateClient(null);
        foreach (var client in (HttpClient[])[server.Client, anonymous])
        {
            foreach (var (origin, length) in ((string?, int)[])[(null, 0), (Listed, 0), ("https://evil.example", 0), (null, 1_000_001)])
            {
                var request = new HttpRequestMessage(new HttpMethod(method), path);
                request.Content = length > 0 && method == "POST" ? new ByteArrayContent(new byte[length]) : null;
                if (origin is not null)
                    request.Headers.Add("Origin", origin);

                var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

                Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
                Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
                Assert.Equal(answer.Headers.ETag is null ? "no-store" : "no-cache, private", answer.Headers.CacheControl?.ToString());
            }
        }
    }

    [Theory]
    [InlineData(true, true, "/api/sessions", 1_000_001)]
    [InlineData(false, true, "/api/sessions", 1_000_001)]
    [InlineData(true, false, "/api/sessions", 1_000_001)]
    [InlineData(false, false, "/api/sessions", 1_000_001)]
    [InlineData(false, true, "/v1/chat/completions", 10_000_001)]
    [InlineData(false, false, "/v1/chat/completions", 10_000_001)]
    public async Task Access_BodyOverTheLimit_Is413BeforeTheKeyIsAsked(bool isAuthenticated, bool isLengthAnnounced, string path, int length)
    {
        await using var server = await HermesServer.StartAsync();
        using var client = server.CreateClient(isAuthenticated ? HermesServer.Key : null);
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(new byte[length]) };
        request.Headers.TransferEncodingChunked = !isLengthAnnounced;

        var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal(
            """{"error":{"message":"Request body too large.","type":"invalid_request_error","param":null,"code":"body_too_large"}}""",
            await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Access_BodyWithinTheLimitWithoutAKey_Is401(bool isLengthAnnounced)
    {
        await using var server = await HermesServer.StartAsync();
        using var client = server.CreateClient(null);
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/sessions") { Content = new ByteArrayContent(new byte[1_000_000]) };
        request.Headers.TransferEncodingChunked = !isLengthAnnounced;

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Access_CorsPolicyOfTheApplication_DecidesWhichOriginsMayCall()
    {
        await using var server = await HermesServer.StartAsync(
            options => options.Api.Key = null,
            configure: builder => builder.Services.AddCors(cors =>
            {
                cors.AddPolicy("own", policy => policy.WithOrigins(Listed));
                cors.AddPolicy("any", policy => policy.AllowAnyOrigin());
            }),
            map: app =>
            {
                app.UseCors();
                app.MapHermesApi().RequireCors("own");
                app.MapGroup("/any").MapHermesApi().RequireCors("any");
            });

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, "/api/memory", ("Origin", Listed), ("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(server, "/api/memory", ("Origin", "https://evil.example")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(server, "/any/api/memory", ("Origin", "https://evil.example")));
    }

    private static async Task<HttpStatusCode> StatusAsync(HermesServer server, string path, params (string Name, string? Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers.Where(header => header.Value is not null))
            request.Headers.TryAddWithoutValidation(name, value);

        return (await server.Client.SendAsync(request)).StatusCode;
    }

    private static void AssertCors(HttpResponseHeaders headers, string origin)
    {
        Assert.Equal(origin, headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("Origin", headers.Vary);
    }
}
