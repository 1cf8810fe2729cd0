using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;
using Hermes.Core.Chat;
using Microsoft.Extensions.Time.Testing;

namespace Hermes.Core.Tests.Chat;

public class ChatEventStreamTests
{
    private readonly SignallingTime _time = new();
    private readonly ChatTurn _turn = new("s");
    private readonly Pipe _pipe = new();

    [Fact]
    public async Task WriteAsync_EachEvent_GoesOutAtOnce()
    {
        var writing = WriteAsync();

        _turn.Add(new TextDelta("a"));
        Assert.Contains("\"a\"", await ReadAsync(), StringComparison.Ordinal);
        _turn.Add(new TextDelta("b"));
        Assert.Contains("\"b\"", await ReadAsync(), StringComparison.Ordinal);
        Assert.False(writing.IsCompleted);
        _turn.Add(new TurnEnded(new ChatOutcome()));

        Assert.EndsWith("data: [DONE]\n\n", await ReadAsync(), StringComparison.Ordinal);
        await writing;
    }

    [Fact]
    public async Task WriteAsync_TenSecondsWithoutAnEvent_WritesAKeepalive()
    {
        var writing = WriteAsync();

        await _time.TimerStarted();
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(_pipe.Reader.TryRead(out _));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(": keepalive\n\n", await ReadAsync());
        await _time.TimerStarted();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(": keepalive\n\n", await ReadAsync());

        _turn.Add(new TurnEnded(new ChatOutcome()));
        await writing;
    }

    [Fact]
    public async Task WriteAsync_ReaderGone_Ends()
    {
        var writing = WriteAsync();

        await _pipe.Reader.CompleteAsync();
        _turn.Add(new TextDelta("a"));

        await writing.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task WriteAsync_Cancelled_LeavesTheTurnAlone()
    {
        using var cancel = new CancellationTokenSource();
        var writing = WriteAsync(cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        Assert.False(_turn.Interruption.IsCancellationRequested);
    }

    [Fact]
    public async Task WaitForStartAsync_TurnFailedBefore_GivesTheFailure()
    {
        _turn.Add(new TurnEnded(new ChatOutcome { Failure = ChatFailure.NoAgent }));

        Assert.Same(ChatFailure.NoAgent, await ChatEventStream.WaitForStartAsync(_turn, _time, CancellationToken.None));
    }

    [Fact]
    public async Task WaitForStartAsync_TurnBegan_GivesNone()
    {
        _turn.Add(new TurnStarted(1));

        Assert.Null(await ChatEventStream.WaitForStartAsync(_turn, _time, CancellationToken.None));
    }

    [Fact]
    public async Task WaitForStartAsync_TurnIsQueuedForLong_LetsTheStreamBegin()
    {
        var waiting = ChatEventStream.WaitForStartAsync(_turn, _time, CancellationToken.None);

        _time.Advance(ChatEventStream.KeepaliveInterval);

        Assert.Null(await waiting);
    }

    private Task WriteAsync(CancellationToken cancellationToken = default) =>
        ChatEventStream.WriteAsync(_turn, new ChatCompletionWriter("m", default), _pipe.Writer, _time, cancellationToken);

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
