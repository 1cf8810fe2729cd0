using System.Diagnostics;
using System.Globalization;
using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;

namespace Hermes.Core.Tests.Sessions.Sqlite;

public sealed class OtherProcessTests : SqliteStoreTest
{
    private const string LockScript = """
        import sqlite3, sys
        db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
        db.execute("BEGIN IMMEDIATE")
        db.execute("UPDATE sessions SET title = 'theirs'")
        print("locked", flush=True)
        sys.stdin.readline()
        db.execute("COMMIT")
        """;

    /// <summary>Both worlds write, each 100 times; set HERMES_SOAK_SECONDS to let them go on for as long.</summary>
    [Fact]
    public async Task TwoProcesses_WritingOneFile_LoseNothing()
    {
        var home = EmptyHome();
        var store = Open(home);
        await store.CreateAsync(new NewSession { Id = "shared" });
        var seconds = double.Parse(Environment.GetEnvironmentVariable("HERMES_SOAK_SECONDS") ?? "0", CultureInfo.InvariantCulture);
        using var python = PythonScript.Start(
            """
            import sqlite3, sys, time
            db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
            end, n = time.time() + float(sys.argv[2]), 0
            while n < 100 or time.time() < end:
                db.execute("BEGIN IMMEDIATE")
                db.execute("INSERT INTO messages(session_id, role, content, timestamp) VALUES ('shared', 'user', ?, ?)", (f"theirs {n}", time.time()))
                db.execute("UPDATE sessions SET message_count = message_count + 1 WHERE id = 'shared'")
                db.execute("COMMIT")
                n += 1
            print(n)
            """,
            home.Home.StateDatabase,
            seconds.ToString(CultureInfo.InvariantCulture));

        var ours = 0;
        for (var clock = Stopwatch.StartNew(); ours < 100 || clock.Elapsed.TotalSeconds < seconds; ours++)
        {
            await store.AppendAsync("shared", [User($"ours {ours}")]);
            Assert.True((await store.FindAsync("shared"))!.MessageCount > ours);
        }

        var theirs = int.Parse(await python.FinishAsync(), CultureInfo.InvariantCulture);
        var messages = await ReadAsync(store, "shared");
        Assert.Equal(ours + theirs, messages.Select(m => m.Content).Distinct().Count());
        Assert.Equal(ours + theirs, (await store.FindAsync("shared"))!.MessageCount);
        await StateDatabaseFiles.CheckIntegrityAsync(home);
    }

