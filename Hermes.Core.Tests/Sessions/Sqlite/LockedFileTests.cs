using System.Net;
using Hermes.Core.Sessions.Sqlite;
using Hermes.Core.Tests.Support;

namespace Hermes.Core.Tests.Sessions.Sqlite;

/// <summary>A file without a write-ahead log, while another process writes to it: nobody can read it then.</summary>
public sealed class LockedFileTests : SqliteStoreTest
{
    [Fact]
    public async Task Reading_IsUnavailableForAMomentAndHoldsNothingElseUp()
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema6, "INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1)");
        await PythonScript.RunSqlAsync(home.Home.StateDatabase, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE");
        await using var server = await HermesServer.StartAsync(home: home);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/api/sessions/a")).StatusCode);
        using var python = PythonScript.Start(
            """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
            db.execute("BEGIN EXCLUSIVE")
            db.execute("UPDATE sessions SET title = 'T'")
            print("locked", flush=True)
            sys.stdin.readline()
            db.execute("COMMIT")
            """,
            home.Home.StateDatabase);
        await python.ReadLineAsync();

        var reads = Enumerable.Range(0, 12).Select(_ => server.Client.GetAsync("/api/sessions/a")).ToList();
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/health")).StatusCode);
        foreach (var answer in await Task.WhenAll(reads))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
            Assert.Equal("""{"error":"Session DB unavailable: another process is writing"}""", await answer.Content.ReadAsStringAsync());
        }

        await python.WriteLineAsync();
        await python.FinishAsync();
        Assert.Contains("\"title\":\"T\"", await server.Client.GetStringAsync("/api/sessions/a"));
    }

    [Fact]
    public async Task WaitingForAReader_IsCancelledAndEndsWithTheStore()
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema6, "INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1)");
        var readers = Keep(new ReaderPool(home.Home.StateDatabase));
        using var busy = new ManualResetEventSlim();
        using var reading = new CountdownEvent(ReaderPool.MaxReaders);
        using var cancellation = new CancellationTokenSource();
        var holding = Enumerable.Range(0, ReaderPool.MaxReaders)
            .Select(_ => Task.Factory.StartNew(() => ReadAsync(Hold, default), default, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()).ToList();
        Assert.True(reading.Wait(TimeSpan.FromSeconds(30)));
        var waiting = ReadAsync(() => { }, cancellation.Token);
        holding.Add(ReadAsync(() => { }, default));
        Assert.False(waiting.IsCompleted);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        readers.Dispose();
        busy.Set();
        var ends = await Task.WhenAll(holding.Select(read => Record.ExceptionAsync(() => read))).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.All(ends, end => Assert.True(end is null or ObjectDisposedException, $"{end}"));

        void Hold()
        {
            reading.Signal();
            busy.Wait();
        }

        Task<int> ReadAsync(Action query, CancellationToken cancellationToken) => readers.ReadAsync(
            _ =>
            {
                query();
                return 1;
            },
            missing: 0,
            cancellationToken).AsTask();
    }
}
