using System.IO.Abstractions;
using Hermes.Core.Configuration;
using Hermes.Core.Tests.Support;
using Hermes.Testing;

namespace Hermes.Core.Tests.Configuration;

public sealed class KeyDestinationsTests : IDisposable
{
    private const string Providers =
        "custom_providers: [{name: own, base_url: 'https://own.example/v1', api_key: k}, {name: bare, base_url: 'https://bare.example/v1'}, {name: env, base_url: 'https://env.example/v1', key_env: ENV_KEY}]\n";

    private const string Described = "providers: {My_Own: {api: 'https://own.example/v1', key_env: OWN_KEY}}\n";

    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("model: {base_url: 'https://a/v1', api_key: k}", "model: {base_url: 'https://b/v1', api_key: k}")]
    [InlineData("model: {base_url: 'https://a/v1', api_key: k}", "model: {base_url: 'http://a/v1', api_key: k}")]
    [InlineData("model: {base_url: 'https://a/v1', api_key: k}", "model: {base_url: 'https://a:8443/v1', api_key: k}")]
    [InlineData("model: {base_url: 'https://a/v1', api_key: '${K}'}", "model: {base_url: 'https://b/v1', api_key: '${K}'}")]
    [InlineData("model: {base_url: 'https://a/v1', key_env: K}", "model: {base_url: 'https://b/v1', key_env: K}")]
    [InlineData("model: {base_url: 'https://a/v1', extra_headers: {Authorization: Bearer k}}", "model: {base_url: 'https://b/v1', extra_headers: {Authorization: Bearer k}}")]
    [InlineData("model: {api_key: k}", "model: {api_key: k, base_url: 'https://b/v1'}")]
    [InlineData("model: {provider: openrouter, api_key: k}", "model: {provider: openai, api_key: k}")]
    [InlineData("model: {provider: one, api_key: k}", "model: {provider: two, api_key: k}")]
    [InlineData("api_key: k\nmodel: {provider: one}", "api_key: k\nmodel: {provider: one, base_url: 'https://b/v1'}")]
    [InlineData(Providers + "model: {provider: own}", Providers + "model: {provider: own, base_url: 'https://b/v1'}")]
    [InlineData(Providers + "model: {provider: x, base_url: 'https://a/v1'}", Providers + "model: {provider: custom:own, base_url: 'https://a/v1'}")]
    [InlineData(Providers + "model: {provider: x, api_key: k}", Providers + "model: {provider: bare, api_key: k}")]
    [InlineData(Described + "model: {provider: my-own}", Described + "model: {provider: my-own, base_url: 'https://b/v1'}")]
    [InlineData(Described + "model: {provider: x, base_url: 'https://a/v1'}", Described + "model: {provider: 'custom:my own', base_url: 'https://a/v1'}")]
    [InlineData("providers: {openrouter: {api_key: k}}\nmodel: {provider: openrouter}", "providers: {openrouter: {api_key: k}}\nmodel: {provider: openrouter, base_url: 'https://b/v1'}")]
    public void Check_KeyThatWouldGoElsewhere_IsRefused(string before, string after) => Assert.Throws<ConfigConflictException>(() => Check(before, after));

    [Theory]
    [InlineData("model: {base_url: 'https://a/v1'}", "model: {base_url: 'https://b/v1'}")]
    [InlineData("", "model: {base_url: 'https://b/v1', provider: p}")]
    [InlineData("model: {base_url: 'https://a/v1', api_key: k}", "model: {base_url: 'https://A:443/other', api_key: k}")]
    [InlineData("model: {base_url: 'https://a/v1', api_key: k, default: m}", "model: {base_url: 'https://a/v1', api_key: k, default: n}")]
    [InlineData("model: {base_url: 'https://a/v1', api_key: k}", "model: {base_url: 'https://a/v1', api_key: k, provider: p}")]
    [InlineData(Providers + "model: {provider: x, api_key: k}", Providers + "model: {provider: own, api_key: k}")]
    [InlineData(Providers + "model: {provider: own}", Providers + "model: {provider: custom:env}")]
    [InlineData(Providers + "model: {provider: own}", Providers + "model: {provider: bare}")]
    [InlineData(Providers + "model: {provider: x}", Providers + "model: {provider: own, base_url: 'https://own.example/v2'}")]
    [InlineData("model: {provider: openrouter}", "model: {provider: openai}")]
    [InlineData(Described + "model: {provider: x}", Described + "model: {provider: my_own}")]
    [InlineData("providers: {openrouter: {api_key: k}}\nmodel: {provider: x}", "providers: {openrouter: {api_key: k}}\nmodel: {provider: openrouter}")]
    public void Check_KeysThatStay_AreFine(string before, string after) => Check(before, after);

    [Theory]
    [InlineData("OPENROUTER_API_KEY=k", "https://evil.example/v1", true)]
    [InlineData("export CORP_API_KEY=\"k\"", "https://evil.example/v1", true)]
    [InlineData("OPENROUTER_API_KEY=k", "https://openrouter.ai/api/v1", false)]
    [InlineData("OPENROUTER_API_KEY=\n# OPENAI_API_KEY=k\nAPI_SERVER_KEY=k\nTELEGRAM_BOT_TOKEN=k", "https://evil.example/v1", false)]
    public void Check_KeyOfTheEnvironmentFile_GoesWhereItBelongs(string environment, string address, bool isRefused)
    {
        _home.Write(".env", environment);
        var before = "model: {default: m}";
        var after = $"model: {{default: m, base_url: '{address}'}}";

        if (isRefused)
            Assert.Throws<ConfigConflictException>(() => Check(before, after));
        else
            Check(before, after);
    }

    [LinuxFact]
    public void Check_EnvironmentFileThatCannotBeRead_MayHoldAKey()
    {
        NamedPipe.Create(_home.Home.EnvironmentFile);

        Assert.Throws<ConfigConflictException>(() => Check("model: m", "model: {default: m, base_url: 'https://b/v1'}"));
    }

    [Fact]
    public void Check_KeyOfTheApp_MayNotGoElsewhere()
    {
        Assert.Throws<ConfigConflictException>(() => Check(Providers + "model: {provider: own}", Providers + "model: {provider: env}", hasAppKey: true));
        Check(Providers + "model: {provider: own}", Providers + "model: {provider: env}", hasAppKey: true, allowed: "https://env.example");
    }

    private void Check(string before, string after, bool hasAppKey = false, params string[] allowed) =>
        new KeyDestinations(new HomeVariables(_home.Home, new FileSystem()), hasAppKey, allowed).Check(ConfigFile.Parse(before), ConfigFile.Parse(after));
}
