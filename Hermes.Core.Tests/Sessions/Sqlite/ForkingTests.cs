using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;
using Hermes.Testing;

namespace Hermes.Core.Tests.Sessions.Sqlite;

public sealed class ForkingTests : SqliteStoreTest
{
    private const string Rows = """
        INSERT INTO sessions(id, source, model, model_config, system_prompt, started_at, message_count, input_tokens) VALUES
            ('a', 'cli', 'm1', '{"temperature": 0.10, "_branched_from": "older", "n": 12345678901234567890}', 'Be kind.', 100, 99, 5);
        INSERT INTO messages(session_id, role, content, tool_calls, timestamp) VALUES
            ('a', 'user', char(0) || 'json:[1]', NULL, 110), ('a', 'assistant', 'b', '[{"id": "1"}, {"id": "2"}]', 111), ('a', 'tool', x'00ff', 'broken', 112);
        """;

    public static TheoryData<string> Schemas => new(
        StateDatabaseFiles.Schema1, StateDatabaseFiles.Schema6, StateDatabaseFiles.Schema13, StateDatabaseFiles.SchemaNewer, StateDatabaseFiles.SchemaWithoutIndex);

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task ForkAsync_AnyVersion_CopiesRowsAsTheyAreAndMarksTheBranch(string schema)
    {
        var home = await HomeAsync(schema, Rows);
        var store = Open(home);

        var branch = await store.ForkAsync("a", new NewFork { Id = "b" });

        Assert.Equal(("b", "api_server", "m1", "a"), (branch!.Id, branch.Source, branch.Model, branch.ParentSessionId));
        Assert.Equal((3, 2, 0, null), (branch.MessageCount, branch.ToolCallCount, branch.InputTokens, branch.EndedAt));
        Assert.Equal(["b", "a"], (await store.ListAsync(new SessionQuery())).Items.Select(session => session.Id));
        Assert.Null((await store.FindAsync("a"))!.EndedAt);
        Assert.Equal(
            """{"temperature":0.10,"n":12345678901234567890,"_branched_from":"a"} Be kind. True""" + "\n",
            await QueryAsync(home, """
                SELECT model_config, system_prompt, (SELECT group_concat(hex(role) || hex(content) || coalesce(hex(tool_calls), '') || timestamp) FROM messages WHERE session_id = 'a')
                    = (SELECT group_concat(hex(role) || hex(content) || coalesce(hex(tool_calls), '') || timestamp) FROM messages WHERE session_id = 'b')
                FROM sessions WHERE id = 'b'
                """));
        if (schema != StateDatabaseFiles.SchemaWithoutIndex)
            await StateDatabaseFiles.CheckIntegrityAsync(home);
    }

    [Theory]
    [InlineData("NULL")]
    [InlineData("'{broken'")]
    [InlineData("'[1]'")]
    [InlineData("x'00ff'")]
    [InlineData("'{\"a\":\"\\ud800\"}'")]
    public async Task ForkAsync_ModelConfigThatIsNoObject_IsLeftBehind(string config)
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema6, $"INSERT INTO sessions(id, source, model_config, started_at) VALUES ('a', 'cli', {config}, 1)");
        var store = Open(home);

        await store.ForkAsync("a", new NewFork { Id = "b" });

        Assert.Equal("{\"_branched_from\":\"a\"}\n", await QueryAsync(home, "SELECT model_config FROM sessions WHERE id = 'b'"));
    }

    [Fact]
    public async Task ForkAsync_ColumnsThatNobodyToldUsAbout_AreCopied()
    {
        var home = await HomeAsync(StateDatabaseFiles.SchemaNewer, """
            INSERT INTO system_prompts VALUES ('h', 'Be kind.');
            INSERT INTO sessions(id, source, started_at, system_prompt_hash) VALUES ('a', 'cli', 1, 'h');
            INSERT INTO messages(session_id, role, content, timestamp, active, compacted, weather) VALUES
                ('a', 'user', 'undone', 2, 0, 0, 'rain'), ('a', 'user', 'live', 3, 1, 0, 'sun');
            """);
        var store = Open(home);

        var branch = await store.ForkAsync("a", new NewFork { Id = "b" });

        Assert.Equal(1, branch!.MessageCount);
        Assert.Equal("0 rain\n1 sun\n", await QueryAsync(home, "SELECT active, weather FROM messages WHERE session_id = 'b' ORDER BY id"));
        Assert.Equal("h 1\n", await QueryAsync(home, "SELECT system_prompt_hash, last_activity_at = started_at FROM sessions WHERE id = 'b'"));
    }

    [Fact]
    public async Task UpdateAsync_FileWithPromptsApart_IsWrittenItsWay()
    {
        var home = await HomeAsync(StateDatabaseFiles.SchemaNewer, "INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1)");
        var store = Open(home);

        await store.UpdateAsync("a", new SessionChange { SystemPrompt = "Be brief." });
        Assert.Equal("None Be brief.\n", await QueryAsync(
            home, "SELECT system_prompt, prompt FROM sessions JOIN system_prompts ON hash = system_prompt_hash"));

        Assert.Equal("Be brief.", (await store.FindAsync("a"))!.SystemPrompt);
        await store.UpdateAsync("a", new SessionChange { SystemPrompt = "" });
        Assert.Equal("None None\n", await QueryAsync(home, "SELECT system_prompt, system_prompt_hash FROM sessions"));
    }

    private static Task<string> QueryAsync(TemporaryHome home, string sql) => PythonScript.RunAsync(
        """
        import sqlite3, sys
        for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]):
            print(*[bool(c) if i == 2 else c for i, c in enumerate(row)])
        """,
        home.Home.StateDatabase,
        sql);
}
