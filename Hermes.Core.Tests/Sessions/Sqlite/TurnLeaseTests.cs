using Hermes.Core.Sessions;
using Hermes.Core.Sessions.Sqlite;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hermes.Core.Tests.Sessions.Sqlite;

/// <summary>Who answers in a conversation, where a Python process answers too.</summary>
public sealed class TurnLeaseTests : SqliteStoreTest
{
    private const string Session = "INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1), ('b', 'cli', 2)";
    private const string Ours = "hermes-dotnet:pid=1:test";

    private readonly AdjustableTime _time = new();

    [Fact]
    public async Task Take_FreeConversation_IsSeenByTheAgentForFiveMinutes()
    {
        var (store, agent) = await OpenAsync();

        Assert.Equal((false, "a"), await TakeAsync(store, "a"));

        var now = _time.Now.ToUnixTimeSeconds();
        Assert.Equal($"[('a', '{Ours}', {now}.0, {now + 300}.0)]", await agent.ShowAsync());
        Assert.Equal($"held by {Ours}", await agent.TakeAsync("a"));
        Assert.Equal("taken", await agent.TakeAsync("b"));
    }

    [Fact]
    public async Task Take_HeldByTheAgent_IsRefusedUntilItIsGivenBack()
    {
        var (store, agent) = await OpenAsync();
        Assert.Equal("taken", await agent.TakeAsync("a"));

        Assert.Equal((true, null), await TakeAsync(store, "a"));
        Assert.Equal((false, "b"), await TakeAsync(store, "b"));

        Assert.Equal("1", await agent.ReleaseAsync("a"));
        Assert.Equal((false, "a"), await TakeAsync(store, "a"));
    }

    [Fact]
    public async Task Take_LeaseThatTheAgentRefreshes_StaysTheAgents()
    {
        var (store, agent) = await OpenAsync();
        await agent.TakeAsync("a", seconds: 300);
        _time.Now += TimeSpan.FromSeconds(299);
        Assert.True((await TakeAsync(store, "a")).IsHeldByOther);

        await agent.TakeAsync("a", seconds: 300, later: TimeSpan.FromSeconds(299));
        _time.Now += TimeSpan.FromSeconds(299);
        Assert.True((await TakeAsync(store, "a")).IsHeldByOther);

        _time.Now += TimeSpan.FromSeconds(2);
        Assert.Equal("a", (await TakeAsync(store, "a")).ConversationId);
    }

    [Fact]
    public async Task Take_LeaseOfAnAgentThatDied_IsFree()
    {
        var (store, agent) = await OpenAsync();
        await agent.TakeAsync("a");
        Assert.True((await TakeAsync(store, "a")).IsHeldByOther);

        await agent.CrashAsync();

        Assert.Equal("a", (await TakeAsync(store, "a")).ConversationId);
    }

