using Hermes.Core.Changes;
using Hermes.Core.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Changes;

public class HomeChangesTests
{
    [Fact]
    public async Task Watch_PartsChange_GivesEach()
    {
        await using var server = await HermesServer.StartAsync();
        await using var changes = server.Services.GetRequiredService<HomeChanges>().WatchAsync().GetAsyncEnumerator();

        var next = changes.MoveNextAsync();
        server.Home.Write("memories/USER.md", "Name: Ada");
        await next;
        Assert.Equal(HomePart.Memory, changes.Current);

        server.Home.Write("config.yaml", "model: m\n");
        await changes.MoveNextAsync();
        Assert.Equal(HomePart.Config, changes.Current);
    }

    [Fact]
    public async Task Watch_Cancelled_Ends()
    {
        await using var server = await HermesServer.StartAsync();
        var changes = server.Services.GetRequiredService<HomeChanges>();
        using var end = new CancellationTokenSource();
        var next = changes.WatchAsync(end.Token).GetAsyncEnumerator(CancellationToken.None).MoveNextAsync();

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
        Assert.Equal(0, changes.Listeners);
    }

    [Fact]
    public async Task Dispose_WhileSomeListen_EndsThem()
    {
        await using var server = await HermesServer.StartAsync();
        var changes = server.Services.GetRequiredService<HomeChanges>();
        await using var one = changes.WatchAsync().GetAsyncEnumerator();
        await using var other = changes.WatchAsync().GetAsyncEnumerator();
        var ends = new[] { one.MoveNextAsync().AsTask(), other.MoveNextAsync().AsTask() };

        changes.Dispose();
        changes.Dispose();

        Assert.DoesNotContain(true, await Task.WhenAll(ends).WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(0, changes.Listeners);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await changes.WatchAsync().GetAsyncEnumerator().MoveNextAsync());
    }
}
