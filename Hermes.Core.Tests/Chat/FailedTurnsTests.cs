using Hermes.Core.Chat;
using Hermes.Core.Sessions;
using Microsoft.Extensions.Time.Testing;
using static Hermes.Core.Chat.ChatEvent;

namespace Hermes.Core.Tests.Chat;

public class FailedTurnsTests
{
    private static readonly FailedTurns.TurnIdentity Same = new("me", "body", null);

    private readonly FakeTimeProvider _time = new();
    private readonly InMemorySessionStore _sessions = new();
    private readonly FailedTurns _failed;

    public FailedTurnsTests() => _failed = new FailedTurns(_time, _sessions);

    [Fact]
    public async Task Take_RetryOfAFailure_GetsItsSessionOnce()
    {
        await FailAsync(Same, "s1");

        Assert.Equal("s1", await _failed.TakeAsync(Same, isRetry: true));
        Assert.Null(await _failed.TakeAsync(Same, isRetry: true));
    }

    [Fact]
    public async Task Take_NoRetry_GetsNone()
    {
        await FailAsync(Same, "s1");

        Assert.Null(await _failed.TakeAsync(Same, isRetry: false));
    }

    [Fact]
    public async Task Take_TwoClientsThatSayTheSame_KeepTwoSessions()
    {
        await FailAsync(Same, "s1");
        await FailAsync(Same, "s2");

        Assert.Equal(["s1", "s2"], new[] { await _failed.TakeAsync(Same, true), await _failed.TakeAsync(Same, true) }.Order());
    }

    [Theory]
    [InlineData("k", "k", false, true)]
    [InlineData("k", "other", false, false)]
    [InlineData("k", "other", true, false)]
    [InlineData(null, "k", false, false)]
    [InlineData("k", null, true, true)]
    public async Task Take_IdempotencyKeys_SayWhichRequestItIs(string? first, string? second, bool isRetry, bool isSame)
    {
        await FailAsync(Same with { IdempotencyKey = first }, "s1");

        Assert.Equal(isSame ? "s1" : null, await _failed.TakeAsync(Same with { IdempotencyKey = second }, isRetry));
    }

    [Fact]
    public async Task Take_OtherCallerOrBody_GetsNone()
    {
        await FailAsync(Same, "s1");

        Assert.Null(await _failed.TakeAsync(Same with { Caller = "you" }, isRetry: true));
        Assert.Null(await _failed.TakeAsync(Same with { BodyHash = "other" }, isRetry: true));
    }

    [Fact]
    public async Task Take_AfterTenMinutes_GetsNone()
    {
        await FailAsync(Same, "s1");
        await FailAsync(Same, "s2");

        _time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.NotNull(await _failed.TakeAsync(Same, isRetry: true));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await _failed.TakeAsync(Same, isRetry: true));
    }

    [Fact]
    public async Task Take_TurnThatSucceeded_GetsNone()
    {
        var turn = new ChatRun("s1", TimeProvider.System);
        var watching = _failed.WatchAsync(Same, turn);
        turn.Add(new TurnEnded(new ChatOutcome()));
        await watching;

        Assert.Null(await _failed.TakeAsync(Same, isRetry: true));
    }

    [Fact]
    public async Task Take_TurnThatRuns_IsRepeatedOnlyWhenItIsBeingInterrupted()
    {
        var turn = new ChatRun("s1", TimeProvider.System);
        _ = _failed.WatchAsync(Same, turn);

        Assert.Null(await _failed.TakeAsync(Same, isRetry: true));
        turn.Interrupt();
        Assert.Equal("s1", await _failed.TakeAsync(Same, isRetry: true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Take_SessionThatWasStored_IsGivenWhileItIsThere(bool isThere)
    {
        if (isThere)
            await _sessions.CreateAsync(new NewSession { Id = "s1" });

        var turn = new ChatRun("s1", TimeProvider.System);
        var watching = _failed.WatchAsync(Same, turn);
        turn.Add(new TurnStarted(1));
        turn.Add(new TurnEnded(new ChatOutcome { Failure = ChatFailure.NoAgent }));
        await watching;

        Assert.Equal(isThere ? "s1" : null, await _failed.TakeAsync(Same, isRetry: true));
    }

    [Fact]
    public async Task Watch_TooMany_ForgetsTheOldest()
    {
        for (var i = 0; i <= FailedTurns.MaxTurns; i++)
            await FailAsync(Same with { BodyHash = $"{i}" }, $"s{i}");

        Assert.Null(await _failed.TakeAsync(Same with { BodyHash = "0" }, isRetry: true));
        Assert.Equal("s1", await _failed.TakeAsync(Same with { BodyHash = "1" }, isRetry: true));
    }

    private async Task FailAsync(FailedTurns.TurnIdentity identity, string session)
    {
        var turn = new ChatRun(session, TimeProvider.System);
        var watching = _failed.WatchAsync(identity, turn);
        turn.Add(new TurnEnded(new ChatOutcome { Failure = ChatFailure.NoAgent }));
        await watching;
    }
}
