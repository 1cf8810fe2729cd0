using Hermes.Core.Chat;

namespace Hermes.Core.Tests.Chat;

public class SessionTurnQueueTests
{
    [Fact]
    public async Task EnterAsync_OtherSession_DoesNotWait()
    {
        var queue = new SessionTurnQueue();
        using var a = await queue.EnterAsync("a", CancellationToken.None);

        var b = queue.EnterAsync("b", CancellationToken.None);

        Assert.True(b.IsCompletedSuccessfully);
        (await b).Dispose();
    }

    [Fact]
    public async Task EnterAsync_ManyWait_GetInAsTheyCame()
    {
        var queue = new SessionTurnQueue();
        var order = new List<int>();
        var first = await queue.EnterAsync("s", CancellationToken.None);
        var waiting = Enumerable.Range(0, 50).Select(async number =>
        {
            using (await queue.EnterAsync("s", CancellationToken.None))
            {
                order.Add(number);
            }
        }).ToList();

        first.Dispose();
        await Task.WhenAll(waiting);

        Assert.Equal(Enumerable.Range(0, 50), order);
    }

    [Fact]
    public async Task EnterAsync_CancelledWait_IsSkipped()
    {
        var queue = new SessionTurnQueue();
        using var cancel = new CancellationTokenSource();
        var first = await queue.EnterAsync("s", CancellationToken.None);
        var second = queue.EnterAsync("s", cancel.Token);
        var third = queue.EnterAsync("s", CancellationToken.None);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(third.IsCompleted);
        first.Dispose();

        (await third).Dispose();
    }

    [Fact]
    public async Task Dispose_Last_ForgetsTheSession()
    {
        var queue = new SessionTurnQueue();
        var place = await queue.EnterAsync("s", CancellationToken.None);
        using var cancelled = new CancellationTokenSource();
        var waiting = queue.EnterAsync("s", cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        place.Dispose();
        place.Dispose();

        Assert.Equal(0, queue.Count);
    }
}
