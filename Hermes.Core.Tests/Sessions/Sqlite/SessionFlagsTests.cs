using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;
using Hermes.Testing;

namespace Hermes.Core.Tests.Sessions.Sqlite;

/// <summary>What people who keep many sessions do with them, in files that have a place for it and in those that have none.</summary>
public sealed class SessionFlagsTests : SqliteStoreTest
{
    /// <summary>A conversation of three sessions with a branch and a run, and two others.</summary>
    private const string Sessions = """
        INSERT INTO sessions(id, source, model_config, parent_session_id, started_at, ended_at, end_reason, message_count) VALUES
            ('first', 'cli', NULL, NULL, 100, 200, 'compression', 1), ('second', 'cli', NULL, 'first', 200, 300, 'compression', 1),
            ('third', 'cli', NULL, 'second', 300, NULL, NULL, 1), ('branch', 'cli', '{"_branched_from": "first"}', 'first', 310, NULL, NULL, 0),
            ('run', 'cli', '{"_delegate_from": "third"}', 'third', 320, NULL, NULL, 0),
            ('old', 'cli', NULL, NULL, 50, NULL, NULL, 2), ('new', 'cli', NULL, NULL, 400, NULL, NULL, NULL);
        INSERT INTO messages(session_id, role, content, timestamp) VALUES
            ('first', 'user', 'one', 110), ('second', 'user', 'two', 210), ('third', 'user', 'three', 350), ('old', 'user', 'late', 900), ('old', 'user', 'early', 60);
        """;

    public static TheoryData<string> OfConversation => new("first", "second", "third");

