using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;
using Hermes.Testing;

namespace Hermes.Core.Tests.Sessions.Sqlite;

/// <summary>What a file says of sessions that hang together, and what a person makes of it.</summary>
public sealed class LineageTests : SqliteStoreTest
{
    /// <summary>A conversation of three sessions, which carry messages on, with a branch, a run, and a chat that began anew.</summary>
    private const string Conversation = """
        INSERT INTO sessions(id, source, model, model_config, parent_session_id, started_at, ended_at, end_reason, message_count, tool_call_count, input_tokens, output_tokens) VALUES
            ('first', 'telegram', 'm1', '{}', NULL, 100, 200, 'compression', 3, 1, 10, 1),
            ('second', 'telegram', 'm2', NULL, 'first', 90, 300, 'compressed', 3, NULL, 20, 2),
            ('third', 'telegram', 'm3', 'not json', 'second', 300, NULL, NULL, 2, 2, 30, 3),
            ('branch', 'cli', NULL, '{"_branched_from": "second"}', 'second', 310, NULL, NULL, 0, 0, 0, 0),
            ('run', 'telegram', NULL, '{"_delegate_from": "third"}', 'third', 320, 330, 'completed', 0, 0, 0, 0),
            ('tool', 'tool', NULL, NULL, 'first', 330, NULL, NULL, 0, 0, 0, 0);
        INSERT INTO messages(session_id, role, content, tool_call_id, timestamp) VALUES
            ('first', 'user', 'one', NULL, 110), ('first', 'assistant', 'two', NULL, 120), ('first', 'tool', 'same', 'c1', 120),
            ('second', 'user', 'summary', NULL, 210), ('second', 'assistant', 'two', NULL, 120), ('second', 'tool', 'same', 'c2', 120), ('second', 'user', 'three', NULL, 95),
            ('third', 'assistant', 'two', NULL, 120), ('third', 'user', 'three', NULL, 95), ('third', 'user', 'four', NULL, 400);
        """;

    public static TheoryData<string> Schemas => new(
        StateDatabaseFiles.Schema1, StateDatabaseFiles.Schema6, StateDatabaseFiles.Schema13, StateDatabaseFiles.SchemaNewer, StateDatabaseFiles.SchemaWithoutIndex);

    public static TheoryData<string, string> Kinds => new()
    {
        { "compression", "NULL" }, { "compressed", "'{broken'" }, { "compression", "'[1]'" }, { "compression", "'{\"_branched_from\": null}'" },
    };

