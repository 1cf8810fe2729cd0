using Hermes.Core.Files;

namespace Hermes.Core.Tests.Files;

public sealed class SharedReadTests
{
    [Fact]
    public async Task ReadAsync_AskedWhileReading_SharesTheNextRead()
    {
        using var begun = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        var reads = 0;
        var shared = new SharedRead<int>(() =>
        {
            var number = Interlocked.Increment(ref reads);
            begun.Release();
            goOn.Wait();
            return number;
        }, TimeProvider.System);

        var first = Task.Run(() => shared.ReadAsync().AsTask());
        await begun.WaitAsync();
        var meanwhile = Enumerable.Range(0, 5).Select(_ => shared.ReadAsync().AsTask()).ToList();
        goOn.Release();
        await begun.WaitAsync();
        var later = shared.ReadAsync().AsTask();
        goOn.Release(2);

        Assert.Equal(1, await first);
        Assert.All(await Task.WhenAll(meanwhile), number => Assert.Equal(2, number));
        Assert.Equal(3, await later);
    }

    [Fact]
    public async Task ReadAsync_AfterOneThatFailed_ReadsAgain()
    {
        var fails = true;
        var shared = new SharedRead<int>(() => fails ? throw new IOException() : 1, TimeProvider.System);

        await Assert.ThrowsAsync<IOException>(async () => await shared.ReadAsync());
        fails = false;

        Assert.Equal(1, await shared.ReadAsync());
    }

    [Fact]
    public async Task ReadAsync_SeveralAskAgain_WaitForEachOther()
    {
        var time = new ManualTimers();
        var reads = 0;
        SharedRead<int> shared = null!;
        var meanwhile = new List<Task<int>>();
        shared = new(() =>
        {
            if (++reads == 1)
            {
                meanwhile.AddRange([shared.ReadAsync().AsTask(), shared.ReadAsync().AsTask()]);
            }

            return reads;
        }, time);

        Assert.Equal(1, await shared.ReadAsync());
        Assert.Equal(1, reads);
        Assert.Equal(2, await shared.ReadAsync());

        Assert.All(await Task.WhenAll(meanwhile), number => Assert.Equal(2, number));
    }

    [Fact]
    public async Task ReadAsync_OthersDoNotAskAgain_WaitsForAMoment()
    {
        var time = new ManualTimers();
        var reads = 0;
        SharedRead<int> shared = null!;
        Task<int>? meanwhile = null;
        shared = new(() =>
        {
            if (++reads == 1)
            {
                meanwhile = shared.ReadAsync().AsTask();
            }

            return reads;
        }, time);
        await shared.ReadAsync();
        Assert.False(meanwhile!.IsCompleted);

        time.Fire();

        Assert.Equal(2, await meanwhile);
        Assert.Equal(3, await shared.ReadAsync());
    }

    /// <summary>Its timers are due when the test says so.</summary>
    private sealed class ManualTimers : TimeProvider
    {
        private readonly List<Action> _due = [];

        public void Fire() => _due.ForEach(callback => callback());

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _due.Add(() => callback(state));
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
