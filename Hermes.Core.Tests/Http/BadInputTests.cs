using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Http;

public class BadInputTests
{
    public static TheoryData<string, string> Bodies => new()
    {
        { "{bad", "Invalid JSON" },
        { "{\"title\":\"x\"} trailing", "Invalid JSON" },
        { "{\"title\":NaN}", "Invalid JSON" },
        { "[{\"title\":\"x\"}]", "must be a JSON object" },
        { "\"text\"", "must be a JSON object" },
        { "5", "must be a JSON object" },
        { "null", "must be a JSON object" },
        { "{\"title\":5}", "'title' must be a string" },
        { "{\"title\":true}", "'title' must be a string" },
        { "{\"title\":[1]}", "'title' must be a string" },
        { "{\"title\":{\"a\":1}}", "'title' must be a string" },
        { "{\"title\":\"\\ud800\"}", "half of a surrogate pair" },
        { "{\"\\udc00\":1}", "half of a surrogate pair" },
        { "{\"a\\ud800\":{\"\\ud800\\ud800\":1}}", "half of a surrogate pair" },
        { "{\"title\":" + new string('[', 5_000) + new string(']', 5_000) + "}", "nested deeper than 64" },
        { "{\"title\":" + new string('[', 5_000) + new string(']', 4_999) + "}", "Invalid JSON" },
        { "{\"title\":" + new string('[', 100) + new string(']', 100) + "}", "nested deeper than 64" },
        { "{\"title\":\"" + new string('x', 101) + "\"}", "Title too long (101 chars, max 100)" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Create_BadBody_Is400WithTheReasonAndStoresNothing(string body, string reason) =>
        await AssertRefusedAsync(HttpMethod.Post, "/api/sessions", Encoding.UTF8.GetBytes(body), reason);

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Patch_BadBody_Is400WithTheReason(string body, string reason) =>
        await AssertRefusedAsync(HttpMethod.Patch, "/api/sessions/nope", Encoding.UTF8.GetBytes(body), reason, HttpStatusCode.NotFound);

    [Theory]
    [InlineData("{\"id\":5}", "'id' must be a string")]
    [InlineData("{\"model\":{}}", "'model' must be a string")]
    [InlineData("{\"source\":[]}", "'source' must be a string")]
    [InlineData("{\"id\":\"nu\\u0000l\"}", "id")]
    [InlineData("{\"id\":\"line\\nbreak\"}", "id")]
    [InlineData("{\"id\":\"\\udc00\"}", "half of a surrogate pair")]
    public async Task Create_BadField_Is400WithTheReasonAndStoresNothing(string body, string reason) =>
        await AssertRefusedAsync(HttpMethod.Post, "/api/sessions", Encoding.UTF8.GetBytes(body), reason);

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("{\"title\":null}")]
    [InlineData("{\"title\":\"\"}")]
    [InlineData("{\"title\":false}")]
    [InlineData("{\"title\":[]}")]
    [InlineData("{\"title\":0}")]
    [InlineData("{\"title\":\"  \\t\\n \"}")]
    [InlineData("{\"title\":\"\\u200b\\ufeff\\u0007\"}")]
    [InlineData("{\"title\":\"\\u3000\",\"end_reason\":\"done\"}")]
    public async Task Patch_WithoutATitle_SaysThatItIsRequired(string body) =>
        await AssertRefusedAsync(HttpMethod.Patch, "/api/sessions/nope", Encoding.UTF8.GetBytes(body), "title required");

    [Theory]
    [InlineData(" \\t\\n ")]
    [InlineData("\\u200b\\ufeff\\u0007")]
    public async Task Create_TitleOfNothingThatShows_HasNone(string title)
    {
        await using var server = await HermesServer.StartAsync();

        using var answer = await server.Client.PostAsync("/api/sessions", new StringContent($$"""{"id":"a","title":"{{title}}"}"""));

        var session = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("session");
        Assert.Equal(JsonValueKind.Null, session.GetProperty("title").ValueKind);
    }

    [Fact]
    public async Task Create_BodyThatIsNotUtf8_Is400() =>
        await AssertRefusedAsync(HttpMethod.Post, "/api/sessions", [.. "{\"id\":\""u8, 0xff, 0xfe, .. "\"}"u8], "not valid UTF-8");

    [Theory]
    [InlineData("gzip", null, "Content-Encoding")]
    [InlineData("x-unknown", null, "Content-Encoding")]
    [InlineData(null, "application/json; charset=utf-16", "UTF-8")]
    [InlineData(null, "application/json; charset=latin1", "UTF-8")]
    public async Task Create_EncodedBody_Is415(string? encoding, string? contentType, string reason)
    {
        await using var server = await HermesServer.StartAsync();
        var content = new ByteArrayContent("{}"u8.ToArray());
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);

        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);

