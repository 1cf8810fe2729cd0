using System.Security.Cryptography;
using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;
using Hermes.Testing;

namespace Hermes.Core.Tests.Sessions.Sqlite;

public sealed class SchemaTests : SqliteStoreTest
{
    private const string Rows = """
        INSERT INTO sessions(id, source, model, model_config, parent_session_id, started_at, message_count) VALUES
            ('root', 'cli', 'm1', '{"a": 1}', NULL, 100.5, 2),
            ('kid', 'cli', NULL, NULL, 'root', 101, NULL),
            ('branch', 'telegram', NULL, '{"_branched_from": "root"}', 'root', 102, 0),
            ('broken', 'telegram', NULL, '{"_branched_from"', 'root', 103, 0);
        INSERT INTO messages(session_id, role, content, tool_calls, timestamp) VALUES
            ('root', 'user', 'hello', NULL, 110), ('root', 'assistant', 'hi', '[{"id": "a"}]', 111);
        """;

    public static TheoryData<string> Schemas => new(
        StateDatabaseFiles.Schema1, StateDatabaseFiles.Schema6, StateDatabaseFiles.Schema13, StateDatabaseFiles.SchemaNewer);

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task Reading_AnyVersion_GivesWhatIsThereAndChangesNothing(string schema)
    {
        var home = await HomeAsync(schema, Rows);
        var before = await StateDatabaseFiles.DumpAsync(home);
        using (var store = Open(home))
        {
            var page = await store.ListAsync(new SessionQuery());
            Assert.Equal(["branch", "root"], page.Items.Select(s => s.Id));
            Assert.Equal(2, page.Total);
            Assert.Equal(4, (await store.ListAsync(new SessionQuery { IncludeChildren = true })).Total);
            Assert.Equal(0, (await store.FindAsync("kid"))!.MessageCount);
            var root = page.Items[1];
            Assert.Equal((111_000, "hello", "m1"), (root.LastActive.ToUnixTimeMilliseconds(), root.Preview, root.Model));
            Assert.Equal("a", (await ReadAsync(store, "root"))[1].ToolCalls!.Value[0].GetProperty("id").GetString());
            Assert.NotNull(store.ReadVersion());
        }

        Assert.Equal(before, await StateDatabaseFiles.DumpAsync(home));
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task Writing_AnyVersion_ChangesRowsAlone(string schema)
    {
        var home = await HomeAsync(schema, Rows);
        var before = (await StateDatabaseFiles.DumpAsync(home)).Split('\n')[..2];
        using (var store = Open(home))
        {
            await store.CreateAsync(new NewSession { Id = "new", SystemPrompt = "Be kind.", Model = "m" });
            await store.AppendAsync("new", [User("findable")], new SessionUsage(3, 4));
            await store.EndAsync("new", "done");
            Assert.Equal("findable", (await store.FindAsync("new"))!.Preview);
            await store.CreateAsync(new NewSession { Id = "gone" });
            await store.AppendAsync("gone", [User("vanishing")]);
            Assert.True(await store.DeleteAsync("gone"));
        }

        Assert.Equal(before, (await StateDatabaseFiles.DumpAsync(home)).Split('\n')[..2]);
        await StateDatabaseFiles.CheckIntegrityAsync(home);
        Assert.Equal("1 0\n", await QueryAsync(
            home,
            "SELECT count(*), (SELECT count(*) FROM messages_fts WHERE messages_fts MATCH 'vanishing') FROM messages_fts WHERE messages_fts MATCH 'findable'"));
    }

    [Fact]
    public async Task CreateAsync_EmptyHome_MakesVersion6WithOwnersModeAndLog()
    {
        var home = EmptyHome();
        Directory.Delete(home.Path);
        var store = Open(home);

        await store.ListAsync(new SessionQuery());
        Assert.Null(store.ReadVersion());
        Assert.False(Directory.Exists(home.Path));
        await store.CreateAsync(new NewSession { Id = "a", Title = "T", SystemPrompt = "p" });

        Assert.Equal("6 wal p\n", await QueryAsync(
            home, "SELECT version, (SELECT journal_mode FROM pragma_journal_mode), (SELECT system_prompt FROM sessions) FROM schema_version"));
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(home.Path));
            foreach (var file in Directory.GetFiles(home.Path))
                Assert.Equal(Owner, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task CreateAsync_FileOfNoBytes_IsAnEmptyHome()
    {
        var home = EmptyHome();
        home.Write("state.db", "");
        var store = Open(home);

        Assert.Empty((await store.ListAsync(new SessionQuery())).Items);
        Assert.Null(await store.RenameAsync("a", "t"));
        await store.CreateAsync(new NewSession { Id = "a" });

        Assert.Equal("a", Assert.Single((await store.ListAsync(new SessionQuery())).Items).Id);
    }

    [Fact]
    public async Task CreateAsync_SeveralStoresAtOnce_MakeOneSchema()
    {
        var home = EmptyHome();
        var stores = Enumerable.Range(0, 4).Select(_ => Open(home)).ToList();

        await Task.WhenAll(stores.Select((store, i) => Task.Run(() => store.CreateAsync(new NewSession { Id = $"{i}" }))));

        Assert.Equal("1 4\n", await QueryAsync(home, "SELECT count(*), (SELECT count(*) FROM sessions) FROM schema_version"));
        await StateDatabaseFiles.CheckIntegrityAsync(home);
    }

    [Fact]
    public async Task FileOfAnotherProgram_IsLeftAlone()
    {
        var home = await HomeAsync("CREATE TABLE notes (text TEXT)");
        var store = Open(home);

        await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.ListAsync(new SessionQuery()));
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.CreateAsync(new NewSession()));
        Assert.Equal("notes\n", await QueryAsync(home, "SELECT group_concat(name) FROM sqlite_master"));
    }

