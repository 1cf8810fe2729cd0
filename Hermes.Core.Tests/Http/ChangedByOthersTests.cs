using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Http;

/// <summary>Answers that are kept, and another process that changes what they show.</summary>
public sealed class ChangedByOthersTests
{
    private const string Word = "wombat";

    private const string RenameSession = $"UPDATE sessions SET title = '{Word}' WHERE id = 'known'";
    private const string AddMessage = $"INSERT INTO messages (session_id, role, content, timestamp) VALUES ('known', 'user', 'greetings, {Word}', 2e9)";

    // Each: what is asked for, the file, and what the other process does: SQL for a database, else the text that it writes.
    public static TheoryData<string, string, string> Changes => new()
    {
        { "/api/sessions", "state.db", RenameSession },
        { "/api/sessions?limit=7&offset=0", "state.db", RenameSession },
        { "/api/sessions/known", "state.db", RenameSession },
        { "/api/sessions/kno", "state.db", RenameSession },
        { "/api/sessions/known/messages", "state.db", AddMessage },
        { "/api/sessions/search?q=greetings", "state.db", AddMessage },
        { "/api/memory", "memories/MEMORY.md", Word },
        { "/api/memory?target=user", "memories/USER.md", Word },
        { "/api/skills", "skills/a/SKILL.md", $"---\nname: {Word}\ndescription: one\n---\nText." },
        { "/api/skills", "skills/b/SKILL.md", $"---\nname: {Word}\ndescription: another\n---\nText." },
        { "/api/skills/first", "skills/a/SKILL.md", $"---\nname: first\ndescription: {Word}\n---\nText." },
        { "/api/skills/categories", "skills/tools/c/SKILL.md", $"---\nname: c\ndescription: third\ncategory: {Word}\n---\nText." },
        { "/api/config", "config.yaml", $"model: {Word}" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Get_ChangedByAnotherProcess_ShowsItAtOnce(string path, string file, string change)
    {
        await using var server = await StartAsync();
        var tag = (await GetAsync(server, path)).Headers.ETag!;

        // From the second time on, what is kept is served.
        for (var again = 0; again < 3; again++)
        {
            using var unchanged = await GetAsync(server, path);
            Assert.Equal((HttpStatusCode.OK, tag), (unchanged.StatusCode, unchanged.Headers.ETag));
            Assert.DoesNotContain(Word, await unchanged.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NotModified, (await GetAsync(server, path, tag)).StatusCode);
        }

        await ChangeAsync(Path.Join(server.Home.Path, file), change);
        using var changed = await GetAsync(server, path, tag);

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(tag, changed.Headers.ETag);
        Assert.Contains(Word, await changed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/sessions/nobody", HttpStatusCode.NotFound)]
    [InlineData("/api/sessions/nobody/messages", HttpStatusCode.NotFound)]
    [InlineData("/api/sessions?before=garbage", HttpStatusCode.BadRequest)]
    [InlineData("/api/skills/nobody", HttpStatusCode.NotFound)]
    [InlineData("/api/sessions/known", HttpStatusCode.NotModified)]
    [InlineData("/api/sessions", HttpStatusCode.NotModified)]
    public async Task Get_IfAnythingIsThere_Is304OnlyWhereSomethingIs(string path, HttpStatusCode expected)
    {
        await using var server = await StartAsync();

        using var answer = await GetAsync(server, path, EntityTagHeaderValue.Any);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task List_SessionsHiddenByAnotherProcess_AreNotCountedForLong()
    {
        const int Sessions = 20_000;
        await using var server = await StartAsync();
        var database = server.Home.Home.StateDatabase;
        await PythonScript.RunSqlAsync(database, $"""
            ALTER TABLE sessions ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
            WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {Sessions})
            INSERT INTO sessions (id, source, started_at) SELECT 's' || i, 'cli', i FROM n;
            """);
        Assert.Equal(Sessions, await TotalAsync(await GetAsync(server, "/api/sessions?limit=1")));

        // Counting takes a while, so the total of a moment ago may be given once more. Nothing else is committed after this.
        await PythonScript.RunSqlAsync(database, "UPDATE sessions SET archived = 1 WHERE id IN ('s10', 's11', 's12')");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        EntityTagHeaderValue? tag = null;
        for (long total = -1; total != Sessions - 3; patience.Token.ThrowIfCancellationRequested())
        {
            using var answer = await GetAsync(server, "/api/sessions?limit=1", tag);
            if (answer.StatusCode != HttpStatusCode.NotModified)
            {
                total = await TotalAsync(answer);
                tag = answer.Headers.ETag;
            }
        }
    }

    private static async Task<HermesServer> StartAsync()
    {
        var server = await HermesServer.StartAsync();
        await server.Services.GetRequiredService<SessionStore>().CreateAndAppendAsync(
            new NewSession { Id = "known", Title = "a title" }, [new NewMessage { Role = "user", Content = "greetings" }]);
        await ChangeAsync(Path.Join(server.Home.Path, "memories/MEMORY.md"), "nothing");
        await ChangeAsync(Path.Join(server.Home.Path, "memories/USER.md"), "nobody");
        await ChangeAsync(Path.Join(server.Home.Path, "skills/a/SKILL.md"), "---\nname: first\ndescription: one\n---\nText.");
        await ChangeAsync(Path.Join(server.Home.Path, "config.yaml"), "model: none");
        return server;
    }

    private static Task ChangeAsync(string file, string change) => file.EndsWith(".db", StringComparison.Ordinal)
        ? PythonScript.RunSqlAsync(file, change)
        : PythonScript.RunAsync(
            """
            import os, sys
            os.makedirs(os.path.dirname(sys.argv[1]), exist_ok=True)
            with open(sys.argv[1], "w", encoding="utf-8") as file:
                file.write(sys.argv[2])
            """,
            file,
            change);

    private static Task<HttpResponseMessage> GetAsync(HermesServer server, string path, EntityTagHeaderValue? known = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (known is not null)
            request.Headers.IfNoneMatch.Add(known);

        return server.Client.SendAsync(request);
    }

    private static async Task<long> TotalAsync(HttpResponseMessage answer) =>
        JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("total").GetInt64();
}
