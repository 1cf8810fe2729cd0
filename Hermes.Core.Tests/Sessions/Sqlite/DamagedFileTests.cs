using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;

namespace Hermes.Core.Tests.Sessions.Sqlite;

public sealed class DamagedFileTests : SqliteStoreTest
{
    [Fact]
    public async Task FileThatIsNoDatabase_IsUnavailableAndLeftAsItIs()
    {
        var home = EmptyHome();
        var text = new string('x', 8192);
        home.Write("state.db", text);
        using (var store = Open(home))
        {
            Func<Task>[] calls =
            [
                () => store.ListAsync(new SessionQuery()),
                () => store.FindAsync("a"),
                () => ReadAsync(store, "a"),
                () => store.CreateAsync(new NewSession()),
                () => store.RenameAsync("a", "t"),
                () => store.DeleteAsync("a"),
                () => Task.FromResult(store.ReadVersion()),
            ];
            foreach (var call in calls)
            {
                var error = await Assert.ThrowsAsync<SessionStoreUnavailableException>(call);
                Assert.Equal("Session DB unavailable", error.Message);
                Assert.Null(error.RetryAfter);
            }
        }

        Assert.Equal(text, await File.ReadAllTextAsync(home.Home.StateDatabase));
        Assert.Single(Directory.GetFiles(home.Path));
    }

    [Fact]
    public async Task FileWithDamagedPages_IsUnavailableUntilReplaced()
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema6, "INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1)");
        await PythonScript.RunAsync("""
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1]); db.execute("PRAGMA wal_checkpoint(TRUNCATE)"); db.execute("PRAGMA journal_mode=DELETE"); db.close()
            with open(sys.argv[1], "r+b") as f:
                f.seek(4096); f.write(b"\xff" * 4096 * 20)
            """, home.Home.StateDatabase);
        var store = Open(home);

        var error = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.ListAsync(new SessionQuery()));

        Assert.Equal("Session DB unavailable", error.Message);
        var sound = await HomeAsync(StateDatabaseFiles.Schema6, "INSERT INTO sessions(id, source, started_at) VALUES ('b', 'cli', 1)");
        File.Move(sound.Home.StateDatabase, home.Home.StateDatabase, overwrite: true);
        Assert.Equal("b", Assert.Single((await store.ListAsync(new SessionQuery())).Items).Id);
    }

    [Fact]
    public async Task DamagedSearchIndex_LeavesReadingIntact()
    {
        var home = await HomeAsync(
            StateDatabaseFiles.Schema6,
            "INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1)",
            "INSERT INTO messages(session_id, role, content, timestamp) VALUES ('a', 'user', 'hi', 2)",
            "UPDATE messages_fts_data SET block = x'ffffffffffffffff'");
        var store = Open(home);

        Assert.Equal("hi", Assert.Single(await ReadAsync(store, "a")).Content);
        var error = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.AppendAsync("a", [User("x")]));

        Assert.Equal("Session DB unavailable: its search index is damaged", error.Message);
        Assert.Single(await ReadAsync(store, "a"));
    }

    [Theory]
    [InlineData("CREATE VIRTUAL TABLE messages_fts_icu USING fts5(content, tokenize='trigram')", "'trigram'", "'jieba'", "tokenizer \"jieba\"")]
    public async Task SearchIndexThatCannotBeLoaded_StopsAppendingAlone(string index, string loaded, string notLoaded, string reason)
    {
        var home = await HomeAsync(
            StateDatabaseFiles.Schema6,
            "INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1)",
            "INSERT INTO messages(session_id, role, content, timestamp) VALUES ('a', 'user', 'hi', 2)",
            index,
            "CREATE TRIGGER messages_fts_icu_insert AFTER INSERT ON messages BEGIN INSERT INTO messages_fts_icu(content) VALUES (new.content); END",
            "PRAGMA writable_schema=ON",
            $"UPDATE sqlite_master SET sql = replace(sql, {Quote(loaded)}, {Quote(notLoaded)}) WHERE name = 'messages_fts_icu'");
        var store = Open(home);

        Assert.Single(await ReadAsync(store, "a"));
        Assert.Equal("T", (await store.RenameAsync("a", "T"))!.Title);
        var error = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.AppendAsync("a", [User("x")]));

        Assert.Contains(reason, error.Message);
        Assert.Single(await ReadAsync(store, "a"));
    }

    [Fact]
    public async Task FileThatCannotBeWritten_SaysSo()
    {
        var home = await HomeAsync(
            StateDatabaseFiles.Schema6,
            "INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1)",
            "CREATE TRIGGER no_titles BEFORE UPDATE OF title ON sessions BEGIN SELECT RAISE(ABORT, 'secret text'); END");
        var store = Open(home);

        var error = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.RenameAsync("a", "t"));

        Assert.Equal("Session DB unavailable: the file's schema refuses the change", error.Message);
        Assert.Equal("a", (await store.EndAsync("a", "done"))!.Id);
    }

    private static string Quote(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}
