using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Hermes.Core.Tests.Support;

namespace Hermes.Core.Tests.Http;

/// <summary>Sessions of people who keep many, over the wire.</summary>
public sealed class SessionFlagEndpointTests
{
    private const string Sessions = """
        INSERT INTO sessions(id, source, parent_session_id, started_at, end_reason, message_count) VALUES
            ('a', 'cli', NULL, 100, 'compression', 1), ('a2', 'cli', 'a', 200, NULL, 1), ('b', 'cli', NULL, 300, NULL, 0);
        INSERT INTO messages(session_id, role, content, timestamp) VALUES ('a', 'user', 'one', 110), ('a2', 'user', 'two', 310);
        """;

    [Fact]
    public async Task Patch_Flags_AreInTheAnswerAndInTheLists()
    {
        using var home = await StateDatabaseFiles.CreateHomeAsync(StateDatabaseFiles.Schema30, Sessions);
        await using var server = await HermesServer.StartAsync(home: home);

        var changed = await PatchAsync(server, "a2", """{"pinned": true, "archived": true, "unread": true}""");

        Assert.Equal("a", (string?)changed["session"]!["id"]);
        Assert.Equal("{\"pinned\":true,\"archived\":true,\"hidden\":false,\"unread\":true}", Flags(changed["session"]!));
        Assert.Equal("{\"pinned\":true,\"archived\":true,\"hidden\":false,\"unread\":true}", Flags((await GetAsync(server, "/api/sessions/a2"))["session"]!));
        Assert.Equal("b; total 1", await ListAsync(server, ""));
        Assert.Equal("b; total 1", await ListAsync(server, "?archived=exclude"));
        Assert.Equal("a; total 1", await ListAsync(server, "?archived=only"));
        Assert.Equal("b a; total 2", await ListAsync(server, "?archived=include"));
        Assert.Equal("a b; total 2", await ListAsync(server, "?archived=include&pinned=first"));
        Assert.Equal("b; total 1", await ListAsync(server, "?archived=include&pinned=exclude"));
        Assert.Equal("a; total 1", await ListAsync(server, "?archived=include&pinned=only"));
        Assert.Equal("a b; total 2", await ListAsync(server, "?archived=include&order=recent"));
        Assert.Equal("a; total 1", await ListAsync(server, "?archived=include&min_messages=2"));
    }

    [Fact]
    public async Task Patch_FileWithoutFlags_Is400WithTheReason()
    {
        using var home = await StateDatabaseFiles.CreateHomeAsync(StateDatabaseFiles.Schema6, Sessions);
        await using var server = await HermesServer.StartAsync(home: home);

        foreach (var field in (string[])["pinned", "archived", "hidden", "unread"])
        {
            var answer = await SendAsync(server, "a", $$"""{"{{field}}": true}""");
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.StartsWith($"'{field}' cannot be stored in this home", (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"], StringComparison.Ordinal);
        }

        var session = (await GetAsync(server, "/api/sessions/a"))["session"]!.AsObject();
        Assert.DoesNotContain(session, field => field.Key is "pinned" or "archived" or "hidden" or "unread");
        Assert.Equal("b a; total 2", await ListAsync(server, "?pinned=first"));
        Assert.Equal("; total 0", await ListAsync(server, "?archived=only"));
    }

    [Theory]
    [InlineData("pinned", "1")]
    [InlineData("archived", "null")]
    [InlineData("hidden", "\"true\"")]
    [InlineData("unread", "[]")]
    public async Task Patch_FlagThatIsNoBoolean_Is400WithACode(string field, string value)
    {
        await using var server = await HermesServer.StartAsync();

        var answer = await SendAsync(server, "a", $$"""{"title": "T", "{{field}}": {{value}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(
            $$"""{"error":"'{{field}}' must be true or false","code":"invalid_session_field"}""", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("archived=yes", "'archived' must be exclude, include or only")]
    [InlineData("pinned=1", "'pinned' must be exclude, include, only or first")]
    [InlineData("order=Recent", "'order' must be created or recent")]
    [InlineData("min_messages=few", "'min_messages' must be a whole number")]
    [InlineData("order=recent&before=AAAA", "Invalid before: it is not the \"next\" of a page in this order")]
    public async Task List_ValueThatIsNone_Is400ByName(string query, string message)
    {
        await using var server = await HermesServer.StartAsync();

        var answer = await server.Client.GetAsync("/api/sessions?" + query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(message, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["error"]);
    }

    private static string Flags(JsonNode session) =>
        new JsonObject(session.AsObject().Where(field => field.Key is "pinned" or "archived" or "hidden" or "unread")
            .Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))).ToJsonString();

    private static async Task<string> ListAsync(HermesServer server, string query)
    {
        var page = await GetAsync(server, "/api/sessions" + query);
        return $"{string.Join(' ', page["items"]!.AsArray().Select(session => (string?)session!["id"]))}; total {page["total"]}";
    }

    private static async Task<JsonNode> GetAsync(HermesServer server, string path) => JsonNode.Parse(await server.Client.GetStringAsync(path))!;

    private static Task<HttpResponseMessage> SendAsync(HermesServer server, string id, string body) =>
        server.Client.PatchAsync($"/api/sessions/{id}", new StringContent(body, Encoding.UTF8, "application/json"));

    private static async Task<JsonNode> PatchAsync(HermesServer server, string id, string body)
    {
        var answer = await SendAsync(server, id, body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }
}
