using System.Net;
using System.Net.Http.Headers;
using Hermes.Core.Tests.Support;

namespace Hermes.Core.Tests.Http;

public class GateTests
{
    private const string Listed = "https://ui.example";

    [Theory]
    [InlineData("/api/memory/")]
    [InlineData("/API/memory")]
    [InlineData("/api/Sessions")]
    [InlineData("/api/sessions/x/Messages")]
    [InlineData("/api/nope")]
    [InlineData("/")]
    public async Task Gate_UnknownPath_Is404WithoutAKey(string path)
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
    public async Task Gate_WrongMethod_Is405WithAllowAndWithoutAKey(string method, string path, string allow)
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
    [InlineData("bearer " + HermesServer.Key)]
    [InlineData("Basic " + HermesServer.Key)]
    [InlineData("Bearer " + HermesServer.Key + "x")]
    [InlineData("Bearer \u00e9\u00e9")]
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
        Assert.Equal(
            """{"error":{"message":"Invalid API key","type":"invalid_request_error","code":"invalid_api_key"}}""",
            await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("Bearer " + HermesServer.Key)]
    [InlineData("Bearer  " + HermesServer.Key)]
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
    public async Task Gate_WithoutAKey_ServesOwnNamesAlone(string host, HttpStatusCode expected)
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
    public async Task Gate_WithAKey_ServesAnyHostName()
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
    public async Task Gate_OriginThatIsNotListed_Is403WithoutABody(string origin)
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
    public async Task Gate_ListedOrigin_GetsCorsHeadersAlsoOnErrors(string method, string path, HttpStatusCode expected)
    {
        await using var server = await HermesServer.StartAsync(options => options.Api.CorsOrigins = [Listed]);
        server.Client.DefaultRequestHeaders.Add("Origin", Listed);

        var answer = await server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(expected, answer.StatusCode);
        AssertCors(answer.Headers, Listed);
        Assert.Equal("X-Hermes-Session-Id", answer.Headers.GetValues("Access-Control-Expose-Headers").Single());
    }

    [Fact]
    public async Task Gate_ListedOriginWithoutAKey_Gets401WithCorsHeaders()
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
    public async Task Gate_Preflight_IsAnsweredWithoutAKey(string path)
    {
        await using var server = await HermesServer.StartAsync(options => options.Api.CorsOrigins = [Listed]);
        using var anonymous = server.CreateClient(null);
        var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", Listed);
        request.Headers.Add("Access-Control-Request-Method", "PATCH");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-hermes-session-id");

        var answer = await anonymous.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        AssertCors(answer.Headers, Listed);
        Assert.Contains("PATCH", answer.Headers.GetValues("Access-Control-Allow-Methods").Single(), StringComparison.Ordinal);
        Assert.Contains("X-Hermes-Session-Id", answer.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);
        Assert.Equal("600", answer.Headers.GetValues("Access-Control-Max-Age").Single());
    }

    [Fact]
    public async Task Gate_AnyOriginListed_AnswersStarWithoutCredentials()
    {
        await using var server = await HermesServer.StartAsync(options => options.Api.CorsOrigins = ["*"]);
        server.Client.DefaultRequestHeaders.Add("Origin", "https://anybody.example");

        var answer = await server.Client.GetAsync("/api/memory");

        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Gate_OriginOfTheSameSite_IsNoOtherOrigin()
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
    public async Task Gate_EveryAnswer_CarriesTheSafetyHeaders(string method, string path)
    {
        await using var server = await HermesServer.StartAsync();

        var answer = await server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Gate_BodyOverTheLimit_Is413BeforeTheKeyIsAsked(bool isAuthenticated)
    {
        await using var server = await HermesServer.StartAsync();
        using var client = server.CreateClient(isAuthenticated ? HermesServer.Key : null);

        var answer = await client.PostAsync("/api/sessions", new ByteArrayContent(new byte[1_000_001]));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal(
            """{"error":{"message":"Request body too large.","type":"invalid_request_error","param":null,"code":"body_too_large"}}""",
            await answer.Content.ReadAsStringAsync());
    }

    private static void AssertCors(HttpResponseHeaders headers, string origin)
    {
        Assert.Equal(origin, headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("Origin", headers.Vary);
    }
}
