using Hermes.Core.Sessions;
using Hermes.Core.Sessions.Sqlite;
using Hermes.Core.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Hermes.Core.Tests.Sessions.Sqlite;

public sealed class StampTests : SqliteStoreTest
{
    [Fact]
    public async Task ReadStamp_AnyCommit_ChangesIt()
    {
        var home = EmptyHome();
        var store = Open(home);
        await store.CreateAsync(new NewSession { Id = "a" });

        var first = store.ReadStamp();
        Assert.Equal(first, store.ReadStamp());
        await store.RenameAsync("a", "ours");
        var second = store.ReadStamp();
        await PythonScript.RunSqlAsync(home.Home.StateDatabase, "UPDATE sessions SET title = 'theirs'");
        var third = store.ReadStamp();
        Assert.Equal(third, store.ReadStamp());
        var ofAnotherProcess = Open(home).ReadStamp();

        Assert.Equal(4, new HashSet<SessionStamp?> { first, second, third, ofAnotherProcess }.Count);
    }

    [Fact]
    public async Task ReadStamp_NothingCommitted_StaysTheSame()
    {
        var home = EmptyHome();
        var store = Open(home);
        await store.CreateAsync(new NewSession { Id = "a" });
        var stamp = store.ReadStamp();

        await PythonScript.RunSqlAsync(home.Home.StateDatabase, "BEGIN IMMEDIATE; UPDATE sessions SET title = 'undone'; ROLLBACK");

        Assert.Equal(stamp, store.ReadStamp());
    }

    [Fact]
    public async Task ReadStamp_EachOfManyCommitsOfAnotherProcess_ShowsAtOnce()
    {
        var home = EmptyHome();
        var store = Open(home);
        await store.CreateAsync(new NewSession { Id = "a" });
        using var python = PythonScript.Start(
            """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
            db.execute("PRAGMA wal_autocheckpoint=7")
            for line in sys.stdin:
                db.execute("UPDATE sessions SET model = ?", (line,))
                print("committed", flush=True)
            """,
            home.Home.StateDatabase);

        // The small log is begun anew many times on the way.
        var stamps = new HashSet<SessionStamp?>();
        for (var i = 0; i < 100; i++)
        {
            await python.WriteLineAsync($"{i}");
            await python.ReadLineAsync();
            Assert.True(stamps.Add(store.ReadStamp()), $"commit {i} does not show");
        }
    }

    [Fact]
    public async Task ReadStamp_FileWithoutLog_ChangesWithEachCommitAndLeavesNothingBeside()
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema6, "INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1)");
        await PythonScript.RunSqlAsync(home.Home.StateDatabase, "PRAGMA journal_mode=DELETE");
        var store = Open(home);

        var first = store.ReadStamp();
        Assert.Equal(first, store.ReadStamp());
        await PythonScript.RunSqlAsync(home.Home.StateDatabase, "UPDATE sessions SET title = 'theirs'");

        Assert.NotEqual(first, store.ReadStamp());
        Assert.False(File.Exists(home.Home.StateDatabase + "-shm"));
    }

    [Fact]
    public async Task ReadStamp_FileThatGetsALog_StillChangesWithEachCommit()
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema6, "INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1)");
        await PythonScript.RunSqlAsync(home.Home.StateDatabase, "PRAGMA journal_mode=DELETE");
        var store = Open(home);
        var stamps = new HashSet<SessionStamp?> { store.ReadStamp() };

        await PythonScript.RunSqlAsync(home.Home.StateDatabase, "PRAGMA journal_mode=WAL; UPDATE sessions SET title = 'first'");
        Assert.True(stamps.Add(store.ReadStamp()));
        await PythonScript.RunSqlAsync(home.Home.StateDatabase, "UPDATE sessions SET title = 'second'");

        Assert.True(stamps.Add(store.ReadStamp()));
    }

    /// <summary>A process that is killed while it commits can leave the head of the log's index in two minds.</summary>
    [Fact]
    public async Task ReadStamp_IndexLeftHalfWritten_IsMendedAndTellsChangesAgain()
    {
        var home = EmptyHome();
        var store = Open(home);
        await store.CreateAsync(new NewSession { Id = "a" });
        store.ReadStamp();

        await PythonScript.RunAsync(
            """
            import sys
            with open(sys.argv[1] + "-shm", "r+b") as index:
                index.seek(8)
                index.write(b"\xff\xff\xff\x7f")
            """,
            home.Home.StateDatabase);
        var mended = store.ReadStamp();
        await PythonScript.RunSqlAsync(home.Home.StateDatabase, "UPDATE sessions SET title = 'theirs'");

        Assert.NotNull(mended);
        Assert.NotEqual(mended, store.ReadStamp());
        Assert.Equal("theirs", (await store.FindAsync("a"))!.Title);
        await StateDatabaseFiles.CheckIntegrityAsync(home);
    }

    [Fact]
    public async Task WalIndex_Commit_ShowsInTheHead()
    {
        var home = EmptyHome();
        await Open(home).CreateAsync(new NewSession { Id = "a" });
        using var connection = Connection.Open(home.Home.StateDatabase, SqliteOpenMode.ReadOnly, file: null);
        connection.ReadDataVersion();

        var index = WalIndex.Find(connection)!.Value;
        Assert.True(index.TryRead(out var before));
        Assert.True(index.TryRead(out var same));
        await PythonScript.RunSqlAsync(home.Home.StateDatabase, "UPDATE sessions SET title = 'theirs'");
        Assert.True(index.TryRead(out var after));

        Assert.Equal(before, same);
        Assert.NotEqual(before, after);
    }
}
