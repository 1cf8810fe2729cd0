using System.Net.Http.Json;
using System.Text.Json;
using Hermes.Core.Http;
using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Hermes.Core.Tests.Http;

/// <summary>The rows of lists, for older clients (<c>items</c>) and newer ones (<c>data</c>).</summary>
public class ListKeysTests
{
    private static readonly string[] Lists =
    [
        "/api/sessions", "/api/sessions?limit=1", "/api/sessions?q=nothing", "/api/sessions/s/messages", "/api/sessions/s/messages?limit=1&order=latest",
        "/api/sessions/empty/messages", "/api/sessions/s/messages?offset=100", "/api/skills", "/api/skills?content=0", "/api/skills?q=docker", "/api/skills?category=none",
    ];

    public static TheoryData<string> Paths => new(Lists);

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Both_RowsStandTwice(string path)
    {
        await using var server = await StartAsync(ListKeys.Both);

        var first = await server.Client.GetFromJsonAsync<JsonElement>(path);
        var unchanged = await server.Client.GetFromJsonAsync<JsonElement>(path);

        Assert.Equal("list", first.GetProperty("object").GetString());
        Assert.Equal(first.GetProperty("items").GetRawText(), first.GetProperty("data").GetRawText());
        Assert.Equal(first.GetRawText(), unchanged.GetRawText());
        Assert.True(first.TryGetProperty("total", out _));
        Assert.Equal(first.EnumerateObject().Select(property => property.Name).Distinct().Count(), first.EnumerateObject().Count());
    }

    [Theory]
    [InlineData(ListKeys.Items, "items", "data")]
    [InlineData(ListKeys.Data, "data", "items")]
    public async Task One_RowsStandOnce(ListKeys keys, string there, string missing)
    {
        await using var server = await StartAsync(keys);

        foreach (var path in Lists)
        {
            var answer = await server.Client.GetFromJsonAsync<JsonElement>(path);
            Assert.Equal(JsonValueKind.Array, answer.GetProperty(there).ValueKind);
            Assert.False(answer.TryGetProperty(missing, out _), path);
        }
    }

    [Theory]
    [InlineData("s")]
    [InlineData("em")]
    public async Task Messages_NameTheirSession(string idOrPrefix)
    {
        await using var server = await StartAsync(ListKeys.Both);

        var answer = await server.Client.GetFromJsonAsync<JsonElement>($"/api/sessions/{idOrPrefix}/messages");

        Assert.Equal(idOrPrefix == "s" ? "s" : "empty", answer.GetProperty("session_id").GetString());
    }

    [Theory]
    [InlineData(0, 40)]
    [InlineData(3, 5)]
    public async Task MessagesOfSeveralPieces_AreTheSameTwice(int offset, int limit)
    {
        await using var server = await StartAsync(ListKeys.Both);
        var store = server.Services.GetRequiredService<SessionStore>();
        await store.AppendAsync("empty", [.. Enumerable.Range(0, 40).Select(i => new NewMessage { Role = "user", Content = $"{i} {new string('x', 60_000)}" })]);

        var answer = await server.Client.GetFromJsonAsync<JsonElement>($"/api/sessions/empty/messages?offset={offset}&limit={limit}");

        Assert.Equal(answer.GetProperty("items").GetRawText(), answer.GetProperty("data").GetRawText());
        Assert.Equal(limit, answer.GetProperty("data").GetArrayLength());
        Assert.Equal((40, limit < 37), (answer.GetProperty("total").GetInt32(), answer.GetProperty("has_more").GetBoolean()));
    }

    [Fact]
    public async Task SearchHits_HaveTheTitleOfTheirConversation()
    {
        await using var server = await StartAsync(ListKeys.Both);

        var hits = (await server.Client.GetFromJsonAsync<JsonElement>("/api/sessions/search?q=hello")).GetProperty("results").EnumerateArray().ToList();

        Assert.Equal(["The title", null], hits.OrderBy(hit => hit.GetProperty("session_id").GetString()).Select(hit => hit.GetProperty("title").GetString()));
    }

    [Fact]
    public async Task SearchHits_OfAContinuedConversation_HaveItsLastTitle()
    {
        using var home = await StateDatabaseFiles.CreateHomeAsync(
            StateDatabaseFiles.Schema6,
            "INSERT INTO sessions(id, source, started_at, ended_at, end_reason, title) VALUES ('first', 'cli', 1, 2, 'compression', 'Old')",
            "INSERT INTO sessions(id, source, started_at, parent_session_id, title) VALUES ('last', 'cli', 3, 'first', 'New')",
            "INSERT INTO messages(session_id, role, content, timestamp) VALUES ('first', 'user', 'needle', 1), ('last', 'user', 'needle again', 3)");
        await using var server = await HermesServer.StartAsync(home: home);

        var answer = await server.Client.GetFromJsonAsync<JsonElement>("/api/sessions/search?q=needle");

        Assert.Equal(["New", "New"], answer.GetProperty("results").EnumerateArray().Select(hit => hit.GetProperty("title").GetString()));
    }

    [Fact]
    public async Task SearchHits_OfAFileWithoutTitles_HaveNone()
    {
        using var home = await StateDatabaseFiles.CreateHomeAsync(
            StateDatabaseFiles.Schema1,
            "INSERT INTO sessions(id, source, started_at) VALUES ('s', 'cli', 1)",
            "INSERT INTO messages(session_id, role, content, timestamp) VALUES ('s', 'user', 'needle', 1)");
        await using var server = await HermesServer.StartAsync(home: home);

        var hit = Assert.Single((await server.Client.GetFromJsonAsync<JsonElement>("/api/sessions/search?q=needle")).GetProperty("results").EnumerateArray());

        Assert.Equal(JsonValueKind.Null, hit.GetProperty("title").ValueKind);
    }

    [Fact]
    public async Task UnknownKeys_AreRefusedAtStart()
    {
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync((ListKeys)7));

        Assert.Contains("Hermes:Api:ListKeys is not Both, Items or Data", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<HermesServer> StartAsync(ListKeys keys)
    {
        var server = await HermesServer.StartAsync(options => options.Api.ListKeys = keys);
        server.Home.Write("skills/devops/docker/SKILL.md", "---\nname: docker\n---\nText.");
        server.Home.Write("skills/git/SKILL.md", "---\nname: git\n---\nText.");
        var store = server.Services.GetRequiredService<SessionStore>();
        await store.CreateAsync(new NewSession { Id = "s", Title = "The title" });
        await store.CreateAsync(new NewSession { Id = "t" });
        await store.CreateAsync(new NewSession { Id = "empty" });
        await store.AppendAsync("s", [new NewMessage { Role = "user", Content = "hello" }, new NewMessage { Role = "assistant", Content = "hi “ü” 😀" }]);
        await store.AppendAsync("t", [new NewMessage { Role = "user", Content = "hello" }]);
        return server;
    }
}
