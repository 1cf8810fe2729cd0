using System.Net;
using System.Text.Json;
using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Http;

public class SearchEndpointTests
{
    [Fact]
    public async Task Search_Words_AnswersWhereTheyStandAndWhatWasSaidAround()
    {
        await using var server = await ServerAsync();

        var answer = await GetAsync(server, "/api/sessions/search?q=compose%20docker");

        Assert.Equal(["query", "count", "results", "has_more", "next", "complete"], answer.EnumerateObject().Select(field => field.Name));
        Assert.Equal("compose docker", answer.GetProperty("query").GetString());
        Assert.Equal(1, answer.GetProperty("count").GetInt32());
        Assert.False(answer.GetProperty("has_more").GetBoolean());
        var result = answer.GetProperty("results")[0];
        Assert.Equal(
            ["id", "session_id", "role", "snippet", "timestamp", "tool_name", "source", "model", "title", "session_started", "context"],
            result.EnumerateObject().Select(field => field.Name));
        Assert.Equal("deploying", result.GetProperty("session_id").GetString());
        Assert.Equal("assistant", result.GetProperty("role").GetString());
        Assert.Equal("Write a >>>Docker<<< >>>Compose<<< file.", result.GetProperty("snippet").GetString());
        Assert.Equal("cli", result.GetProperty("source").GetString());
        Assert.Equal("m/1", result.GetProperty("model").GetString());
        Assert.Equal(
            """[{"role":"user","content":"How do I deploy?"},{"role":"user","content":"谢谢，部署成功"}]""",
            result.GetProperty("context").GetRawText());
    }

    [Fact]
    public async Task Search_ScriptWithoutSpaces_MarksTheWordInTheSentence()
    {
        await using var server = await ServerAsync();

        var answer = await GetAsync(server, "/api/sessions/search?q=" + Uri.EscapeDataString("部署"));

        Assert.Equal("谢谢，>>>部署<<<成功", answer.GetProperty("results")[0].GetProperty("snippet").GetString());
    }

    [Fact]
    public async Task Search_LongText_ShowsThePartWithTheWord()
    {
        await using var server = await ServerAsync();
        var store = server.Services.GetRequiredService<SessionStore>();
        var filler = string.Concat(Enumerable.Repeat("😀 filler ", 500));
        await store.AppendAsync("deploying", [new NewMessage { Role = "user", Content = filler + "needle" + filler }]);

        var snippet = (await GetAsync(server, "/api/sessions/search?q=needle")).GetProperty("results")[0].GetProperty("snippet").GetString()!;

        Assert.Contains(">>>needle<<<", snippet, StringComparison.Ordinal);
        Assert.InRange(snippet.Length, 150, 250);
        Assert.StartsWith("...", snippet, StringComparison.Ordinal);
        Assert.EndsWith("...", snippet, StringComparison.Ordinal);
        Assert.DoesNotContain('\ufffd', snippet);
    }

    [Fact]
    public async Task Search_UnchangedSinceTheTag_Is304UntilSomethingIsSaid()
    {
        await using var server = await ServerAsync();
        var tag = (await server.Client.GetAsync("/api/sessions/search?q=deploy")).Headers.ETag!;

        Assert.Equal(HttpStatusCode.NotModified, (await GetIfNoneMatchAsync()).StatusCode);
        await server.Services.GetRequiredService<SessionStore>().AppendAsync("other", [Said("user", "Deploy it.", "2026-02-02")]);
        Assert.Equal(HttpStatusCode.OK, (await GetIfNoneMatchAsync()).StatusCode);

        Task<HttpResponseMessage> GetIfNoneMatchAsync() =>
            server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/api/sessions/search?q=deploy") { Headers = { IfNoneMatch = { tag } } });
    }

    [Fact]
    public async Task Search_NothingFound_IsAnEmptyAnswer()
    {
        await using var server = await HermesServer.StartAsync();

        var answer = await server.Client.GetStringAsync("/api/sessions/search?q=docker");

        Assert.Equal("""{"query":"docker","count":0,"results":[],"has_more":false,"next":null,"complete":true}""", answer);
        Assert.False(File.Exists(server.Home.Home.StateDatabase));
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData("&source=telegram", 1)]
    [InlineData("&source=none", 0)]
    [InlineData("&role=user", 2)]
    [InlineData("&role=user&source=cli", 1)]
    [InlineData("&session_id=deploying", 2)]
    [InlineData("&session_id=deploy", 0)]
    [InlineData("&since=1767225600", 1)]
    [InlineData("&since=2026-01-01T00:00:00Z", 1)]
    [InlineData("&since=2026-01-01", 1)]
    [InlineData("&until=2025-12-31T23:59:59", 2)]
    [InlineData("&since=1&until=2", 0)]
    [InlineData("&source=&role=&session_id=&since=&until=", 3)]
    public async Task Search_Filters_LeaveOutTheRest(string filters, int count)
    {
        await using var server = await ServerAsync();

        var answer = await GetAsync(server, "/api/sessions/search?q=deploy*%20OR%20docker" + filters);

        Assert.Equal(count, answer.GetProperty("count").GetInt32());
    }

