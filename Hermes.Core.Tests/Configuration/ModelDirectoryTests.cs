using System.Buffers;
using System.IO.Abstractions;
using Hermes.Core.Configuration;
using Hermes.Core.Rendering;
using Hermes.Core.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Hermes.Core.Tests.Configuration;

public sealed class ModelDirectoryTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Source _source = new();
    private readonly ModelDirectory _models;

    public ModelDirectoryTests() => _models = new ModelDirectory(
        new ConfigFile(_home.Home, new FileSystem()), _source, _time, NullLogger<ModelDirectory>.Instance);

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task ListAsync_ManyAtOnce_AskOnce()
    {
        var callers = Enumerable.Range(0, 20).Select(_ => ListAsync()).ToArray();
        _source.Answer.SetResult([new AvailableModel("m-1")]);

        Assert.All(await Task.WhenAll(callers), answer => Assert.Contains("m-1", answer, StringComparison.Ordinal));
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task ListAsync_TheFirstCallerGoes_TheOthersGetTheAnswer()
    {
        using var gone = new CancellationTokenSource();
        var first = _models.ListAsync(null, gone.Token);
        var second = ListAsync();

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        _source.Answer.SetResult([new AvailableModel("m-1")]);

        Assert.Contains("m-1", await second, StringComparison.Ordinal);
        Assert.Equal(1, _source.Calls);
    }

    [Fact]
    public async Task ListAsync_Failure_IsKeptForTenSeconds()
    {
        _source.Answer.SetException(new IOException("down"));
        Assert.Contains("error", await ListAsync(), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Contains("error", await ListAsync(), StringComparison.Ordinal);
        Assert.Equal(1, _source.Calls);

        _source.Answer = new();
        _source.Answer.SetResult([new AvailableModel("m-1")]);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.DoesNotContain("error", await ListAsync(), StringComparison.Ordinal);
        Assert.Equal(2, _source.Calls);
    }

    private async Task<string> ListAsync()
    {
        var write = await _models.ListAsync(null, CancellationToken.None);
        return System.Text.Encoding.UTF8.GetString(RenderedJson.Write(write).ToArray());
    }

    private sealed class Source : IModelSource
    {
        public TaskCompletionSource<IReadOnlyList<AvailableModel>?> Answer { get; set; } = new();

        public int Calls { get; private set; }

        public Task<IReadOnlyList<AvailableModel>?> ListAsync(string? provider, CancellationToken cancellationToken)
        {
            Calls++;
            return Answer.Task;
        }
    }
}