        var answer = await server.Client.PostAsync("/api/sessions", content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains(reason, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_ChunkedBodyOverTheLimit_Is413AndStoresNothing()
    {
        await using var server = await HermesServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/sessions") { Content = new StreamContent(new MemoryStream(new byte[10_000_000])) };
        request.Headers.TransferEncodingChunked = true;

        var answer = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.False(File.Exists(server.Home.Home.StateDatabase));
    }

    [Theory]
    [InlineData("limit=")]
    [InlineData("limit=x")]
    [InlineData("limit=1.5")]
    [InlineData("limit=0x10")]
    [InlineData("offset=-")]
    [InlineData("offset=%00")]
    [InlineData("include_children=maybe")]
    [InlineData("before=not-a-cursor")]
    [InlineData("before=9999999999999999999999999999999999999999")]
    [InlineData("before=AAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task List_BadQuery_Is400ThatNamesTheField(string query)
    {
        await using var server = await HermesServer.StartAsync();
        await server.Client.PostAsync("/api/sessions", null);

        var answer = await server.Client.GetAsync($"/api/sessions?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(query.Split('=')[0], await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("limit=99999999999999999999999999", 500)]
    [InlineData("limit=-5", 1)]
    [InlineData("limit=-99999999999999999999999999", 1)]
    [InlineData("limit=0", 1)]
    [InlineData("limit=+7", 7)]
    [InlineData("offset=9223372036854775807", 50)]
    [InlineData("offset=-99999999999999999999999", 50)]
    public async Task List_NumberOutOfRange_IsPulledIntoIt(string query, int limit)
    {
        await using var server = await HermesServer.StartAsync();

        var page = JsonDocument.Parse(await server.Client.GetStringAsync($"/api/sessions?{query.Replace("+", "%2B", StringComparison.Ordinal)}")).RootElement;

        Assert.Equal(limit, page.GetProperty("limit").GetInt32());
    }

    [Theory]
    [InlineData("/api/sessions/%ff%fe")]
    [InlineData("/api/sessions/%")]
    [InlineData("/api/sessions/%2")]
    [InlineData("/api/sessions/%25")]
    [InlineData("/api/sessions/'%20OR%20'1'='1")]
    [InlineData("/api/sessions/..%2f..%2fetc%2fpasswd")]
    [InlineData("/api/sessions/%0d%0aX-Evil:1")]
    public async Task Get_StrangeId_IsNotFound(string path)
    {
        await using var server = await HermesServer.StartAsync();
        await server.Client.PostAsync("/api/sessions", null);
        using var socket = new RawHttp(server.Address);

        var answer = await socket.SendAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {HermesServer.Key}\r\nConnection: close\r\n\r\n");

        Assert.Matches("^HTTP/1.1 (400|404) ", answer);
    }

    [Theory]
    [InlineData("PATCH", "/api/config")]
    [InlineData("POST", "/api/memory")]
    [InlineData("POST", "/v1/chat/completions")]
    [InlineData("POST", "/api/sessions/any/fork")]
    public async Task AnyBody_HalfASurrogatePairAsAName_Is400(string method, string path)
    {
        await using var server = await HermesServer.StartAsync(options => options.Api.AllowConfigWrites = options.Api.AllowMemoryWrites = true);

        var answer = await server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = new StringContent("""{"target":"memory","content":"x","\udc00":1}""", Encoding.UTF8, "application/json"),
        });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("a\u0001b")]
    [InlineData("\u007f")]
    [InlineData("tab\tinside")]
    public async Task Chat_ControlCharacterInTheSessionHeader_Is400(string id)
    {
        const string Body = """{"messages":[{"role":"user","content":"hi"}]}""";
        await using var server = await HermesServer.StartAsync();
        using var socket = new RawHttp(server.Address);

        var answer = await socket.SendAsync(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {HermesServer.Key}\r\nX-Hermes-Session-Id: {id}\r\n"
            + $"Content-Length: {Body.Length}\r\nConnection: close\r\n\r\n{Body}");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("control characters", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/nothing", """{"error":{"message":"Not Found",""")]
    [InlineData("/api/nothing", """{"error":"Not Found"}""")]
    public async Task Get_UnknownPath_Is404InTheShapeOfItsNeighbours(string path, string body)
    {
        await using var server = await HermesServer.StartAsync();

        var answer = await server.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.StartsWith(body, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_UnknownPathBelowAPrefix_Is404InTheShapeOfItsNeighbours()
    {
        await using var server = await HermesServer.StartAsync(map: app => app.MapGroup("/assistant").MapHermesNotFound());

        Assert.StartsWith("""{"error":{"message":""", await (await server.Client.GetAsync("/assistant/v1/nothing")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("""{"error":"Not Found"}""", await (await server.Client.GetAsync("/assistant/api/nothing")).Content.ReadAsStringAsync());
    }

    private static async Task AssertRefusedAsync(
        HttpMethod method, string path, byte[] body, string reason, HttpStatusCode alternative = HttpStatusCode.BadRequest)
    {
        await using var server = await HermesServer.StartAsync();
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        var answer = await server.Client.SendAsync(new HttpRequestMessage(method, path) { Content = content });

        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest || answer.StatusCode == alternative, $"{answer.StatusCode}");
        if (answer.StatusCode is HttpStatusCode.BadRequest)
        {
            var error = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetString();
            Assert.Contains(reason, error, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await server.Services.GetRequiredService<SessionStore>().ListAsync(new SessionQuery())).Total);
    }
}
