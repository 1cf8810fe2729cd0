using Hermes.Core.Sessions;
using Hermes.Core.Sessions.Sqlite;
using Hermes.Core.Tests.Support;
using Hermes.Testing;

namespace Hermes.Core.Tests.Sessions.Sqlite;

public sealed class WriteQueueTests : SqliteStoreTest
{
    private const string LockScript = """
        import sqlite3, sys
        db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
        db.execute("BEGIN IMMEDIATE")
        print("locked", flush=True)
        sys.stdin.readline()
        db.execute("COMMIT")
        """;

    [Fact]
    public async Task WriteAsync_ChangesOfOneBatchThatFail_LeaveTheOthersAndTheQueueAlone()
    {
        var home = await CreatedHomeAsync();
        await using var queue = OpenQueue(home);
        using var python = await LockAsync(home);

        var writes = Enumerable.Range(0, 100).Select(i => queue.WriteAsync(
            (connection, _) =>
            {
                SessionWriter.Create(connection, new NewSession { Id = $"{i}" }, DateTimeOffset.UnixEpoch);
                return i % 3 == 1 ? throw new InvalidOperationException($"{i}") : i;
            },
            CancellationToken.None)).ToList();
        await python.WriteLineAsync();

        for (var i = 0; i < writes.Count; i++)
        {
            if (i % 3 == 1)
                Assert.Equal($"{i}", (await Assert.ThrowsAsync<InvalidOperationException>(() => writes[i])).Message);
            else
                Assert.Equal(i, await writes[i]);
        }

        Assert.Equal(
            Enumerable.Range(0, 100).Where(i => i % 3 != 1).Select(i => $"{i}").Append("first").Order(),
            (await IdsAsync(home)).Order());
    }

    [Fact]
    public async Task WriteAsync_ChangeThatClosesItsOwnTransaction_FailsAloneAndTheLoopGoesOn()
    {
        var home = await CreatedHomeAsync();
        await using var queue = OpenQueue(home);

        var broken = queue.WriteAsync(
            (connection, _) =>
            {
                connection.Execute("ROLLBACK");
                return 1;
            },
            CancellationToken.None);

        await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => broken);
        Assert.Equal(2, await queue.WriteAsync((_, _) => 2, CancellationToken.None));
    }

    [Fact]
    public async Task WriteAsync_CancelledWhileItWaits_IsNotMade()
    {
        var home = await CreatedHomeAsync();
        await using var queue = OpenQueue(home);
        using var python = await LockAsync(home);
        using var cancellation = new CancellationTokenSource();
        var isMade = false;

        var cancelled = queue.WriteAsync((_, _) => isMade = true, cancellation.Token);
        var other = queue.WriteAsync((_, _) => 1, CancellationToken.None);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await python.WriteLineAsync();
        Assert.Equal(1, await other);
        Assert.False(isMade);
    }

    [Fact]
    public async Task DisposeAsync_WritesThatWait_AreMadeFirstAndNoMoreAreTaken()
    {
        var home = await CreatedHomeAsync();
        var queue = OpenQueue(home);
        using var python = await LockAsync(home);
        var writes = Enumerable.Range(0, 40).Select(i => queue.WriteAsync(
            (connection, _) => SessionWriter.Create(connection, new NewSession { Id = $"{i}" }, DateTimeOffset.UnixEpoch).Id, CancellationToken.None)).ToList();

        var disposal = queue.DisposeAsync();
        Assert.False(disposal.IsCompleted);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await queue.WriteAsync((_, _) => 1, CancellationToken.None));
        await python.WriteLineAsync();
        await disposal;

        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{i}"), await Task.WhenAll(writes).WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(41, (await IdsAsync(home)).Count);
    }

    private static WriteQueue OpenQueue(TemporaryHome home) => new(home.Home, TimeProvider.System, TimeSpan.FromSeconds(60));

    private static async Task<PythonScript> LockAsync(TemporaryHome home)
    {
        var python = PythonScript.Start(LockScript, home.Home.StateDatabase);
        await python.ReadLineAsync();
        return python;
    }

    private async Task<List<string>> IdsAsync(TemporaryHome home) =>
        [.. (await Open(home, writeTimeout: null).ListAsync(new SessionQuery { Limit = 500 })).Items.Select(session => session.Id)];

    private async Task<TemporaryHome> CreatedHomeAsync()
    {
        var home = EmptyHome();
        await Open(home, writeTimeout: null).CreateAsync(new NewSession { Id = "first" });
        return home;
    }
}
