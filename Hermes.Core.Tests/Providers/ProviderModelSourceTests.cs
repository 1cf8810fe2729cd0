using System.IO.Abstractions;
using Hermes.Core.Configuration;
using Hermes.Providers;
using Hermes.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Hermes.Core.Tests.Providers;

public class ProviderModelSourceTests
{
    [Fact]
    public async Task List_Provider_GivesItsModelsForItsKey()
    {
        await using var provider = await FakeProvider.StartAsync(
            http => http.Response.WriteAsync("""{"data":[{"id":"m-1","name":"Model One"},{"id":"m-2","object":"model"},{"object":"no id"}]}"""));
        using var home = new TemporaryHome();
        home.Write("config.yaml", $"model: {{default: m-1, base_url: '{provider.BaseUrl}', api_key: k}}\n");

        var models = await ListAsync(home, provider: null);

        Assert.Equal([("m-1", "Model One"), ("m-2", "")], models!.Select(model => (model.Id, model.Description)));
        Assert.Equal("Bearer k", provider.Authorization);
    }

    [Fact]
    public async Task List_OtherProvider_IsAskedWithItsOwnKey()
    {
        await using var provider = await FakeProvider.StartAsync(http => http.Response.WriteAsync("""{"data":[]}"""));
        using var home = new TemporaryHome();
        home.Write("config.yaml", $$"""
            model: {default: m, provider: first, base_url: "http://first.invalid/v1", api_key: first-key}
            custom_providers: [{name: corp, base_url: "{{provider.BaseUrl}}/", key_env: CORP_KEY}]
            """).Write(".env", "CORP_KEY=corp-key\n");

        Assert.Empty((await ListAsync(home, "custom:corp"))!);
        Assert.Equal("Bearer corp-key", provider.Authorization);
    }

    [Theory]
    [InlineData("nobody-knows")]
    [InlineData(null)]
    public async Task List_ProviderWithoutAnAddress_IsNotAsked(string? provider)
    {
        using var home = new TemporaryHome();
        home.Write("config.yaml", "model: {default: m, provider: unknown-one, api_key: first-key}\n");

        Assert.Null(await ListAsync(home, provider));
    }

    [Theory]
    [InlineData(500, "{}")]
    [InlineData(200, "no json")]
    [InlineData(200, "{}")]
    [InlineData(302, "")]
    public async Task List_ProviderThatAnswersSomethingElse_Fails(int status, string body)
    {
        await using var provider = await FakeProvider.StartAsync(http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = "http://elsewhere.invalid/";
            return http.Response.WriteAsync(body);
        });
        using var home = new TemporaryHome();
        home.Write("config.yaml", $"model: {{default: m-1, base_url: '{provider.BaseUrl}', api_key: k}}\n");

        Assert.NotNull(await Record.ExceptionAsync(() => ListAsync(home, provider: null)));
    }

    private static async Task<IReadOnlyList<AvailableModel>?> ListAsync(TemporaryHome home, string? provider)
    {
        using var source = new ProviderModelSource(new ProviderResolver(home.Home, new FileSystem()), new Monitor());
        return await source.ListAsync(provider, CancellationToken.None);
    }

    private sealed class Monitor : IOptionsMonitor<ProviderOptions>
    {
        public ProviderOptions CurrentValue { get; } = new();

        public ProviderOptions Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<ProviderOptions, string?> listener) => null;
    }
}