    [Theory]
    [InlineData("gateway", true)]
    [InlineData("", true)]
    [InlineData("gateway:pid=:1", true)]
    [InlineData("gateway:pid=x1:1", true)]
    [InlineData("gateway:pid=-1:1", true)]
    [InlineData("gateway:mypid=99999999999:1", true)]
    [InlineData("pid=99999999999", false)]
    [InlineData("gateway:1:pid=99999999999", false)]
    public async Task Take_HolderWithoutAProcessOfThisMachine_IsHeardUntilItExpires(string holder, bool isHeld)
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema6, LeasingAgent.Tables, Session, Lease("a", holder, _time.Now.ToUnixTimeSeconds() + 1));
        var store = Open(home);

        Assert.Equal(isHeld, (await TakeAsync(store, "a")).IsHeldByOther);
        _time.Now += TimeSpan.FromSeconds(1);
        Assert.False((await TakeAsync(store, "a")).IsHeldByOther);
    }

    [Theory]
    [InlineData("NULL")]
    [InlineData("'soon'")]
    [InlineData("x'00'")]
    public async Task Take_ExpiryThatIsNoTime_IsNoLease(string expiry)
    {
        var home = await HomeAsync(
            StateDatabaseFiles.Schema6, LeasingAgent.Tables.Replace(" NOT NULL", "", StringComparison.Ordinal), Session, $"INSERT INTO session_turn_leases VALUES ('a', 'gateway', 0, {expiry})");

        Assert.Equal("a", (await TakeAsync(Open(home), "a")).ConversationId);
    }

    [Fact]
    public async Task Take_Again_LastsLongerAndStaysOne()
    {
        var (store, agent) = await OpenAsync();
        await TakeAsync(store, "a");
        var began = _time.Now.ToUnixTimeSeconds();
        _time.Now += TimeSpan.FromSeconds(60);

        await TakeAsync(store, "a");

        Assert.Equal($"[('a', '{Ours}', {began}.0, {began + 360}.0)]", await agent.ShowAsync());
    }

    [Fact]
    public async Task Take_LostToTheAgent_IsSaidAndTheAgentsStays()
    {
        var (store, agent) = await OpenAsync();
        await TakeAsync(store, "a");
        _time.Now += TimeSpan.FromSeconds(301);
        Assert.Equal("taken", await agent.TakeAsync("a", later: TimeSpan.FromSeconds(301)));

        Assert.Equal((true, null), await TakeAsync(store, "a"));
        await store.ReleaseLeaseAsync("a", Ours);

        Assert.Contains(agent.Holder, await agent.ShowAsync());
    }

    [Fact]
    public async Task Take_RowThatSomebodySweptAway_IsThereAgain()
    {
        var (store, agent) = await OpenAsync();
        await TakeAsync(store, "a");
        await PythonScript.RunSqlAsync(_home!.Home.StateDatabase, "DELETE FROM session_turn_leases");

        Assert.Equal("a", (await TakeAsync(store, "a")).ConversationId);

        Assert.Contains(Ours, await agent.ShowAsync());
    }

    [Fact]
    public async Task Release_OwnLease_IsFreeForTheAgent()
    {
        var (store, agent) = await OpenAsync();
        await TakeAsync(store, "a");

        await store.ReleaseLeaseAsync("a", Ours);

        Assert.Equal("[]", await agent.ShowAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("CREATE TABLE session_turn_leases (conversation_id TEXT PRIMARY KEY, holder TEXT)")]
    public async Task Take_FileWithoutLeases_IsFreeAndWritesNothing(string sql)
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema6, Session, sql.Length == 0 ? "SELECT 1" : sql);
        var before = await StateDatabaseFiles.DumpAsync(home);
        var store = Open(home);

        Assert.Equal(default, await TakeAsync(store, "a"));
        await store.ReleaseLeaseAsync("a", Ours);

        Assert.Equal(before, await StateDatabaseFiles.DumpAsync(home));
    }

    [Fact]
    public async Task Take_NoFile_IsFree()
    {
        var store = Open(EmptyHome());

        Assert.Equal(default, await TakeAsync(store, "a"));
        await store.ReleaseLeaseAsync("a", Ours);
    }

    [Fact]
    public async Task Take_TableWithColumnsNobodyToldUsAbout_IsHeededAndNotWritten()
    {
        var home = await HomeAsync(
            StateDatabaseFiles.Schema6,
            LeasingAgent.Tables.Replace("holder TEXT NOT NULL, ", "holder TEXT NOT NULL, epoch INTEGER NOT NULL, ", StringComparison.Ordinal),
            Session,
            $"INSERT INTO session_turn_leases VALUES ('a', 'gateway', 7, 1, {_time.Now.ToUnixTimeSeconds() + 1})");
        var store = Open(home);

        Assert.True((await TakeAsync(store, "a")).IsHeldByOther);
        Assert.Equal(default, await TakeAsync(store, "b"));
        await Assert.ThrowsAsync<ConversationBusyException>(() => store.DeleteAsync("a"));
        _time.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(default, await TakeAsync(store, "a"));
        await store.ReleaseLeaseAsync("a", Ours);
        Assert.Contains("b'gateway', 7", await StateDatabaseFiles.DumpAsync(home));
    }

    [Fact]
    public async Task Change_WhileTheAgentAnswers_IsRefusedAtOnceAndChangesNothing()
    {
        var (store, agent) = await OpenAsync();
        await agent.TakeAsync("a");
        var before = await StateDatabaseFiles.DumpAsync(_home!);

        foreach (var change in Changes(store, "a"))
        {
            var error = await Assert.ThrowsAsync<ConversationBusyException>(change);
            Assert.Equal("The agent is answering in this conversation", error.Message);
            Assert.True(error.RetryAfter > TimeSpan.Zero);
        }

        Assert.Equal(before, await StateDatabaseFiles.DumpAsync(_home!));
        Assert.Equal("T", (await store.RenameAsync("b", "T"))!.Title);
        await agent.ReleaseAsync("a");
        Assert.True(await store.DeleteAsync("a"));
    }

    [Fact]
    public async Task Change_WhileTheAgentCompresses_IsRefusedButMessagesAreAppended()
    {
        var (store, agent) = await OpenAsync();
        await agent.TakeAsync("a", table: "compression_locks");

        foreach (var change in Changes(store, "a"))
        {
            var error = await Assert.ThrowsAsync<ConversationBusyException>(change);
            Assert.Equal("The agent is compressing this conversation", error.Message);
        }

        Assert.Equal("a", (await TakeAsync(store, "a")).ConversationId);
        await store.AppendAsync("a", [User("meanwhile")]);
        await store.ReleaseLeaseAsync("a", Ours);
        Assert.Equal("meanwhile", Assert.Single(await ReadAsync(store, "a")).Content);
        await agent.CrashAsync();
        Assert.True(await store.DeleteAsync("a"));
    }

    [Fact]
    public async Task Change_WhileThisProcessAnswers_IsMade()
    {
        var (store, _) = await OpenAsync();
        await store.TryTakeLeaseAsync("a", store.CreateLeaseHolder(), CancellationToken.None);

        Assert.True(await store.DeleteAsync("a"));
    }

    [Fact]
    public async Task Take_AnySessionOfAConversation_IsTheLeaseOfItsFirst()
    {
        var (store, agent) = await OpenAsync(
            "UPDATE sessions SET ended_at = 3, end_reason = 'compression' WHERE id = 'a'",
            "INSERT INTO sessions(id, source, started_at, parent_session_id) VALUES ('a2', 'cli', 4, 'a')",
            "INSERT INTO sessions(id, source, started_at, parent_session_id) VALUES ('run', 'tool', 5, 'a')");
        await agent.TakeAsync("a");
        await agent.TakeAsync("a", table: "compression_locks");

        Assert.True((await TakeAsync(store, "a2")).IsHeldByOther);
        Assert.Equal("run", (await TakeAsync(store, "run")).ConversationId);
        await Assert.ThrowsAsync<ConversationBusyException>(() => store.DeleteAsync("a2"));
        await agent.ReleaseAsync("a");
        await Assert.ThrowsAsync<ConversationBusyException>(() => store.DeleteAsync("a2"));
        await agent.ReleaseAsync("a", "compression_locks");
        Assert.Equal("a", (await TakeAsync(store, "a2")).ConversationId);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a2")]
    [InlineData("a3")]
    public async Task Lease_OfAConversation_IsSeenFromEveryIdOfIt(string id)
    {
        var (store, agent) = await OpenContinuedAsync();
        await agent.TakeAsync("a");

        Assert.True((await TakeAsync(store, id)).IsHeldByOther);
        foreach (var change in Changes(store, id))
            Assert.Equal("The agent is answering in this conversation", (await Assert.ThrowsAsync<ConversationBusyException>(change)).Message);

        Assert.Equal("branch", (await TakeAsync(store, "branch")).ConversationId);
        await agent.ReleaseAsync("a");
        Assert.Equal("a", (await TakeAsync(store, id)).ConversationId);
        Assert.Equal($"held by {Ours}", await agent.TakeAsync("a"));
        await store.ReleaseLeaseAsync("a", Ours);
        Assert.True(await store.DeleteAsync(id));
    }

    [Theory]
    [InlineData("a", "a3")]
    [InlineData("a2", "a")]
    [InlineData("a3", "a2")]
    [InlineData("a3", "a3")]
    public async Task CompressionLock_OnAnySessionOfAConversation_IsSeenFromEveryIdOfIt(string id, string locked)
    {
        var (store, agent) = await OpenContinuedAsync();
        await agent.TakeAsync(locked, table: "compression_locks");

        foreach (var change in Changes(store, id))
            Assert.Equal("The agent is compressing this conversation", (await Assert.ThrowsAsync<ConversationBusyException>(change)).Message);

        Assert.Equal("a", (await TakeAsync(store, id)).ConversationId);
        Assert.Single(await store.AppendAsync(id, [User("meanwhile")]));
        Assert.True(await store.DeleteAsync("branch"));
        await agent.ReleaseAsync(locked, "compression_locks");
        await store.ReleaseLeaseAsync("a", Ours);
        Assert.True(await store.DeleteAsync(id));
    }

    private TemporaryHome? _home;

    private Task<(SqliteSessionStore Store, LeasingAgent Agent)> OpenContinuedAsync() => OpenAsync("""
        UPDATE sessions SET ended_at = 3, end_reason = 'compression' WHERE id = 'a';
        INSERT INTO sessions(id, source, started_at, parent_session_id, ended_at, end_reason, model_config) VALUES
            ('a2', 'cli', 4, 'a', 5, 'compression', NULL), ('a3', 'cli', 5, 'a2', NULL, NULL, NULL), ('branch', 'cli', 6, 'a2', NULL, NULL, '{"_branched_from": "a2"}')
        """);

    private static IEnumerable<Func<Task>> Changes(SessionStore store, string id) =>
    [
        () => store.DeleteAsync(id),
        () => store.RenameAsync(id, "T"),
        () => store.UpdateAsync(id, new SessionChange { SystemPrompt = "p" }),
        () => store.UpdateAsync(id, new SessionChange { EndReason = "done" }),
        () => store.EndAsync(id, "done"),
    ];

    private static Task<(bool IsHeldByOther, string? ConversationId)> TakeAsync(SqliteSessionStore store, string id) => store.TryTakeLeaseAsync(id, Ours, CancellationToken.None);

    private static string Lease(string id, string holder, long expires) => $"INSERT INTO session_turn_leases VALUES ('{id}', '{holder}', 0, {expires})";

    private SqliteSessionStore Open(TemporaryHome home) => Keep(new SqliteSessionStore(home.Home, _time, NullLogger<SqliteSessionStore>.Instance));

    private async Task<(SqliteSessionStore Store, LeasingAgent Agent)> OpenAsync(params string[] sql)
    {
        _home = await HomeAsync([StateDatabaseFiles.Schema6, LeasingAgent.Tables, Session, .. sql]);
        return (Open(_home), Keep(await LeasingAgent.StartAsync(_home.Home.StateDatabase, _time.Now)));
    }
}
