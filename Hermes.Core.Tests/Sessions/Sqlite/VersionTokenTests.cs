using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;

namespace Hermes.Core.Tests.Sessions.Sqlite;

public sealed class VersionTokenTests : SqliteStoreTest
{
    [Fact]
    public async Task ReadVersion_AnyCommit_ChangesIt()
    {
        var home = EmptyHome();
        var store = Open(home);
        await store.CreateAsync(new NewSession { Id = "a" });

        var first = store.ReadVersion();
        Assert.Equal(first, store.ReadVersion());
        await store.RenameAsync("a", "ours");
        var second = store.ReadVersion();
        await PythonScript.RunSqlAsync(home.Home.StateDatabase, "UPDATE sessions SET title = 'theirs'");
        var third = store.ReadVersion();
        Assert.Equal(third, store.ReadVersion());
        var ofAnotherProcess = Open(home).ReadVersion();

        Assert.Equal(4, new HashSet<VersionToken?> { first, second, third, ofAnotherProcess }.Count);
    }

    [Fact]
    public async Task ReadVersion_NothingCommitted_StaysTheSame()
    {
        var home = EmptyHome();
        var store = Open(home);
        await store.CreateAsync(new NewSession { Id = "a" });
        var version = store.ReadVersion();

        await PythonScript.RunSqlAsync(home.Home.StateDatabase, "BEGIN IMMEDIATE; UPDATE sessions SET title = 'undone'; ROLLBACK");

        Assert.Equal(version, store.ReadVersion());
    }

    [Fact]
    public async Task ReadVersion_EachOfManyCommitsOfAnotherProcess_ShowsAtOnce()
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
        var versions = new HashSet<VersionToken?>();
        for (var i = 0; i < 100; i++)
        {
            await python.WriteLineAsync($"{i}");
            await python.ReadLineAsync();
            Assert.True(versions.Add(store.ReadVersion()), $"commit {i} does not show");
        }
    }

    [Fact]
    public async Task ReadVersion_FileWithoutLog_ChangesWithEachCommitAndLeavesNothingBeside()
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema6, "INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1)");
        await PythonScript.RunSqlAsync(home.Home.StateDatabase, "PRAGMA journal_mode=DELETE");
        var store = Open(home);

        var first = store.ReadVersion();
        Assert.Equal(first, store.ReadVersion());
        await PythonScript.RunSqlAsync(home.Home.StateDatabase, "UPDATE sessions SET title = 'theirs'");

        Assert.NotEqual(first, store.ReadVersion());
        Assert.False(File.Exists(home.Home.StateDatabase + "-shm"));
    }

    [Fact]
    public async Task ReadVersion_FileWithoutLogThatIsBeingWritten_IsNotKnown()
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema6, "INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1)");
        await PythonScript.RunSqlAsync(home.Home.StateDatabase, "PRAGMA journal_mode=DELETE");
        var store = Open(home);
        var before = store.ReadVersion();
        using var python = PythonScript.Start(
            """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
            db.execute("BEGIN EXCLUSIVE")
            db.execute("UPDATE sessions SET title = 'theirs'")
            print("locked", flush=True)
            sys.stdin.readline()
            db.execute("COMMIT")
            """,
            home.Home.StateDatabase);
        await python.ReadLineAsync();

        Assert.Null(store.ReadVersion());

        await python.WriteLineAsync();
        await python.FinishAsync();
        Assert.NotNull(store.ReadVersion());
        Assert.NotEqual(before, store.ReadVersion());
    }

    [Fact]
    public async Task ReadVersion_FileThatGetsALog_StillChangesWithEachCommit()
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema6, "INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1)");
        await PythonScript.RunSqlAsync(home.Home.StateDatabase, "PRAGMA journal_mode=DELETE");
        var store = Open(home);
        var versions = new HashSet<VersionToken?> { store.ReadVersion() };

        await PythonScript.RunSqlAsync(home.Home.StateDatabase, "PRAGMA journal_mode=WAL; UPDATE sessions SET title = 'first'");
        Assert.True(versions.Add(store.ReadVersion()));
        await PythonScript.RunSqlAsync(home.Home.StateDatabase, "UPDATE sessions SET title = 'second'");

        Assert.True(versions.Add(store.ReadVersion()));
    }

    /// <summary>A process that is killed while it commits can leave the head of the log's index in two minds.</summary>
    [Fact]
    public async Task ReadVersion_IndexOfTheLogLeftHalfWritten_IsRepairedAndTellsChangesAgain()
    {
        var home = EmptyHome();
        var store = Open(home);
        await store.CreateAsync(new NewSession { Id = "a" });
        store.ReadVersion();

        await PythonScript.RunAsync(
            """
            import sys
            with open(sys.argv[1] + "-shm", "r+b") as index:
                index.seek(8)
                index.write(b"\xff\xff\xff\x7f")
            """,
            home.Home.StateDatabase);
        var repaired = store.ReadVersion();
        await PythonScript.RunSqlAsync(home.Home.StateDatabase, "UPDATE sessions SET title = 'theirs'");

        Assert.NotNull(repaired);
        Assert.NotEqual(repaired, store.ReadVersion());
        Assert.Equal("theirs", (await store.FindAsync("a"))!.Title);
        await StateDatabaseFiles.CheckIntegrityAsync(home);
    }
}
