using Hermes.Core.Sessions;
using Hermes.Core.Sessions.Sqlite;
using Hermes.Core.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Hermes.Core.Tests.Sessions.Sqlite;

/// <summary>Which of a session's messages people see, which the model gets, and in which order.</summary>
public sealed class ShownMessagesTests : SqliteStoreTest
{
    private const string Columns = "; ALTER TABLE messages ADD COLUMN display_kind TEXT; ALTER TABLE messages ADD COLUMN _compressed_summary INTEGER";

    /// <summary>A session that was compacted twice in place: rows are archived, and carried on as copies.</summary>
    private const string Compacted = """
        INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1);
        INSERT INTO messages(session_id, role, content, tool_call_id, timestamp, active, compacted, display_kind, _compressed_summary) VALUES
            ('a', 'user', 'hidden first', NULL, 9, 1, 0, 'hidden', 0),
            ('a', 'user', 'summary of before', NULL, 10, 1, 0, NULL, 1),
            ('a', 'user', 'one', NULL, 11, 0, 1, NULL, NULL),
            ('a', 'user', 'undone', NULL, 12, 0, 0, NULL, NULL),
            ('a', 'tool', '', 'c1', 13, 0, 1, NULL, NULL),
            ('a', 'tool', '', 'c2', 13, 0, 1, NULL, NULL),
            ('a', 'tool', '', 'c1', 13, 0, 1, NULL, NULL),
            ('a', 'user', 'one', NULL, 11, 1, 0, 'normal', NULL),
            ('a', 'tool', '', 'c2', 13, 1, 0, NULL, NULL),
            ('a', 'user', 'one', NULL, 14, 1, 0, NULL, NULL),
            ('a', 'user', 'one', NULL, 14, 1, 0, NULL, NULL);
        """;