    [Theory]
    [InlineData("limit=2", 2, true)]
    [InlineData("limit=2&offset=2", 1, false)]
    [InlineData("limit=3", 3, false)]
    [InlineData("limit=0", 1, true)]
    [InlineData("limit=1000&offset=-5", 3, false)]
    [InlineData("offset=9223372036854775807", 0, false)]
    public async Task Search_Pages_SayWhetherMoreFollows(string page, int count, bool hasMore)
    {
        await using var server = await ServerAsync();

        var answer = await GetAsync(server, "/api/sessions/search?q=deploy*%20OR%20docker&" + page);

        Assert.Equal((count, hasMore), (answer.GetProperty("count").GetInt32(), answer.GetProperty("has_more").GetBoolean()));
    }

    [Theory]
    [InlineData("", "'q' is required")]
    [InlineData("?q=", "'q' is required")]
    [InlineData("?q=%20%09", "'q' is required")]
    [InlineData("?q=x&limit=many", "'limit'")]
    [InlineData("?q=x&offset=1.5", "'offset'")]
    [InlineData("?q=x&since=yesterday", "'since'")]
    [InlineData("?q=x&until=01/02/2026", "'until'")]
    [InlineData("?q=x&since=NaN", "'since'")]
    public async Task Search_ValueThatCannotBeUnderstood_Is400ThatNamesIt(string query, string reason)
    {
        await using var server = await HermesServer.StartAsync();

        var answer = await server.Client.GetAsync("/api/sessions/search" + query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(reason, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2048, HttpStatusCode.OK)]
    [InlineData(2049, HttpStatusCode.BadRequest)]
    public async Task Search_Length_IsLimited(int length, HttpStatusCode status)
    {
        await using var server = await ServerAsync();

        var answer = await server.Client.GetAsync("/api/sessions/search?q=" + new string('x', length));

        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task SessionNamedSearch_IsReachedBySubPathsPatchAndDelete()
    {
        await using var server = await HermesServer.StartAsync();
        await server.Client.PostAsync("/api/sessions", new StringContent("""{"id":"search"}"""));

        Assert.Equal(HttpStatusCode.BadRequest, (await server.Client.GetAsync("/api/sessions/%73earch")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/api/sessions/search/messages")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.PatchAsync("/api/sessions/search", new StringContent("""{"title":"T"}"""))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.DeleteAsync("/api/sessions/search")).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await server.Client.PutAsync("/api/sessions/search", null)).StatusCode);
    }

    [Fact]
    public async Task Search_AThousandRandomTexts_AreNeverAnError()
    {
        string[] parts =
        [
            "\"", "'", "*", "^", ":", "-", "+", "(", ")", "{", "}", "[", "]", "\\", "/", "%", "_", "~", ",", ";", ".", " ", "  ", "\t", "\0", "\n",
            "AND", "OR", "NOT", "NEAR", "NEAR(", "NEAR/2", "and", "content:", "messages_fts", "rowid", "--", "/*", ";DROP TABLE messages",
            "docker", "déploy", "天气", "部署", "データ", "서버", "كِتَاب", "ภาษา", "😀", "👩‍👩‍👧", "\u200d", "\ufeff", "\u0301", "𠀀", "\ufffd", "1e999", "0x",
        ];
        var random = new Random(5);
        await using var server = await ServerAsync();

        for (var i = 0; i < 1000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => parts[random.Next(parts.Length)]));
            var answer = await server.Client.GetAsync("/api/sessions/search?q=" + Uri.EscapeDataString(text));
            var expected = string.IsNullOrWhiteSpace(text) ? HttpStatusCode.BadRequest : HttpStatusCode.OK;
            Assert.True(expected == answer.StatusCode, $"{(int)answer.StatusCode}: {text}");
        }
    }

    [Fact]
    public async Task Search_BytesThatAreNoUtf8_AreNoFault()
    {
        await using var server = await ServerAsync();
        using var socket = new RawHttp(server.Address);

        var answer = await socket.SendAsync(
            $"GET /api/sessions/search?q=%ff%fe%00%ed%a0%80 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {HermesServer.Key}\r\nConnection: close\r\n\r\n");

        Assert.Matches("^HTTP/1.1 (200|400) ", answer);
    }

    private static async Task<HermesServer> ServerAsync()
    {
        var server = await HermesServer.StartAsync();
        var store = server.Services.GetRequiredService<SessionStore>();
        await store.CreateAsync(new NewSession { Id = "deploying", Source = "cli", Model = "m/1" });
        await store.AppendAsync(
            "deploying",
            [
                Said("user", "How do I deploy?", "2025-12-01"),
                Said("assistant", "Write a Docker Compose file.", "2025-12-02"),
                Said("user", "谢谢，部署成功", "2025-12-03"),
            ]);
        await store.CreateAsync(new NewSession { Id = "other", Source = "telegram" });
        await store.AppendAsync("other", [Said("user", "When was it deployed?", "2026-02-01")]);
        return server;
    }

    private static NewMessage Said(string role, string content, string day) => new()
    {
        Role = role,
        Content = content,
        Timestamp = DateTimeOffset.Parse(day + "T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture),
    };

    private static async Task<JsonElement> GetAsync(HermesServer server, string path)
    {
        // Not as a Uri of the client's: that would decode what is to stay encoded.
        var answer = await server.Client.SendAsync(new HttpRequestMessage(
            HttpMethod.Get, new Uri(server.Address.ToString().TrimEnd('/') + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true })));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync()).RootElement;
    }
}
