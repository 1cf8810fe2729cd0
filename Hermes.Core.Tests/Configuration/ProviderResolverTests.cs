using System.IO.Abstractions;
using Hermes.Core.Configuration;
using Hermes.Core.Tests.Support;
using Hermes.Testing;

namespace Hermes.Core.Tests.Configuration;

public sealed class ProviderResolverTests : IDisposable
{
    private const string Variables = "NAMED=from-named\nURL=http://from-url\nOPENROUTER_API_KEY=from-openrouter\nDEEPSEEK_API_KEY=\nNOUS_API_KEY=\n";

    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("model: {default: m, base_url: http://local/v1, api_key: k}", "m http://local/v1 k")]
    [InlineData("model: {model: m, base_url: http://local/v1}", "m http://local/v1 -")]
    [InlineData("model: {name: m, base_url: http://local/v1, key_env: NAMED}", "m http://local/v1 from-named")]
    [InlineData("model: {name: m, base_url: http://local/v1, key_env: HERMES_TESTS_UNSET}", "m http://local/v1 -")]
    [InlineData("model: {default: m, base_url: '${URL}/v1', api_key: '${NAMED}'}", "m http://from-url/v1 from-named")]
    [InlineData("model: {default: m, base_url: http://local/v1, api_key: '${HERMES_TESTS_UNSET}'}", "m http://local/v1 -")]
    [InlineData("model: {default: m, base_url: https://openrouter.ai/api/v1}", "m https://openrouter.ai/api/v1 from-openrouter")]
    [InlineData("model: {default: m, base_url: http://openrouter.ai/api/v1}", "m http://openrouter.ai/api/v1 -")]
    [InlineData("model: x/y", "x/y https://openrouter.ai/api/v1 from-openrouter")]
    [InlineData("model: {default: x/y, provider: auto}", "x/y https://openrouter.ai/api/v1 from-openrouter")]
    [InlineData("model: m\nprovider: openrouter", "m https://openrouter.ai/api/v1 from-openrouter")]
    [InlineData("model: {default: m, provider: deepseek, api_key: k}", "m https://api.deepseek.com/v1 k")]
    [InlineData("model: {provider: custom:corp}\ncustom_providers: [{name: corp, base_url: http://corp/v1, api_key: c, model: corp-1}]", "corp-1 http://corp/v1 c")]
    [InlineData("model: {default: m, provider: Corp}\ncustom_providers: [text, {name: corp, base_url: http://corp/v1, key_env: NAMED}]", "m http://corp/v1 from-named")]
    [InlineData("model: {default: m, provider: custom:corp, base_url: http://corp/v2}\ncustom_providers: [{name: corp, base_url: http://corp/v1, api_key: c}]", "m http://corp/v2 c")]
    [InlineData("model: {default: m, provider: custom:corp, base_url: http://other/v1}\ncustom_providers: [{name: corp, base_url: http://corp/v1, api_key: c}]", "m http://other/v1 -")]
    [InlineData("model: {default: m, provider: custom:my-server}\ncustom_providers: [{name: My Server, base_url: http://s/v1, api_key: c}]", "m http://s/v1 c")]
    [InlineData("model: {default: m, provider: 'custom: My_Server'}\ncustom_providers: {my server: {base_url: http://s/v1, api_key: c}}", "m http://s/v1 c")]
    [InlineData("model: {default: m, provider: my-server}\nproviders: {my_server: {api: http://s/v1, key_env: NAMED}}", "m http://s/v1 from-named")]
    [InlineData("model: {provider: shown}\nproviders: {k: {name: Shown, url: '${URL}/v1', api_key: '${NAMED}', default_model: d}}", "d http://from-url/v1 from-named")]
    [InlineData("model: {default: m, provider: s}\nproviders: {s: {api: http://new/v1}}\ncustom_providers: [{name: s, base_url: http://old/v1}]", "m http://new/v1 -")]
    [InlineData("model: {default: m, provider: openrouter}\nproviders: {openrouter: {api: http://evil/v1}}", "m https://openrouter.ai/api/v1 from-openrouter")]
    [InlineData("model: {default: m, provider: custom:openrouter}\nproviders: {openrouter: {api: http://own/v1}}", "m http://own/v1 -")]
    [InlineData("model: null", null)]
    [InlineData("model: [1]", null)]
    [InlineData("model: {api_key: k}", null)]
    [InlineData("other: 1", null)]
    [InlineData("", null)]
    public void Find_Config_FindsTheProvider(string yaml, string? expected) => Assert.Equal(expected, Find(yaml));

    [Theory]
    [InlineData("model: {default: m, provider: nobody-knows}", "No provider of the name 'nobody-knows' is known: write its address")]
    [InlineData("model: {default: m, provider: custom}", "No provider of the name 'custom' is known")]
    [InlineData("model: m\nprovider: custom:gone\ncustom_providers: [{name: here, base_url: http://s/v1}]", "No provider of the name 'custom:gone' is known")]
    [InlineData("model: m\nprovider: s\nproviders: {s: {api: http://s/v1, enabled: false}}", "No provider of the name 's' is known")]
    [InlineData("model: {default: m, provider: sk-SECRETSECRET}", "No provider of the name '[hidden]' is known")]
    [InlineData("model: {default: m, provider: nous}", "The provider nous wants a key: write NOUS_API_KEY into .env")]
    [InlineData("model: {default: m, provider: s}\ncustom_providers: [{name: s, api_key: SECRET}]", "the provider's entry in config.yaml has no address")]
    [InlineData("model: {base_url: http://local/v1}", "No model is named: write default into the section model")]
    [InlineData("model: {provider: openrouter}", "No model is named")]
    [InlineData("model: {default: m, base_url: 'ftp://SECRET/v1'}", "base_url in the section model of config.yaml must be an absolute")]
    [InlineData("model: {default: m, base_url: SECRET}", "base_url in the section model of config.yaml must be an absolute")]
    [InlineData("model: {default: m, base_url: '${SECRET}/v1'}", "base_url in the section model of config.yaml must be an absolute")]
    [InlineData("model: {default: m, provider: s}\nproviders: {s: {api: '/v1', api_key: SECRET}}", "base_url in the provider's entry in config.yaml must be")]
    [InlineData("model: {default: m, provider: [SECRET]}", "provider in the section model of config.yaml is no text")]
    [InlineData("model: {default: m, provider: 5}", "provider in the section model of config.yaml is no text")]
    [InlineData("model: {default: m, provider: {name: SECRET}}", "provider in the section model of config.yaml is no text")]
    [InlineData("model: m\nprovider: 5", "provider in config.yaml is no text")]
    [InlineData("model: {default: m, base_url: [http://SECRET/v1]}", "base_url in the section model of config.yaml is no text")]
    [InlineData("model: {default: m, base_url: http://local/v1, api_key: 4711}", "api_key in the section model of config.yaml is no text")]
    [InlineData("model: {default: m, base_url: http://local/v1, key_env: [SECRET]}", "key_env in the section model of config.yaml is no text")]
    [InlineData("model: {default: m, provider: s}\nproviders: {s: {api: 5}}", "api in the provider's entry in config.yaml is no text")]
    [InlineData("model: {default: m, provider: s}\nproviders: {s: {api: http://s/v1, api_key: 4711}}", "api_key in the provider's entry in config.yaml is no text")]
    [InlineData("model: [SECRET", "config.yaml cannot be read: line ")]
    [InlineData("- SECRET", "config.yaml cannot be read: it is not a mapping")]
    public void Find_WhatCannotBeAsked_SaysWhyAndShowsNothing(string yaml, string message)
    {
        var exception = Assert.Throws<ProviderConfigurationException>(() => Find(yaml));

        Assert.StartsWith(message, exception.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("SECRET", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u200B")]
    [InlineData("\uFEFF")]
    [InlineData("\u00A0")]
    [InlineData("\u0007")]
    [InlineData("\u007F")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData(" ")]
    [InlineData("é")]
    [InlineData("\U0001F511")]
    public void Find_KeyWithACharacterThatNobodySees_IsNotSent(string character)
    {
        var key = $"SEC{character}RET";
        var inYaml = System.Text.Json.JsonSerializer.Serialize(key);
        _home.Write(".env", $"NAMED='{key}'\nOPENROUTER_API_KEY='{key}'\n");

        foreach (var (yaml, place) in new[]
        {
            ($"model: {{default: m, base_url: http://local/v1, api_key: {inYaml}}}", "api_key in the section model of config.yaml has"),
            ("model: {default: m, base_url: http://local/v1, key_env: NAMED}", "The variable that key_env names in the section model of config.yaml has"),
            ("model: {default: m, provider: openrouter}", "OPENROUTER_API_KEY has"),
            ("model: m", "OPENROUTER_API_KEY has"),
            ($"model: {{default: m, provider: s}}\nproviders: {{s: {{api: http://s/v1, api_key: {inYaml}}}}}", "api_key in the provider's entry in config.yaml has"),
        })
        {
            _home.Write("config.yaml", yaml);

            var exception = Assert.Throws<ProviderConfigurationException>(() => Resolver().Find());

            Assert.StartsWith(place, exception.Message, StringComparison.Ordinal);
            Assert.Contains("as number 4 of", exception.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("SEC", exception.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ProviderConfigurationException>(() => Resolver().Find(new ProviderOptions { BaseUrl = "https://h/v1", Model = "m", ApiKey = key }));
    }

    [Theory]
    [InlineData("http://own/v1", "k", "m", "m http://own/v1 k")]
    [InlineData("http://own/v1", null, "m", "m http://own/v1 -")]
    [InlineData("http://own/v1", null, null, "config-model http://own/v1 -")]
    [InlineData(null, null, "m", "m http://config/v1 config-key")]
    [InlineData(null, "k", null, "config-model http://config/v1 k")]
    [InlineData(" ", "", "", "config-model http://config/v1 config-key")]
    public void Find_OwnSettings_WinAndTakeNoKeyAlong(string? baseUrl, string? apiKey, string? model, string expected) => Assert.Equal(
        expected,
        Find(
            "model: {default: config-model, base_url: http://config/v1, api_key: config-key}",
            new ProviderOptions { BaseUrl = baseUrl, ApiKey = apiKey, Model = model }));

    [Theory]
    [InlineData("custom:corp", " http://corp/v1 c")]
    [InlineData("CORP", " http://corp/v1 c")]
    [InlineData("openrouter", " https://openrouter.ai/api/v1 from-openrouter")]
    [InlineData("first", "m http://first/v1 first-key")]
    public void Find_OtherProvider_HasItsOwnAddressAndKey(string provider, string expected) => Assert.Equal(
        expected,
        Find(
            "model: {default: m, provider: first, base_url: http://first/v1, api_key: first-key}\ncustom_providers: [{name: corp, base_url: http://corp/v1, api_key: c}]",
            provider: provider));

    [Fact]
    public void Find_EmptyHome_IsNotConfigured() => Assert.Null(Resolver().Find());

    [Fact]
    public void Find_SettingsThatSayEverything_HoldWhateverTheHomeHas()
    {
        _home.Write("config.yaml", "model: [SECRET");

        var settings = Resolver().Find(new ProviderOptions { BaseUrl = "https://host/v1", Model = "m", ApiKey = "k" });

        Assert.Equal(new ProviderSettings(new Uri("https://host/v1"), "k", "m"), settings);
    }

    [LinuxFact]
    public void Find_EnvironmentFileThatIsAPipe_IsRefusedWithoutWaiting()
    {
        _home.Write("config.yaml", "model: {default: m, base_url: http://local/v1}");
        NamedPipe.Create(_home.Home.EnvironmentFile);

        Assert.StartsWith(".env of the home cannot be read", Assert.Throws<ProviderConfigurationException>(() => Resolver().Find()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_FilesThatChange_AreReadAgain()
    {
        var resolver = Resolver();
        _home.Write("config.yaml", "model: {default: m, base_url: http://a/v1, key_env: NAMED}").Write(".env", "NAMED=1");
        Assert.Equal("1", resolver.Find()!.ApiKey);

        _home.Write("config.yaml", "model: {default: other, base_url: http://b/v1, key_env: NAMED}").Write(".env", "export NAMED=\"2\" # new");

        Assert.Equal(new ProviderSettings(new Uri("http://b/v1"), "2", "other"), resolver.Find());
    }

    [Fact]
    public void ToString_Settings_ShowNoSecret() => Assert.Equal(
        "m at https://host", new ProviderSettings(new Uri("https://user:SECRET@host/v1?key=SECRET"), "SECRET", "m").ToString());

    private ProviderResolver Resolver() => new(_home.Home, new FileSystem());

    private string? Find(string yaml, ProviderOptions? own = null, string? provider = null)
    {
        _home.Write("config.yaml", yaml).Write(".env", Variables);
        return Resolver().Find(own, provider) is { } settings ? $"{settings.Model} {settings.BaseUrl} {settings.ApiKey ?? "-"}" : null;
    }
}