    public static TheoryData<string, string, bool> OtherKinds => new()
    {
        { "branched", "NULL", true }, { "session_reset", "NULL", true }, { "session_switch", "'{}'", true }, { "idle", "'{broken'", true },
        { "daily", "NULL", true }, { "suspended", "NULL", true }, { "resume_pending_expired", "NULL", true }, { "new_session", "NULL", true },
        { "compression", "'{\"_branched_from\": \"p\"}'", true }, { "compression", "'{\"_reset_from\": \"p\"}'", true }, { "user_exit", "'{\"_reset_from\": \"p\"}'", true },
        { "user_exit", "'{\"_branched_from\": \"p\", \"_delegate_from\": \"p\"}'", true },
        { "compression", "'{\"_delegate_from\": \"p\"}'", false }, { "session_reset", "'{\"_delegate_from\": \"p\"}'", false },
        { "user_exit", "NULL", false }, { "user_exit", "'{\"_branched_from\"'", false }, { "user_exit", "x'7b7d'", false },
    };

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task Conversation_AnyVersion_IsOneToPeople(string schema)
    {
        var store = Open(await HomeAsync(schema, Conversation));

        var page = await store.ListAsync(new SessionQuery());

        Assert.Equal(["branch", "first"], page.Items.Select(session => session.Id));
        Assert.Equal(2, page.Total);
        var listed = page.Items[1];
        Assert.Equal(("telegram", "m3", 100, null, 400), (listed.Source, listed.Model, listed.StartedAt.ToUnixTimeSeconds(), listed.EndReason, listed.LastActive.ToUnixTimeSeconds()));
        Assert.Equal((8, 3, 60, 6), (listed.MessageCount, listed.ToolCallCount, listed.InputTokens, listed.OutputTokens));
        Assert.Equal(("first", "third", "one"), (listed.LineageRootId, listed.TipId, listed.Preview));
        foreach (var id in (string[])["first", "second", "third", "fir", "SEC", "thir"])
        {
            Assert.Equal(listed, await store.FindAsync(id) is { } found ? found with { SystemPrompt = null } : null);
            Assert.Equal("first", (string?)(await JsonAsync(output => store.WriteSessionAsync(id, output)))["session"]!["id"]);
            Assert.Equal(id.Length > 4, await store.FindExactAsync(id) is not null);
        }

        foreach (var id in (string[])["first", "second", "third"])
        {
            Assert.Equal(["one", "two", "same", "summary", "same", "three", "four"], (await ReadAsync(store, id)).Select(m => m.Content));
            Assert.Equal(["two", "three", "four"], (await ReadAsync(store, id, new MessageQuery { Audience = MessageAudience.Model })).Select(m => m.Content));
            Assert.Equal(["same", "three"], (await ReadAsync(store, id, new MessageQuery { Limit = 2, Offset = 1, Latest = true })).Select(m => m.Content));
            Assert.Equal(["two"], (await ReadAsync(store, id, new MessageQuery { Limit = 1, Offset = 1 })).Select(m => m.Content));
        }

        var messages = await JsonAsync(output => store.WriteMessagesAsync("second", new MessageQuery { Limit = 3, Offset = 2 }, output));
        Assert.Equal((7, 3, true), ((int)messages["total"]!, messages["items"]!.AsArray().Count, (bool)messages["has_more"]!));
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task Writing_AnyIdOfAConversation_GoesToItsLastSession(string schema)
    {
        var home = await HomeAsync(schema, Conversation);
        var store = Open(home);

        await store.AppendAsync("first", [User("five")], new SessionUsage(1, 1));
        await store.CreateAndAppendAsync(new NewSession { Id = "second" }, [User("six")]);
        await store.EndAsync("first", "user_exit");
        await store.UpdateAsync("second", new SessionChange { SystemPrompt = "Be kind." });

        Assert.Equal(["third", "third"], (await ReadAsync(store, "first", new MessageQuery { Limit = 2, Latest = true })).Select(m => m.SessionId));
        var session = await store.FindAsync("first");
        Assert.Equal((10, "user_exit", "Be kind."), (session!.MessageCount, session.EndReason, session.SystemPrompt));
        Assert.Equal(session, await store.CreateAsync(new NewSession { Id = "second", Model = "other" }));
        Assert.Equal(
            "first 3 compression None\nsecond 3 compressed None\nthird 4 user_exit Be kind.\n",
            await QueryAsync(home, $"""
                SELECT id, message_count, end_reason, {(schema == StateDatabaseFiles.SchemaNewer ? "(SELECT prompt FROM system_prompts WHERE hash = system_prompt_hash)" : "system_prompt")}
                FROM sessions WHERE id IN ('first', 'second', 'third') ORDER BY id
                """));
    }

    [Theory]
    [InlineData("first")]
    [InlineData("second")]
    [InlineData("third")]
    public async Task DeleteAsync_AnyIdOfAConversation_TakesTheWholeOfItAndNothingElse(string id)
    {
        var home = await HomeAsync(StateDatabaseFiles.SchemaNewer, Conversation, """
            INSERT INTO sessions(id, source, parent_session_id, model_config, started_at, end_reason) VALUES
                ('run-of-run', 'telegram', 'run', '{"_delegate_from": "run"}', 321, 'compression'), ('run-goes-on', 'telegram', 'run-of-run', NULL, 322, NULL),
                ('old-run', 'telegram', 'run', NULL, 323, NULL);
            """);
        var store = Open(home);

        Assert.True(await store.DeleteAsync(id));

        Assert.Equal("branch None\nold-run None\ntool None\n", await QueryAsync(home, "SELECT id, parent_session_id FROM sessions ORDER BY id"));
        Assert.Equal("0\n", await QueryAsync(home, "SELECT count(*) FROM messages"));
        Assert.False(await store.DeleteAsync(id));
        await StateDatabaseFiles.CheckIntegrityAsync(home);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Child_OfACompressedSession_ContinuesIt(string reason, string config)
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.Schema6, ParentAndChild(reason, config)));

