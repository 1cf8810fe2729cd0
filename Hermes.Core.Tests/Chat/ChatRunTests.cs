using Hermes.Core.Chat;
using Microsoft.Extensions.Time.Testing;

namespace Hermes.Core.Tests.Chat;

public class ChatRunTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();

    private ChatRun? _run;

    private bool IsInterrupted => _run!.Interruption.IsCancellationRequested;

    [Fact]
    public void Leave_LastReader_InterruptsAfterTheGrace()
    {
        Run(Grace).Attach().Dispose();

        _time.Advance(Grace - TimeSpan.FromSeconds(1));
        Assert.False(IsInterrupted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(WaitForInterruption());
    }

    [Fact]
    public void Attach_WithinTheGrace_StopsTheCountdown()
    {
        var run = Run(Grace);
        run.Attach().Dispose();
        _time.Advance(Grace - TimeSpan.FromSeconds(1));

        var reader = run.Attach();
        _time.Advance(Grace);

        Assert.False(IsInterrupted);
        reader.Dispose();
        _time.Advance(Grace - TimeSpan.FromSeconds(1));
        Assert.False(IsInterrupted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(WaitForInterruption());
    }

    [Fact]
    public void Leave_OneOfTwo_GoesOn()
    {
        var run = Run(Grace);
        run.Attach();

        run.Attach().Dispose();
        _time.Advance(Grace);

        Assert.False(IsInterrupted);
    }

    [Fact]
    public void Leave_Twice_CountsOnce()
    {
        var run = Run(Grace);
        run.Attach();
        var reader = run.Attach();

        reader.Dispose();
        reader.Dispose();
        _time.Advance(Grace);

        Assert.False(IsInterrupted);
    }

    [Fact]
    public void Leave_NoGracePeriod_GoesOnForAsLongAsItLikes()
    {
        Run(null).Attach().Dispose();

        _time.Advance(TimeSpan.FromDays(1));

        Assert.False(IsInterrupted);
    }

    [Fact]
    public void Leave_GraceOfZero_InterruptsAtOnce()
    {
        Run(TimeSpan.Zero).Attach().Dispose();

        Assert.True(IsInterrupted);
    }

    private bool WaitForInterruption() => _run!.Interruption.WaitHandle.WaitOne(TimeSpan.FromSeconds(30));

    private ChatRun Run(TimeSpan? grace) => _run = new("s", _time, grace);
}
