using Hermes.Core.Chat;
using Hermes.Core.Sessions;
using Hermes.Core.Sessions.Sqlite;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Hermes.Core.Tests.Chat;

/// <summary>The lease of a turn as time goes by.</summary>
public sealed class TurnLeaseTests : IAsyncLifetime, IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private TemporaryHome _home = null!;
    private SqliteSessionStore _store = null!;
    private LeasingAgent _agent = null!;

    public async Task InitializeAsync()
    {
        _home = await StateDatabaseFiles.CreateHomeAsync(
            StateDatabaseFiles.Schema6, LeasingAgent.Tables, "INSERT INTO sessions(id, source, started_at) VALUES ('s', 'cli', 1)");
        _store = new SqliteSessionStore(_home.Home, _time, NullLogger<SqliteSessionStore>.Instance);
        _agent = await LeasingAgent.StartAsync(_home.Home.StateDatabase, _time.GetUtcNow());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _agent.Dispose();
        _store.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task LongTurn_EachMinute_LastsLonger()
    {
        await using var lease = await TakeAsync();
        for (var minute = 1; minute <= 10; minute++)
        {
            _time.Advance(TurnLease.RefreshInterval);
            await WaitForAsync($"{_time.GetUtcNow().ToUnixTimeSeconds() + 300}.0)]");
        }
    }

    [Fact]
    public async Task LeaseThatWasLost_InterruptsTheTurnAndStaysTheAgents()
    {
        var gate = new Gate();
        using var model = new ScriptedChatClient(ScriptedAnswer.Text("so far").ThenWait(gate.WaitAsync).ThenText("never"));
        await using var services = new ServiceCollection().AddSingleton<IChatClient>(model).BuildServiceProvider();
        var turn = Engine(services).Start(ChatFixture.Say("hi", "s"));
        await gate.Reached;

        // Without a word from us for as long: the machine slept.
        await PythonScript.RunSqlAsync(_home.Home.StateDatabase, "UPDATE session_turn_leases SET expires_at = 0");
        Assert.Equal("taken", await _agent.TakeAsync("s", seconds: 3600));
        _time.Advance(TurnLease.RefreshInterval);
        var outcome = await turn.Completion.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(outcome.IsInterrupted);
        Assert.Contains(_agent.Holder, await _agent.ShowAsync());
        var said = await _store.ReadMessagesAsync("s").Select(message => $"{message.Role}:{message.Content}:{message.FinishReason}").ToListAsync();
        Assert.Equal(["user:hi:", "assistant:so far:interrupted"], said);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LeaseThatWasLost_IsSeenWhenTheAnswerIsStored(bool isGivenBack)
    {
        var gate = new Gate();
        using var model = new ScriptedChatClient(ScriptedAnswer.Text("all ").ThenWait(gate.WaitAsync).ThenText("of it"));
        await using var services = new ServiceCollection().AddSingleton<IChatClient>(model).BuildServiceProvider();
        var turn = Engine(services).Start(ChatFixture.Say("hi", "s"));
        await gate.Reached;

        await PythonScript.RunSqlAsync(_home.Home.StateDatabase, "UPDATE session_turn_leases SET expires_at = 0");
        Assert.Equal("taken", await _agent.TakeAsync("s", seconds: 3600));
        if (isGivenBack)
            await _agent.ReleaseAsync("s");

        gate.Open();
        var outcome = await turn.Completion.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(outcome.IsInterrupted);
        var said = await _store.ReadMessagesAsync("s").Select(message => $"{message.Role}:{message.Content}:{message.FinishReason}").ToListAsync();
        Assert.Equal(["user:hi:", "assistant:all of it:interrupted"], said);
        Assert.Equal(isGivenBack, !(await _agent.ShowAsync()).Contains(_agent.Holder, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Take_FileWithoutALogThatAnotherProcessWrites_WaitsAsEveryWriteDoes()
    {
        using var home = await StateDatabaseFiles.CreateHomeAsync(StateDatabaseFiles.Schema6, LeasingAgent.Tables, "INSERT INTO sessions(id, source, started_at) VALUES ('s', 'cli', 1)");
        using var writer = PythonScript.Start(
            """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1], isolation_level=None)
            db.execute("PRAGMA journal_mode=DELETE")
            db.execute("BEGIN EXCLUSIVE")
            print("writing", flush=True)
            sys.stdin.readline()
            db.execute("COMMIT")
            """, home.Home.StateDatabase);
        await writer.ReadLineAsync();
        using var store = new SqliteSessionStore(home.Home, TimeProvider.System, NullLogger<SqliteSessionStore>.Instance);

        // SQLite has given up waiting for the reader's lock by the time this returns.
        var taking = store.TryTakeLeaseAsync("s", "me", CancellationToken.None);
        Assert.False(taking.IsFaulted);
        await writer.WriteLineAsync("go on");

        Assert.Equal((false, "s"), await taking);
        await writer.FinishAsync();
    }

    [Fact]
    public async Task WaitForTheAgent_Cancelled_EndsAtOnce()
    {
        await _agent.TakeAsync("s");
        using var cancellation = new CancellationTokenSource();
        var waiting = TakeAsync(cancellationToken: cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task WaitForTheAgent_AsLongAsTheTimeout_IsGivenUp()
    {
        await _agent.TakeAsync("s", seconds: 3600);
        var waiting = TakeAsync();

        while (!waiting.IsCompleted)
        {
            _time.Advance(TurnLease.PollInterval);
            await Task.Yield();
        }

        await Assert.ThrowsAsync<ConversationBusyException>(() => waiting);
        Assert.True(_time.GetUtcNow() - _time.Start >= new HermesChatOptions().LeaseTimeout);
    }

    private ChatEngine Engine(IServiceProvider services) =>
        new(_store, services.GetRequiredService<IServiceScopeFactory>(), new HermesChatOptions(), _time, NullLogger<ChatEngine>.Instance);

    private Task<TurnLease> TakeAsync(CancellationToken cancellationToken = default) => TurnLease.TakeAsync(
        _store, "s", new HermesChatOptions().LeaseTimeout, _time, NullLogger.Instance, () => { }, cancellationToken);

    private async Task WaitForAsync(string lease)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!(await _agent.ShowAsync()).EndsWith(lease, StringComparison.Ordinal))
            limit.Token.ThrowIfCancellationRequested();
    }
}
