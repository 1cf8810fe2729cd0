using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;
using Hermes.Core.Chat;
using Hermes.Core.Http.Endpoints;
using Hermes.Core.Http.OpenAI;
using Hermes.Core.Http.Wire;
using Microsoft.Extensions.Time.Testing;
using static Hermes.Core.Chat.ChatEvent;

namespace Hermes.Core.Tests.Http;

public class RunStreamTests
{
    private readonly SignallingTime _time = new();
    private readonly ChatRun _run = new("s", TimeProvider.System);
    private readonly Pipe _pipe = new();

    [Fact]
    public async Task SendAsync_EachEvent_GoesOutAtOnce()
    {
        var writing = SendAsync();

        _run.Add(new TextDelta("a"));
        Assert.Contains("\"a\"", await ReadAsync(), StringComparison.Ordinal);
        _run.Add(new TextDelta("b"));
        Assert.Contains("\"b\"", await ReadAsync(), StringComparison.Ordinal);
        Assert.False(writing.IsCompleted);
        _run.Add(new TurnEnded(new ChatOutcome()));

        Assert.EndsWith("data: [DONE]\n\n", await ReadAsync(), StringComparison.Ordinal);
        await writing;
    }

    [Fact]
    public async Task SendAsync_TenSecondsWithoutAnEvent_WritesAKeepalive()
    {
        var writing = SendAsync();

        await _time.TimerStarted();
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(_pipe.Reader.TryRead(out _));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(": keepalive\n\n", await ReadAsync());
        await _time.TimerStarted();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(": keepalive\n\n", await ReadAsync());

        _run.Add(new TurnEnded(new ChatOutcome()));
        await writing;
    }

    [Fact]
    public async Task SendAsync_ReaderGone_Ends()
    {
        var writing = SendAsync();

        await _pipe.Reader.CompleteAsync();
        _run.Add(new TextDelta("a"));

        await writing.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task SendAsync_Cancelled_LeavesTheTurnAlone()
    {
        using var cancel = new CancellationTokenSource();
        var writing = SendAsync(cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        Assert.False(_run.Interruption.IsCancellationRequested);
    }

    [Fact]
    public async Task WaitForStartAsync_TurnFailedBefore_GivesTheFailure()
    {
        _run.Add(new TurnEnded(new ChatOutcome { Failure = ChatFailure.NoAgent }));

        Assert.Same(ChatFailure.NoAgent, await RunEndpoints.WaitForStartAsync(_run, _time, CancellationToken.None));
    }

    [Fact]
    public async Task WaitForStartAsync_TurnBegan_GivesNone()
    {
        _run.Add(new TurnStarted(1));

        Assert.Null(await RunEndpoints.WaitForStartAsync(_run, _time, CancellationToken.None));
    }

    [Fact]
    public async Task WaitForStartAsync_TurnIsQueuedForLong_LetsTheStreamBegin()
    {
        var waiting = RunEndpoints.WaitForStartAsync(_run, _time, CancellationToken.None);

        _time.Advance(EventStream.KeepaliveInterval);

        Assert.Null(await waiting);
    }

    private Task SendAsync(CancellationToken cancellationToken = default) =>
        RunEndpoints.SendAsync(_run, new EventStream(_pipe.Writer, _time, cancellationToken), new ChatCompletionAnswer("m", default).Events);

    private async Task<string> ReadAsync()
    {
        var read = await _pipe.Reader.ReadAsync();
        var text = Encoding.UTF8.GetString(read.Buffer);
        _pipe.Reader.AdvanceTo(read.Buffer.End);
        return text;
    }

    /// <summary>A clock that tells when somebody begins to wait by it.</summary>
    private sealed class SignallingTime : FakeTimeProvider
    {
        private readonly Channel<TimeSpan> _started = Channel.CreateUnbounded<TimeSpan>();

        public Task<TimeSpan> TimerStarted() => _started.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _started.Writer.TryWrite(dueTime);
            return timer;
        }
    }
}
