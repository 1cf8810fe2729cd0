using System.IO.Abstractions;
using Hermes.Core.Configuration;
using Hermes.Core.Http.Wire;
using Hermes.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static Hermes.Core.Http.Wire.ConfigWire;

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

    [Theory]
    [InlineData("", """["m"]""", """["openrouter","custom:My Server","custom:corp"]""")]
    [InlineData("custom:my-server", """["s-1","s-2"]""", """["openrouter","custom:My Server","custom:corp"]""")]
    [InlineData("corp", """["c-1","c-2"]""", """["openrouter","custom:My Server","custom:corp"]""")]
    public async Task ListAsync_WhatConfigNames_IsOfBothSections(string provider, string models, string providers)
    {
        _home.Write("config.yaml", """
            model: {default: m, provider: openrouter}
            providers:
              my_server: {name: My Server, api: "http://s/v1", default_model: s-1, models: {s-1: {}, s-2: {}}}
              openrouter: {api_key: s3cr3t}
            custom_providers: [{name: corp, base_url: "http://c/v1", model: c-1, models: [c-1, {id: c-2}]}]
            """);
        _source.Answer.SetResult(null);

        using var answer = System.Text.Json.JsonDocument.Parse(await ListAsync(provider.Length == 0 ? null : provider));

        Assert.Equal(models, Ids(answer.RootElement.GetProperty("models")));
        Assert.Equal(providers, Ids(answer.RootElement.GetProperty("providers")));
    }

    private static string Ids(System.Text.Json.JsonElement list) => $"[{string.Join(',', list.EnumerateArray().Select(item => item.GetProperty("id").GetRawText()))}]";

    private async Task<string> ListAsync(string? provider = null)
    {
        var listing = await _models.ListAsync(provider, CancellationToken.None);
        return System.Text.Encoding.UTF8.GetString(WireJson.Serialize(AvailableModelList.From(listing)));
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
