using System.Text;
using Hermes.Core.Http.Caching;
using Hermes.Core.Http.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Hermes.Core.Tests.Http.Caching;

public class IdempotentAnswersTests
{
    private static readonly IdempotencyKey Key = new("k", "me", "/v1/chat/completions", null);

    private readonly FakeTimeProvider _time = new();
    private readonly IdempotentAnswers _answers;
    private int _runs;

    public IdempotentAnswersTests() => _answers = new IdempotentAnswers(_time);

    [Fact]
    public async Task GetOrRunAsync_SameKeyAndBody_GivesTheFirstAnswer()
    {
        var first = await AskAsync();

        Assert.Same(first, await AskAsync());
        Assert.Equal(1, _runs);
    }

    [Fact]
    public async Task GetOrRunAsync_AnotherBody_IsRefused()
    {
        await AskAsync();

        Assert.Null(await AskAsync(body: "other"));
        Assert.Equal(1, _runs);
    }

    public static TheoryData<string, string, string, string?> OtherKeys => new()
    {
        { "k2", "me", "/v1/chat/completions", null },
        { "k", "you", "/v1/chat/completions", null },
        { "k", "me", "/api/sessions", null },
        { "k", "me", "/v1/chat/completions", "s" },
        { "k", "me", "/v1/chat/completions", "" },
    };

    [Theory]
    [MemberData(nameof(OtherKeys))]
    public async Task GetOrRunAsync_AnotherKey_RunsAgain(string key, string principal, string path, string? session)
    {
        await AskAsync();
        await AskAsync(new IdempotencyKey(key, principal, path, session));

        Assert.Equal(2, _runs);
    }

    [Fact]
    public async Task GetOrRunAsync_AfterFiveMinutes_RunsAgain()
    {
        await AskAsync();
        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        await AskAsync();
        Assert.Equal(1, _runs);

        _time.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(body: "other");

        Assert.Equal(2, _runs);
    }

    [Theory]
    [InlineData(200, 1)]
    [InlineData(400, 1)]
    [InlineData(429, 2)]
    [InlineData(502, 2)]
    public async Task GetOrRunAsync_AnswerThatAsksForARetry_IsNotRemembered(int status, int runs)
    {
        await AskAsync(status: status);
        await AskAsync(status: status);

        Assert.Equal(runs, _runs);
    }

    [Fact]
    public async Task GetOrRunAsync_StillRunning_IsJoined()
    {
        var end = new TaskCompletionSource<IdempotentAnswer>();
        var first = _answers.GetOrRunAsync(Key, default, _ => end.Task, CancellationToken.None);
        var second = _answers.GetOrRunAsync(Key, default, _ => throw new InvalidOperationException("joined"), CancellationToken.None);

        end.SetResult(Answer(200));

        Assert.Same(await first, await second);
    }

    [Fact]
    public async Task GetOrRunAsync_FirstOneGoes_TheOthersGetTheAnswer()
    {
        var end = new TaskCompletionSource<IdempotentAnswer>();
        CancellationToken running = default;
        using var gone = new CancellationTokenSource();
        var first = _answers.GetOrRunAsync(Key, default, token => { running = token; return end.Task; }, gone.Token);
        var second = _answers.GetOrRunAsync(Key, default, _ => end.Task, CancellationToken.None);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(running.IsCancellationRequested);
        end.SetResult(Answer(200));

        Assert.NotNull(await second);
    }

    [Fact]
    public async Task GetOrRunAsync_AllGoAndTheRunStops_TheNextOneBeginsAnew()
    {
        using var gone = new CancellationTokenSource();
        var end = new TaskCompletionSource<IdempotentAnswer>();
        CancellationToken running = default;
        var first = _answers.GetOrRunAsync(Key, default, token => { running = token; return end.Task; }, gone.Token);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.True(running.IsCancellationRequested);
        var next = _answers.GetOrRunAsync(Key, default, _ => Task.FromResult(Answer(201)), CancellationToken.None);
        end.SetResult(Answer(503));

        Assert.Equal(201, (await next)!.Json.Status);
    }

    [Fact]
    public async Task GetOrRunAsync_AllGoAndTheRunFinishes_TheNextOneGetsItsAnswer()
    {
        using var gone = new CancellationTokenSource();
        var end = new TaskCompletionSource<IdempotentAnswer>();
        var first = _answers.GetOrRunAsync(Key, default, _ => end.Task, gone.Token);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        var next = _answers.GetOrRunAsync(Key, default, _ => Task.FromResult(Answer(201)), CancellationToken.None);
        end.SetResult(Answer(200));

        Assert.Equal(200, (await next)!.Json.Status);
    }

    [Fact]
    public async Task GetOrRunAsync_JoinsWhileTheLastOneLeaves_NeverGetsTheCancelledRun()
    {
        for (var i = 0; i < 2000; i++)
        {
            var key = Key with { Key = $"race{i}" };
            var end = new TaskCompletionSource<IdempotentAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
            using var gone = new CancellationTokenSource();
            var first = _answers.GetOrRunAsync(
                key, default,
                token =>
                {
                    token.Register(() => end.TrySetResult(Answer(503)));
                    return end.Task;
                },
                gone.Token);
            using var start = new Barrier(2);
            var leaving = Task.Run(() =>
            {
                start.SignalAndWait();
                gone.Cancel();
            });
            var joining = Task.Run(() =>
            {
                start.SignalAndWait();
                return _answers.GetOrRunAsync(key, default, _ => Task.FromResult(Answer(201)), CancellationToken.None);
            });

            await leaving;
            await ((Task)first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            end.TrySetResult(Answer(200));

            Assert.NotEqual(503, (await joining)!.Json.Status);
        }
    }

    [Fact]
    public async Task GetOrRunAsync_RunThrows_AllGetItAndNothingIsRemembered()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => _answers.GetOrRunAsync(Key, default, _ => throw new InvalidOperationException(), CancellationToken.None));

        await AskAsync();
        Assert.Equal(1, _runs);
    }

    [Fact]
    public async Task GetOrRunAsync_TooMany_ForgetsTheOldest()
    {
        for (var i = 0; i <= IdempotentAnswers.MaxAnswers; i++)
            await AskAsync(Key with { Key = $"k{i}" });

        _runs = 0;
        await AskAsync(Key with { Key = $"k{IdempotentAnswers.MaxAnswers}" });
        Assert.Equal(0, _runs);
        await AskAsync(Key with { Key = "k0" });
        Assert.Equal(1, _runs);
    }

    [Fact]
    public async Task GetOrRunAsync_TooManyBytes_ForgetsTheOldest()
    {
        await AskAsync(size: IdempotentAnswers.MaxBytes);
        await AskAsync(Key with { Key = "k2" });
        await AskAsync();

        Assert.Equal(3, _runs);
    }

    private static IdempotentAnswer Answer(int status, int size = 2) => new(new JsonAnswer(status, new byte[size]));

    private Task<IdempotentAnswer?> AskAsync(IdempotencyKey? key = null, string body = "{}", int status = 200, int size = 2) => _answers.GetOrRunAsync(
        key ?? Key,
        Encoding.UTF8.GetBytes(body),
        _ =>
        {
            _runs++;
            return Task.FromResult(Answer(status, size));
        },
        CancellationToken.None);
}