    [Fact]
    public async Task ReadMessagesAsync_Compacted_ShowsPeopleEachOnceAndGivesTheModelTheActive()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.SchemaNewer + Columns, Compacted));

        var seen = await ReadAsync(store, "a");
        Assert.Equal([2, 3, 5, 6, 10, 11], seen.Select(message => message.Id));
        Assert.Equal([1, 2, 8, 9, 10, 11], (await ReadAsync(store, "a", new MessageQuery { Audience = MessageAudience.Model })).Select(message => message.Id));
        for (var offset = 0; offset < seen.Count; offset++)
        {
            var page = await JsonAsync(output => store.WriteMessagesAsync("a", new MessageQuery { Limit = 2, Offset = offset }, output));
            Assert.Equal(seen.Skip(offset).Take(2).Select(message => message.Id), page["items"]!.AsArray().Select(item => (long)item!["id"]!));
            Assert.Equal((6, offset < 4), ((int)page["total"]!, (bool)page["has_more"]!));
        }

        Assert.Equal("one", (await store.FindAsync("a"))!.Preview);
        Assert.Equal([9, 8], (await ReadAsync(store, "a", new MessageQuery { Audience = MessageAudience.Model, Latest = true, Limit = 2, Offset = 2 })).Select(message => message.Id).Reverse());
    }

    [Fact]
    public async Task SearchAsync_Compacted_FindsWhatPeopleSeeOnce()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.SchemaNewer + Columns, Compacted));

        var found = await store.SearchAsync(new SearchQuery { Text = "one" });
        Assert.Equal([3, 10, 11], found.Items.Select(item => item.MessageId).Order());
        Assert.False((await store.SearchAsync(new SearchQuery { Text = "one", Limit = 2, Offset = 1 })).HasMore);
        Assert.True((await store.SearchAsync(new SearchQuery { Text = "one", Limit = 2 })).HasMore);
        Assert.Empty((await store.SearchAsync(new SearchQuery { Text = "hidden" })).Items);
        Assert.Empty((await store.SearchAsync(new SearchQuery { Text = "undone" })).Items);
        Assert.Equal(["summary of before", ""], found.Items.Single(item => item.MessageId == 3).Context.Select(message => message.Content));
    }

    [Fact]
    public async Task FindAsync_NothingButSummariesAndHidden_HasNoPreview()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.SchemaNewer + Columns, Compacted, "DELETE FROM messages WHERE id > 2"));

        Assert.Equal("", (await store.FindAsync("a"))!.Preview);
    }

    [Fact]
    public async Task ActiveOfNull_IsActive()
    {
        var store = Open(await HomeAsync(
            StateDatabaseFiles.Schema6,
            "ALTER TABLE messages ADD COLUMN active INTEGER",
            "INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1)",
            "INSERT INTO messages(session_id, role, content, timestamp, active) VALUES ('a', 'user', 'null', 1, NULL), ('a', 'user', 'undone', 1, 0)"));

        Assert.Equal("null", Assert.Single(await ReadAsync(store, "a")).Content);
        Assert.Equal("null", Assert.Single(await ReadAsync(store, "a", new MessageQuery { Audience = MessageAudience.Model })).Content);
    }

    [Theory]
    [InlineData(StateDatabaseFiles.Schema1)]
    [InlineData(StateDatabaseFiles.Schema6)]
    [InlineData(StateDatabaseFiles.SchemaNewer)]
    public async Task ClockSetBack_OrderIsThatOfWriting(string schema)
    {
        var store = Open(await HomeAsync(schema, """
            INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1), ('b', 'cli', 2);
            INSERT INTO messages(session_id, role, content, timestamp) VALUES
                ('a', 'user', 'first', 50), ('b', 'user', 'of another', 45), ('a', 'assistant', 'second', 40), ('a', 'tool', 'third', 30), ('a', 'user', 'fourth', 20);
            """));

        Assert.Equal(["first", "second", "third", "fourth"], (await ReadAsync(store, "a")).Select(message => message.Content));
        Assert.Equal(["second", "third"], (await ReadAsync(store, "a", new MessageQuery { Limit = 2, Offset = 1 })).Select(message => message.Content));
        Assert.Equal(["third", "fourth"], (await ReadAsync(store, "a", new MessageQuery { Limit = 2, Latest = true })).Select(message => message.Content));
        Assert.Equal(["first", "second", "third", "fourth"], (await ReadAsync(store, "a", new MessageQuery { Audience = MessageAudience.Model })).Select(message => message.Content));
        var session = await store.FindAsync("a");
        Assert.Equal(("first", 50), (session!.Preview, session.LastActive.ToUnixTimeSeconds()));
        Assert.Equal(
            ["second", "fourth"], Assert.Single((await store.SearchAsync(new SearchQuery { Text = "third" })).Items).Context.Select(message => message.Content));
        await store.ForkAsync("a", new NewFork { Id = "fork" });
        Assert.Equal(["first", "second", "third", "fourth"], (await ReadAsync(store, "fork")).Select(message => message.Content));
    }

    [Fact]
    public async Task Preview_FirstMessageOrSessionIsReplaced_IsOfWhatIsThere()
    {
        var home = await HomeAsync(StateDatabaseFiles.SchemaWithoutIndex, """
            INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1);
            INSERT INTO messages(session_id, role, content, timestamp) VALUES ('a', 'user', 'first', 1), ('a', 'user', 'second', 2);
            """);
        var store = Open(home);
        Assert.Equal("first", await PreviewAsync());

        Change("DELETE FROM messages WHERE content = 'first'");
        Assert.Equal(("second", "second"), (await PreviewAsync(), await PreviewAsync()));
        Change("UPDATE messages SET content = NULL; INSERT INTO messages(session_id, role, content, timestamp) VALUES ('a', 'user', 'third', 3)");
        Assert.Equal("third", await PreviewAsync());

        // Another session in the row of the first.
        Change("""
            DELETE FROM messages; DELETE FROM sessions;
            INSERT INTO sessions(id, source, started_at) VALUES ('b', 'cli', 1);
            INSERT INTO messages(session_id, role, content, timestamp) VALUES ('b', 'user', 'fourth', 4);
            """);
        Assert.Equal("fourth", await PreviewAsync());

        async Task<string> PreviewAsync() => Assert.Single((await store.ListAsync(new SessionQuery())).Items).Preview;

        void Change(string sql)
        {
            using var connection = Connection.Open(home.Home.StateDatabase, SqliteOpenMode.ReadWrite, null);
            connection.Execute(sql);
        }
    }

    [Fact]
    public async Task File_WithTheFewestColumns_IsReadAndWritten()
    {
        var store = Open(await HomeAsync("""
            CREATE TABLE sessions (id TEXT PRIMARY KEY, source TEXT NOT NULL, started_at REAL NOT NULL);
            CREATE TABLE messages (id INTEGER PRIMARY KEY, session_id TEXT, role TEXT, content TEXT, timestamp REAL);
            INSERT INTO sessions VALUES ('a', 'cli', 1);
            """));

        await store.AppendAsync("a", [User("one")]);
        Assert.Equal("one", Assert.Single((await store.ListAsync(new SessionQuery())).Items).Preview);
        Assert.Equal(1, (await store.ListAsync(new SessionQuery { IncludeChildren = true, Offset = 600 })).Total);
        Assert.Equal(">>>one<<<", Assert.Single((await store.SearchAsync(new SearchQuery { Text = "one" })).Items).Snippet);
        await store.ForkAsync("a", new NewFork { Id = "b" });
        Assert.Single(await ReadAsync(store, "b"));
        Assert.True(await store.DeleteAsync("a"));
        Assert.Equal("b", Assert.Single((await store.ListAsync(new SessionQuery())).Items).Id);
    }
}