        Assert.Equal("child", Assert.Single((await store.ListAsync(new SessionQuery())).Items).TipId);
        Assert.True(await store.DeleteAsync("child"));
        Assert.Null(await store.FindAsync("parent"));
    }

    [Theory]
    [MemberData(nameof(OtherKinds))]
    public async Task Child_OfAnyOtherKind_GoesOnAlone(string reason, string config, bool isListed)
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.Schema6, ParentAndChild(reason, config)));

        var page = await store.ListAsync(new SessionQuery());
        Assert.Equal(isListed ? ["child", "parent"] : ["parent"], page.Items.Select(session => session.Id));
        Assert.Equal(page.Items.Count, page.Total);
        Assert.Equal(["child", "parent"], (await store.ListAsync(new SessionQuery { IncludeChildren = true })).Items.Select(session => session.Id));
        Assert.Null((await store.FindAsync("child"))!.TipId);
        Assert.Single(await ReadAsync(store, "child"));

        Assert.True(await store.DeleteAsync("parent"));

        var isRun = config.Contains("_delegate_from", StringComparison.Ordinal) && !isListed;
        Assert.Equal(isRun, await store.FindAsync("child") is null);
        Assert.Equal(isRun ? 0 : 1, (await ReadAsync(store, "child")).Count);
        Assert.Null((await store.FindAsync("child"))?.ParentSessionId);
    }

    [Fact]
    public async Task IncludeChildren_ListsEachSessionByItself()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.Schema6, Conversation));

        var page = await store.ListAsync(new SessionQuery { IncludeChildren = true });

        Assert.Equal(["tool", "run", "branch", "third", "first", "second"], page.Items.Select(session => session.Id));
        Assert.Equal(6, page.Total);
        Assert.Equal([(3L, "first", "third"), (3L, "first", "third")], page.Items.Skip(4).Select(session => (session.MessageCount, session.LineageRootId, session.TipId)));
        Assert.All(page.Items.Take(3), session => Assert.Null(session.TipId));
    }

    [Fact]
    public async Task Children_SeveralThatContinueOneSession_TheLastToBeginDoes()
    {
        // 'run' began while the session was alive: a run of an old agent. 'other' was begun by a second process.
        var home = await HomeAsync(StateDatabaseFiles.Schema6, """
            INSERT INTO sessions(id, source, parent_session_id, started_at, ended_at, end_reason) VALUES
                ('a', 'cli', NULL, 1, 10, 'compression'), ('run', 'cli', 'a', 5, NULL, NULL), ('next', 'cli', 'a', 12, NULL, NULL), ('other', 'cli', 'a', 11, NULL, NULL);
            """);
        var store = Open(home);

        var page = await store.ListAsync(new SessionQuery());
        Assert.Equal([("other", null), ("a", "next")], page.Items.Select(session => (session.Id, session.TipId)));
        Assert.Equal(2, page.Total);
        Assert.True(await store.DeleteAsync("a"));
        Assert.Equal(["other", "run"], (await store.ListAsync(new SessionQuery())).Items.Select(session => session.Id));
        await StateDatabaseFiles.CheckIntegrityAsync(home);
    }

    [Theory]
    [InlineData("compression")]
    [InlineData("user_exit")]
    public async Task Parents_InACircle_AreCutAndNothingVanishes(string reason)
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema6, $"""
            INSERT INTO sessions(id, source, started_at, end_reason) VALUES ('a', 'cli', 1, '{reason}'), ('b', 'cli', 2, '{reason}'), ('c', 'cli', 3, '{reason}'), ('self', 'cli', 4, '{reason}');
            UPDATE sessions SET parent_session_id = CASE id WHEN 'a' THEN 'c' WHEN 'b' THEN 'a' WHEN 'c' THEN 'b' ELSE 'self' END;
            """);
        var store = Open(home);

        var page = await store.ListAsync(new SessionQuery());

        Assert.Equal(["self", "a"], page.Items.Select(session => session.Id));
        Assert.Equal(reason == "compression" ? "c" : null, page.Items[1].TipId);
        Assert.Null(page.Items[0].TipId);
        Assert.True(await store.DeleteAsync("c"));
        Assert.True(await store.DeleteAsync("self"));
        Assert.Equal(reason == "compression" ? 0 : 2, (await store.ListAsync(new SessionQuery { IncludeChildren = true })).Total);
    }

    [Fact]
    public async Task Parent_ThatDoesNotExist_IsNone()
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema6, "INSERT INTO sessions(id, source, parent_session_id, started_at) VALUES ('a', 'cli', 'gone', 1)");
        var store = Open(home);

        Assert.Equal("a", Assert.Single((await store.ListAsync(new SessionQuery())).Items).Id);
    }

    [Fact]
    public async Task Chain_OfAThousandSessions_IsOneConversation()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.Schema6, """
            WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 999)
            INSERT INTO sessions(id, source, started_at, parent_session_id, end_reason, message_count)
            SELECT 's' || n, 'cli', 5, iif(n > 0, 's' || (n - 1), NULL), iif(n < 999, 'compression', NULL), 1 FROM number;
            INSERT INTO messages(session_id, role, content, timestamp) SELECT id, 'user', id, 1 FROM sessions ORDER BY rowid;
            """));

        var session = Assert.Single((await store.ListAsync(new SessionQuery())).Items);
        Assert.Equal(("s0", "s999", 1000), (session.Id, session.TipId, session.MessageCount));
        Assert.Equal("s0", (await store.FindAsync("s5"))!.Id);
        Assert.Equal(1000, (await ReadAsync(store, "s500")).Count);
        Assert.True(await store.DeleteAsync("s500"));
        Assert.Empty((await store.ListAsync(new SessionQuery { IncludeChildren = true })).Items);
    }

    [Fact]
    public async Task FindAsync_PrefixOfSeveralSessionsOfOneConversation_IsThatConversation()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.Schema6, """
            INSERT INTO sessions(id, source, parent_session_id, started_at, end_reason) VALUES
                ('20250101_a', 'cli', NULL, 1, 'compression'), ('20250101_b', 'cli', '20250101_a', 2, NULL), ('20250102_c', 'cli', NULL, 3, NULL);
            """));

        Assert.Equal("20250101_a", (await store.FindAsync("20250101"))!.Id);
        Assert.Null(await store.FindAsync("2025010"));
    }

    [Fact]
    public async Task ListAsync_Pages_HaveConversationsOnce()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.SchemaNewer, """
            WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 599)
            INSERT INTO sessions(id, source, started_at, parent_session_id, end_reason, title, archived)
            SELECT 's' || n, 'cli', n / 4, iif(n % 3 > 0, 's' || (n - 1), NULL), iif(n % 3 < 2, 'compression', NULL), 'T ' || n, n % 30 = 29 FROM number;
            """));
        var byCursor = new List<Session>();
        var byOffset = new List<string>();
        var query = new SessionQuery { Limit = 7 };
        SessionPage page;
        do
        {
            page = await store.ListAsync(query);
            byCursor.AddRange(page.Items);
            byOffset.AddRange((await store.ListAsync(new SessionQuery { Limit = 7, Offset = byOffset.Count })).Items.Select(session => session.Id));
            query = query with { Before = page.Next };
        }
        while (page.HasMore);

        // Of 200 conversations every tenth has an archived last session.
        Assert.Equal((180, 180), (page.Total, byCursor.Count));
        Assert.Equal(byCursor.Select(session => session.Id), byOffset);
        Assert.All(byCursor, session => Assert.Equal(int.Parse(session.Id[1..]) + 2, int.Parse(session.TipId![1..])));
        Assert.All(byCursor, session => Assert.Equal("T " + session.TipId![1..], session.Title));
        Assert.Equal(0, (await store.ListAsync(new SessionQuery { TitleContains = "T 300" })).Total);
        Assert.Equal(1, (await store.ListAsync(new SessionQuery { TitleContains = "T 302" })).Total);
    }

    [Fact]
    public async Task RenameAsync_TitleOfAnEarlierSessionOfIt_Moves()
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema6, Conversation, "UPDATE sessions SET title = 'T' WHERE id = 'first'; UPDATE sessions SET title = 'T #2' WHERE id = 'third'; UPDATE sessions SET title = 'B' WHERE id = 'branch'");
        var store = Open(home);

        Assert.Equal("T", (await store.RenameAsync("second", "T"))!.Title);

        Assert.Equal("None None T\n", await QueryAsync(home, "SELECT f.title, s.title, t.title FROM sessions f, sessions s, sessions t WHERE f.id = 'first' AND s.id = 'second' AND t.id = 'third'"));
        await Assert.ThrowsAsync<SessionValidationException>(() => store.RenameAsync("first", "B"));
        await Assert.ThrowsAsync<SessionValidationException>(() => store.UpdateAsync("first", new SessionChange { Title = "B" }));
        Assert.Equal("T", (await store.FindAsync("first"))!.Title);
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task ForkAsync_Conversation_HoldsWhatPeopleSeeAndTheModelHas(string schema)
    {
        var home = await HomeAsync(schema, Conversation);
        var store = Open(home);

        var branch = await store.ForkAsync("first", new NewFork { Id = "fork" });

        Assert.Equal(("third", null, "m3"), (branch!.ParentSessionId, branch.TipId, branch.Model));
        Assert.Equal(["two", "three", "four"], (await ReadAsync(store, "fork", new MessageQuery { Audience = MessageAudience.Model })).Select(m => m.Content));
        string[] seen = schema == StateDatabaseFiles.SchemaNewer ? ["one", "two", "same", "summary", "same", "three", "four"] : ["two", "three", "four"];
        Assert.Equal(seen, (await ReadAsync(store, "fork")).Select(m => m.Content));
        Assert.Equal(seen.Length, branch.MessageCount);
        Assert.Contains("fork", (await store.ListAsync(new SessionQuery())).Items.Select(session => session.Id));
        Assert.True(await store.DeleteAsync("first"));
        Assert.Equal(seen, (await ReadAsync(store, "fork")).Select(m => m.Content));
    }

    [Fact]
    public async Task SearchAsync_Conversation_FindsEachMessageOnceWithItsNeighbours()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.SchemaNewer, Conversation, "UPDATE sessions SET title = 'x' WHERE id = 'third'"));

        Assert.Equal("first", Assert.Single((await store.SearchAsync(new SearchQuery { Text = "two" })).Items).SessionId);
        Assert.Equal(2, (await store.SearchAsync(new SearchQuery { Text = "same" })).Items.Count);
        var three = Assert.Single((await store.SearchAsync(new SearchQuery { Text = "three", SessionId = "first" })).Items);
        Assert.Equal(["same", "four"], three.Context.Select(message => message.Content));
        Assert.Empty((await store.SearchAsync(new SearchQuery { Text = "three", SessionId = "fir" })).Items);

        await store.UpdateAsync("first", new SessionChange { Title = "y" });
        Assert.Single((await store.SearchAsync(new SearchQuery { Text = "one" })).Items);
    }

    [Fact]
    public async Task SearchAsync_ConversationWhoseLastSessionIsArchived_FindsNothingOfIt()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.SchemaNewer, Conversation, "UPDATE sessions SET archived = 1 WHERE id = 'third'"));

        Assert.Empty((await store.SearchAsync(new SearchQuery { Text = "one" })).Items);
        Assert.Equal(["branch"], (await store.ListAsync(new SessionQuery())).Items.Select(session => session.Id));
    }

    private static string ParentAndChild(string reason, string config) => $"""
        INSERT INTO sessions(id, source, parent_session_id, model_config, started_at, ended_at, end_reason) VALUES
            ('parent', 'cli', NULL, NULL, 1, 2, '{reason}'), ('child', 'cli', 'parent', {config}, 3, NULL, NULL);
        INSERT INTO messages(session_id, role, content, timestamp) VALUES ('child', 'user', 'hi', 4);
        """;

    private static Task<string> QueryAsync(TemporaryHome home, string sql) => PythonScript.RunAsync(
        """
        import sqlite3, sys
        for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]):
            print(*row)
        """,
        home.Home.StateDatabase,
        sql);
}