    [Fact]
    public async Task WriteLock_OfAnotherProcess_HoldsUpNoReader()
    {
        var home = EmptyHome();
        var store = Open(home);
        await store.CreateAsync(new NewSession { Id = "a" });
        using var python = PythonScript.Start(LockScript, home.Home.StateDatabase);
        await python.ReadLineAsync();

        var writes = Enumerable.Range(0, 30).Select(i => Task.Run(() => store.AppendAsync("a", [User($"{i}")]))).ToList();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 20; i++)
        {
            Assert.Null((await store.FindAsync("a"))!.Title);
            await store.ListAsync(new SessionQuery());
        }

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1), $"reading took {clock.Elapsed}");
        Assert.DoesNotContain(writes, write => write.IsCompleted);
        await python.WriteLineAsync();
        await Task.WhenAll(writes);
        Assert.Equal(("theirs", 30), ((await store.FindAsync("a"))!.Title, (await ReadAsync(store, "a")).Count));
    }

    [Fact]
    public async Task WriteLock_HeldForTooLong_IsUnavailableWithRetryAfter()
    {
        var home = EmptyHome();
        var store = Open(home, writeTimeout: TimeSpan.FromMilliseconds(100));
        await store.CreateAsync(new NewSession { Id = "a" });
        using var python = PythonScript.Start(LockScript, home.Home.StateDatabase);
        await python.ReadLineAsync();

        var error = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.RenameAsync("a", "ours"));

        Assert.Equal("Session DB unavailable: another process is writing", error.Message);
        Assert.NotNull(error.RetryAfter);
        await python.WriteLineAsync();
        await python.FinishAsync();
        Assert.Equal("ours", (await store.RenameAsync("a", "ours"))!.Title);
    }

    [Fact]
    public async Task WaitingWrite_Cancelled_EndsAtOnceAndChangesNothing()
    {
        var home = EmptyHome();
        var store = Open(home);
        await store.CreateAsync(new NewSession { Id = "a" });
        using var python = PythonScript.Start(LockScript, home.Home.StateDatabase);
        await python.ReadLineAsync();
        using var cancellation = new CancellationTokenSource();

        var first = store.AppendAsync("a", [User("x")], cancellationToken: cancellation.Token);
        var second = store.AppendAsync("a", [User("y")], cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await python.WriteLineAsync();
        await python.FinishAsync();
        Assert.Empty(await ReadAsync(store, "a"));
    }

    [Fact]
    public async Task WritesThatWaitedTogether_OneCannotBeMade_TheOthersAre()
    {
        var home = EmptyHome();
        var store = Open(home);
        await store.CreateAsync(new NewSession { Id = "taken", Title = "Mine" });
        using var python = PythonScript.Start(LockScript.Replace("UPDATE sessions SET title = 'theirs'", "SELECT 1", StringComparison.Ordinal), home.Home.StateDatabase);
        await python.ReadLineAsync();

        var creates = Enumerable.Range(0, 10).Select(i => store.CreateAsync(new NewSession { Id = $"{i}", Title = i == 4 ? "Mine" : null })).ToList();
        var append = store.AppendAsync("nobody", [User("x")]);
        await python.WriteLineAsync();
        await python.FinishAsync();

        await Assert.ThrowsAsync<SessionValidationException>(() => creates[4]);
        await Assert.ThrowsAsync<SessionNotFoundException>(() => append);
        creates.RemoveAt(4);
        Assert.Equal(["0", "1", "2", "3", "5", "6", "7", "8", "9"], (await Task.WhenAll(creates)).Select(session => session.Id));
        Assert.Equal(10, (await store.ListAsync(new SessionQuery())).Total);
    }

    [Fact]
    public async Task Total_SessionsOfAnotherProcess_AreCountedAtOnce()
    {
        var home = EmptyHome();
        var store = Open(home);
        await store.CreateAsync(new NewSession { Id = "a" });
        Assert.Equal(1, (await store.ListAsync(new SessionQuery())).Total);

        await PythonScript.RunSqlAsync(home.Home.StateDatabase, """
            INSERT INTO sessions(id, source, started_at) VALUES ('b', 'cli', 1), ('c', 'cli', 2);
            INSERT INTO sessions(id, source, started_at, parent_session_id, model_config) VALUES ('d', 'cli', 3, 'b', '{"_delegate_from": "b"}');
            """);
        Assert.Equal(3, (await store.ListAsync(new SessionQuery())).Total);
        await store.DeleteAsync("b");

        Assert.Equal(2, (await store.ListAsync(new SessionQuery())).Total);
        Assert.Equal(1, (await store.ListAsync(new SessionQuery { Source = "cli" })).Total);
    }

    [Fact]
    public async Task Dispose_LastConnection_LeavesTheLog()
    {
        var home = EmptyHome();
        using (var store = Open(home))
        {
            await store.CreateAsync(new NewSession { Id = "a" });
            await store.FindAsync("a");
            store.ReadVersion();
        }

        Assert.True(new FileInfo(home.Home.StateDatabase + "-wal").Length > 0);
        Assert.Equal("a", (await Open(home).FindAsync("a"))!.Id);
    }

    [Fact]
    public async Task File_Replaced_IsNoticed()
    {
        var home = EmptyHome();
        var store = Open(home);
        await store.CreateAsync(new NewSession { Id = "old" });
        var version = store.ReadVersion();
        var other = await HomeAsync(StateDatabaseFiles.Schema6, "INSERT INTO sessions(id, source, started_at) VALUES ('new', 'cli', 1)");

        Delete(home.Home.StateDatabase);
        File.Move(other.Home.StateDatabase, home.Home.StateDatabase);

        Assert.Null(await store.FindAsync("old"));
        Assert.Equal("new", (await store.FindAsync("new"))!.Id);
        Assert.NotEqual(version, store.ReadVersion());
        Assert.Equal("T", (await store.RenameAsync("new", "T"))!.Title);
    }

    [Fact]
    public async Task File_Deleted_IsAnEmptyHome()
    {
        var home = EmptyHome();
        var store = Open(home);
        await store.CreateAsync(new NewSession { Id = "old" });
        await store.FindAsync("old");
        store.ReadVersion();

        Delete(home.Home.StateDatabase);

        Assert.Null(await store.FindAsync("old"));
        Assert.Null(store.ReadVersion());
        Assert.False(await store.DeleteAsync("old"));
        Assert.False(File.Exists(home.Home.StateDatabase));
        await store.CreateAsync(new NewSession { Id = "new" });
        Assert.Equal("new", Assert.Single((await store.ListAsync(new SessionQuery())).Items).Id);
    }

    private static void Delete(string database)
    {
        File.Delete(database);
        File.Delete(database + "-wal");
        File.Delete(database + "-shm");
    }
}