    [Fact]
    public async Task RenameAsync_FileOlderThanTitles_SaysWhatToDo()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.Schema1, Rows));

        var error = await Assert.ThrowsAsync<SessionValidationException>(() => store.RenameAsync("root", "T"));

        Assert.Contains("Let the Hermes agent open this home once", error.Message);
        Assert.Equal("root", (await store.RenameAsync("root", null))!.Id);
        Assert.Null((await store.CreateAsync(new NewSession { Id = "new", Title = "T" })).Title);
    }

    [Fact]
    public async Task NewerFile_WhatItKnows_IsWrittenItsWay()
    {
        var home = await HomeAsync(StateDatabaseFiles.SchemaNewer);
        var store = Open(home);

        await store.CreateAsync(new NewSession { Id = "a", Title = "T", SystemPrompt = "Be kind é" });
        await store.AppendAsync("a", [User("hi")]);

        var hash = Convert.ToHexStringLower(SHA256.HashData("Be kind é"u8));
        Assert.Equal(
            $"None {hash} Be kind é user 1 1\n",
            await QueryAsync(home, """
                SELECT system_prompt, system_prompt_hash, prompt, title_source, last_activity_at > 0, (SELECT active FROM messages)
                FROM sessions JOIN system_prompts ON hash = system_prompt_hash
                """));
    }

    [Fact]
    public async Task NewerFile_FlaggedRows_AreNotShown()
    {
        var home = await HomeAsync(StateDatabaseFiles.SchemaNewer, """
            INSERT INTO sessions(id, source, started_at, hidden, archived) VALUES
                ('shown', 'cli', 1, 0, 0), ('hidden', 'cli', 2, 1, 0), ('archived', 'cli', 3, 0, 1), ('null', 'cli', 4, NULL, NULL);
            INSERT INTO messages(session_id, role, content, timestamp, active, compacted) VALUES
                ('shown', 'user', 'undone', 10, 0, 0), ('shown', 'user', 'compacted', 11, 0, 1), ('shown', 'user', 'live', 12, 1, 0),
                ('shown', 'user', 'undone too', 13, 0, 0);
            """);
        var store = Open(home);

        var page = await store.ListAsync(new SessionQuery());
        Assert.Equal(["null", "shown"], page.Items.Select(s => s.Id));
        Assert.Equal(2, page.Total);
        Assert.Equal(("compacted", 12_000), (page.Items[1].Preview, page.Items[1].LastActive.ToUnixTimeMilliseconds()));
        Assert.Equal(["compacted", "live"], (await ReadAsync(store, "shown")).Select(m => m.Content));
        Assert.Equal(2, (int)(await JsonAsync(output => store.WriteMessagesAsync("shown", new MessageQuery { Limit = 1 }, output)))["total"]!);
        Assert.Equal(["live"], (await ReadAsync(store, "shown", new MessageQuery { Audience = MessageAudience.Model })).Select(m => m.Content));
        Assert.Equal("hidden", (await store.FindAsync("hid"))!.Id);
    }

    [Fact]
    public async Task NewerFile_ValueThatWeCannotGive_StopsWritingAlone()
    {
        var home = await HomeAsync("""
            CREATE TABLE sessions (id TEXT PRIMARY KEY, source TEXT NOT NULL, started_at REAL NOT NULL, shape TEXT NOT NULL);
            CREATE TABLE messages (id INTEGER PRIMARY KEY, session_id TEXT, role TEXT, content TEXT, timestamp REAL);
            INSERT INTO sessions VALUES ('root', 'cli', 1, 'round');
            """);
        var store = Open(home);

        Assert.Equal("root", (await store.FindAsync("r"))!.Id);
        var error = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.CreateAsync(new NewSession()));

        Assert.Contains("sessions.shape", error.Message);
        Assert.Null(error.RetryAfter);
    }

    [Fact]
    public async Task Migration_WhileTheStoreIsOpen_IsFollowed()
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema1, Rows);
        var store = Open(home);
        await store.ListAsync(new SessionQuery());
        await store.AppendAsync("root", [User("one")]);
        Assert.False((await JsonAsync(output => store.WriteMessagesAsync("root", new MessageQuery(), output)))["items"]![0]!.AsObject().ContainsKey("observed"));

        await PythonScript.RunSqlAsync(home.Home.StateDatabase, """
            ALTER TABLE sessions ADD COLUMN title TEXT;
            ALTER TABLE sessions ADD COLUMN hidden INTEGER DEFAULT 0;
            ALTER TABLE messages ADD COLUMN finish_reason TEXT;
            ALTER TABLE messages ADD COLUMN observed INTEGER DEFAULT 0;
            UPDATE sessions SET hidden = 1 WHERE id = 'branch';
            """);

        Assert.Equal(["root"], (await store.ListAsync(new SessionQuery())).Items.Select(s => s.Id));
        Assert.Equal("T", (await store.RenameAsync("root", "T"))!.Title);
        await store.AppendAsync("root", [User("two") with { FinishReason = "stop" }]);
        Assert.Equal("stop", (await ReadAsync(store, "root"))[^1].FinishReason);
        Assert.Equal(0, (int)(await JsonAsync(output => store.WriteMessagesAsync("root", new MessageQuery(), output)))["items"]![0]!["observed"]!);
    }

    private static Task<string> QueryAsync(TemporaryHome home, string sql) => PythonScript.RunAsync(
        """
        import sqlite3, sys
        for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]):
            print(*row)
        """,
        home.Home.StateDatabase,
        sql);
}