    [Theory]
    [MemberData(nameof(OfConversation))]
    public async Task Update_AnyIdOfAConversation_FlagsAllOfItAndNothingElse(string id)
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema30, Sessions);
        var schema = await SchemaAsync(home);
        using (var store = Open(home))
        {
            var changed = await store.UpdateAsync(id, new SessionChange { Pinned = true, Archived = true, Unread = true });

            Assert.Equal(("first", true, true, false, true), (changed!.Id, changed.Pinned, changed.Archived, changed.Hidden, changed.Unread));
            Assert.Equal(changed, await store.FindAsync("second"));
            var others = await store.ListAsync(new SessionQuery());
            Assert.Equal(["new", "branch", "old"], others.Items.Select(session => session.Id));
            Assert.All(others.Items, session => Assert.Equal((false, false, false, false), (session.Pinned, session.Archived, session.Hidden, session.Unread)));
        }

        Assert.Equal(
            "first 1 1 0 0.0\nsecond 1 1 0 0.0\nthird 1 1 0 0.0\n",
            await QueryAsync(home, "SELECT id, pinned, archived, hidden, last_read_at FROM sessions WHERE pinned OR archived OR last_read_at IS NOT NULL"));
        Assert.Equal(schema, await SchemaAsync(home));
    }

    [Fact]
    public async Task Pinned_True_Unhides()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.Schema30, Sessions, "UPDATE sessions SET hidden = 1 WHERE id IN ('first', 'old')"));
        Assert.Equal(["new", "branch"], await IdsAsync(store, new SessionQuery()));

        Assert.Equal(false, (await store.UpdateAsync("third", new SessionChange { Pinned = true }))!.Hidden);
        Assert.Equal(true, (await store.UpdateAsync("old", new SessionChange { Pinned = false }))!.Hidden);
        Assert.Equal(["new", "branch", "first"], await IdsAsync(store, new SessionQuery()));
        Assert.Equal(true, (await store.UpdateAsync("first", new SessionChange { Hidden = true }))!.Hidden);
        Assert.Equal(["new", "branch"], await IdsAsync(store, new SessionQuery { Archived = SessionFlagFilter.Include }));
    }

    [Fact]
    public async Task Unread_IsWhatWasSaidSinceItWasRead()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.Schema30, Sessions, "INSERT INTO messages(session_id, role, content, timestamp) VALUES ('old', 'user', 'from a clock that is ahead', 9e12)"));
        Assert.False((await store.FindAsync("first"))!.Unread);

        Assert.True((await store.UpdateAsync("first", new SessionChange { Unread = true }))!.Unread);
        Assert.False((await store.UpdateAsync("first", new SessionChange { Unread = false }))!.Unread);
        Assert.False((await store.UpdateAsync("old", new SessionChange { Unread = false }))!.Unread);
        await store.AppendAsync("first", [User("more") with { Timestamp = DateTimeOffset.UtcNow.AddHours(1) }]);
        Assert.True((await store.FindAsync("first"))!.Unread);
    }

    [Fact]
    public async Task Flags_OfWhatTheAgentGoesOnIn_AreTheConversations()
    {
        var store = Open(await HomeAsync(
            StateDatabaseFiles.Schema30, Sessions, "UPDATE sessions SET pinned = 1, archived = 1, last_read_at = 300 WHERE id = 'first'"));

        var found = (await store.FindAsync("third"))!;

        Assert.Equal((true, true, true), (found.Pinned, found.Archived, found.Unread));
        Assert.DoesNotContain("first", await IdsAsync(store, new SessionQuery()));
        Assert.Equal(["first"], await IdsAsync(store, new SessionQuery { Archived = SessionFlagFilter.Only, Pinned = SessionFlagFilter.Only }));
        Assert.Equal(false, (await store.UpdateAsync("third", new SessionChange { Archived = false }))!.Archived);
        Assert.Contains("first", await IdsAsync(store, new SessionQuery()));
    }

    [Theory]
    [InlineData(StateDatabaseFiles.Schema1)]
    [InlineData(StateDatabaseFiles.Schema6)]
    [InlineData(StateDatabaseFiles.Schema13)]
    public async Task Flags_FileWithoutThem_AreRefusedWithTheReasonAndNothingChanges(string schema)
    {
        var home = await HomeAsync(schema, Sessions);
        var before = await StateDatabaseFiles.DumpAsync(home);
        using (var store = Open(home))
        {
            foreach (var (field, change) in ((string, SessionChange)[])[
                ("pinned", new() { Pinned = false }), ("archived", new() { Archived = true }), ("hidden", new() { Hidden = true }),
                ("unread", new() { EndReason = "done", Unread = true })])
            {
                var error = await Assert.ThrowsAsync<SessionValidationException>(() => store.UpdateAsync("first", change));
                Assert.Equal(
                    $"'{field}' cannot be stored in this home: its state.db is of a version without it. Let the Hermes agent open this home once, which updates it.",
                    error.Message);
            }

            var found = (await store.FindAsync("first"))!;
            Assert.Equal((null, null, null, null), (found.Pinned, found.Archived, found.Hidden, found.Unread));
            Assert.Empty(await IdsAsync(store, new SessionQuery { Archived = SessionFlagFilter.Only }));
            Assert.Empty(await IdsAsync(store, new SessionQuery { Pinned = SessionFlagFilter.Only }));
            Assert.Equal(["new", "branch", "first", "old"], await IdsAsync(store, new SessionQuery { Pinned = SessionFlagFilter.Exclude, PinnedFirst = true }));
            Assert.Equal(["old", "new", "first", "branch"], await IdsAsync(store, new SessionQuery { Order = SessionOrder.Recent }));
        }

        Assert.Equal(before, await StateDatabaseFiles.DumpAsync(home));
    }

    [Theory]
    [InlineData(StateDatabaseFiles.Schema6)]
    [InlineData(StateDatabaseFiles.Schema30)]
    public async Task Recent_PagesByCursor_HaveEverySessionOnceByItsLastActivity(string schema)
    {
        var store = Open(await HomeAsync(schema, Sessions, """
            INSERT INTO sessions(id, source, started_at) VALUES ('tie1', 'cli', 400), ('tie2', 'cli', 400), ('text', 'cli', 'long ago'), ('never', 'cli', -9e999)
            """));
        var query = new SessionQuery { Order = SessionOrder.Recent, Limit = 2 };

        Assert.Equal(["old", "new", "tie1", "tie2", "first", "branch", "text", "never"], await PagesAsync(store, query));
        Assert.Equal(["tie1", "tie2"], await IdsAsync(store, query with { Offset = 2 }));
        Assert.Equal(
            ["old", "new", "tie1", "tie2", "third", "run", "branch", "second", "first", "text", "never"], await PagesAsync(store, query with { IncludeChildren = true }));
    }

    [Fact]
    public async Task PinnedFirst_PagesByCursor_HaveThePinnedOnesFirst()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.Schema30, Sessions, "UPDATE sessions SET pinned = 1 WHERE id IN ('old', 'third')"));

        Assert.Equal(["first", "old", "new", "branch"], await PagesAsync(store, new SessionQuery { PinnedFirst = true, Limit = 1 }));
        Assert.Equal(["old", "first", "new", "branch"], await PagesAsync(store, new SessionQuery { PinnedFirst = true, Order = SessionOrder.Recent, Limit = 3 }));
        Assert.Equal(["new", "branch"], await PagesAsync(store, new SessionQuery { Pinned = SessionFlagFilter.Exclude, Limit = 1 }));
    }

    [Fact]
    public async Task Before_CursorOfAnotherOrder_IsRefused()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.Schema30, Sessions));
        SessionQuery[] orders =
        [
            new(), new() { Order = SessionOrder.Recent }, new() { PinnedFirst = true }, new() { Order = SessionOrder.Recent, PinnedFirst = true },
        ];

        foreach (var given in orders)
        {
            var next = (await store.ListAsync(given with { Limit = 1 })).Next;
            foreach (var asked in orders.Where(asked => asked != given))
                await Assert.ThrowsAsync<SessionValidationException>(() => store.ListAsync(asked with { Before = next }));
        }
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    [InlineData(4, 0)]
    public async Task MinMessages_CountsWhatAConversationShows(long least, int total)
    {
        foreach (var schema in (string[])[StateDatabaseFiles.Schema6, StateDatabaseFiles.Schema30])
        {
            var page = await Open(await HomeAsync(schema, Sessions)).ListAsync(new SessionQuery { MinMessages = least });

            Assert.Equal((total, total), (page.Items.Count, page.Total));
            Assert.All(page.Items, session => Assert.True(session.MessageCount >= least));
        }
    }

    [Fact]
    public async Task Total_RightAfterAFlagWasSet_IsThatOfTheList()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.Schema30, Sessions));
        foreach (var archived in (bool[])[true, false, true, false])
        {
            Assert.Equal(archived ? 4 : 3, (await store.ListAsync(new SessionQuery())).Total);
            await store.UpdateAsync("second", new SessionChange { Archived = archived });
            Assert.Equal(archived ? 3 : 4, (await store.ListAsync(new SessionQuery())).Total);
            Assert.Equal(archived ? 1 : 0, (await store.ListAsync(new SessionQuery { Archived = SessionFlagFilter.Only })).Total);
            Assert.Equal(4, (await store.ListAsync(new SessionQuery { Archived = SessionFlagFilter.Include })).Total);
        }
    }

    [Fact]
    public async Task Flags_OddValues_AreReadAsTheyAreFiltered()
    {
        var store = Open(await HomeAsync(
            StateDatabaseFiles.Schema30, Sessions, "UPDATE sessions SET pinned = 'yes', hidden = NULL, last_read_at = 'soon' WHERE id = 'old'; UPDATE sessions SET pinned = x'00', last_read_at = 1 WHERE id = 'new'"));

        Assert.Equal(["new", "old"], await IdsAsync(store, new SessionQuery { Pinned = SessionFlagFilter.Only }));
        Assert.Equal((true, false, false), (await store.FindAsync("old")) is { } old ? (old.Pinned, old.Hidden, old.Unread) : default);
        Assert.Equal((true, true), (await store.FindAsync("new")) is { } latest ? (latest.Pinned, latest.Unread) : default);
    }

    [Fact]
    public async Task Flags_WhileTheAgentAnswers_AreSetButNothingElseIs()
    {
        var home = await HomeAsync(
            StateDatabaseFiles.Schema30, LeasingAgent.Tables, Sessions, "INSERT INTO session_turn_leases VALUES ('first', 'gateway', 0, 9e12)");
        var store = Open(home);

        foreach (var id in (string[])["first", "second", "third"])
        {
            Assert.False((await store.UpdateAsync(id, new SessionChange { Unread = false, Pinned = true }))!.Unread);
            await Assert.ThrowsAsync<ConversationBusyException>(() => store.UpdateAsync(id, new SessionChange { Archived = true, EndReason = "done" }));
        }

        Assert.False((await store.FindAsync("first"))!.Archived);
    }

    private static async Task<List<string>> IdsAsync(SessionStore store, SessionQuery query) =>
        [.. (await store.ListAsync(query)).Items.Select(session => session.Id)];

    private static async Task<List<string>> PagesAsync(SessionStore store, SessionQuery query)
    {
        var ids = new List<string>();
        var page = await store.ListAsync(query);
        var total = page.Total;
        ids.AddRange(page.Items.Select(session => session.Id));
        while (page.Next is not null)
        {
            page = await store.ListAsync(query with { Before = page.Next });
            ids.AddRange(page.Items.Select(session => session.Id));
        }

        Assert.Equal(total, ids.Count);
        return ids;
    }

    private static async Task<string> SchemaAsync(TemporaryHome home) => string.Join('\n', (await StateDatabaseFiles.DumpAsync(home)).Split('\n')[..2]);

    private static Task<string> QueryAsync(TemporaryHome home, string sql) => PythonScript.RunAsync(
        """
        import sqlite3, sys
        for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]):
            print(*row)
        """,
        home.Home.StateDatabase,
        sql);
}
