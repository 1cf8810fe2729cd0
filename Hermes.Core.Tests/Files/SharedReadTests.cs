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
        });

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
        var shared = new SharedRead<int>(() => fails ? throw new IOException() : 1);

        await Assert.ThrowsAsync<IOException>(async () => await shared.ReadAsync());
        fails = false;

        Assert.Equal(1, await shared.ReadAsync());
    }
}
