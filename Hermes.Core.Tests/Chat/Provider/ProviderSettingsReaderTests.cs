using System.IO.Abstractions.TestingHelpers;
using Hermes.Core.Chat;
using Hermes.Core.Yaml;
using Hermes.Host.Chat;

namespace Hermes.Core.Tests.Chat.Provider;

public class ProviderSettingsReaderTests
{
    private static readonly Dictionary<string, string> NoVariables = [];

    [Theory]
    [InlineData("model: {default: m, base_url: http://local/v1, api_key: k}", "m http://local/v1 k")]
    [InlineData("model: {model: m, base_url: http://local/v1}", "m http://local/v1 -")]
    [InlineData("model: {name: m, base_url: http://local/v1, key_env: NAMED}", "m http://local/v1 from-named")]
    [InlineData("model: {default: m, base_url: '${URL}/v1', api_key: '${NAMED}'}", "m http://from-url/v1 from-named")]
    [InlineData("model: {default: m, base_url: http://local/v1, api_key: '${UNSET}'}", "m http://local/v1 -")]
    [InlineData("model: {default: m, base_url: https://openrouter.ai/api/v1}", "m https://openrouter.ai/api/v1 from-openrouter")]
    [InlineData("model: x/y", "x/y https://openrouter.ai/api/v1 from-openrouter")]
    [InlineData("model: {default: x/y, provider: auto}", "x/y https://openrouter.ai/api/v1 from-openrouter")]
    [InlineData("model: m\nprovider: openrouter", "m https://openrouter.ai/api/v1 from-openrouter")]
    [InlineData("model: {default: m, provider: deepseek, api_key: k}", "m https://api.deepseek.com/v1 k")]
    [InlineData("model: {default: m, provider: deepseek}", null)]
    [InlineData("model: {default: m, provider: nobody-knows}", null)]
    [InlineData("model: {provider: custom:corp}\ncustom_providers: [{name: corp, base_url: http://corp/v1, api_key: c, model: corp-1}]", "corp-1 http://corp/v1 c")]
    [InlineData("model: {default: m, provider: Corp}\ncustom_providers: [text, {name: corp, base_url: http://corp/v1, key_env: NAMED}]", "m http://corp/v1 from-named")]
    [InlineData("model: {default: m, provider: custom:corp, base_url: http://corp/v2}\ncustom_providers: [{name: corp, base_url: http://corp/v1, api_key: c}]", "m http://corp/v2 c")]
    [InlineData("model: {default: m, provider: custom:corp, base_url: http://other/v1}\ncustom_providers: [{name: corp, base_url: http://corp/v1, api_key: c}]", "m http://other/v1 -")]
    [InlineData("model: {base_url: http://local/v1}", null)]
    [InlineData("model: null", null)]
    [InlineData("model: [1]", null)]
    [InlineData("other: 1", null)]
    [InlineData("", null)]
    public void Resolve_Config_FindsTheProvider(string yaml, string? expected)
    {
        var variables = new Dictionary<string, string> { ["NAMED"] = "from-named", ["URL"] = "http://from-url", ["OPENROUTER_API_KEY"] = "from-openrouter" };

        Assert.Equal(expected, Resolve(new ProviderOptions(), yaml, variables));
    }

    [Theory]
    [InlineData("http://own/v1", "k", "m", "m http://own/v1 k")]
    [InlineData("http://own/v1", null, "m", "m http://own/v1 -")]
    [InlineData("http://own/v1", null, null, "config-model http://own/v1 -")]
    [InlineData(null, null, "m", "m http://config/v1 config-key")]
    [InlineData(null, "k", null, "config-model http://config/v1 k")]
    [InlineData(" ", "", "", "config-model http://config/v1 config-key")]
    public void Resolve_OwnSettings_WinAndTakeNoKeyAlong(string? baseUrl, string? apiKey, string? model, string expected) => Assert.Equal(
        expected,
        Resolve(
            new ProviderOptions { BaseUrl = baseUrl, ApiKey = apiKey, Model = model },
            "model: {default: config-model, base_url: http://config/v1, api_key: config-key}",
            NoVariables));

    [Fact]
    public void Resolve_NoModelButAKey_IsNotConfigured() =>
        Assert.Null(Resolve(new ProviderOptions(), "", new Dictionary<string, string> { ["OPENROUTER_API_KEY"] = "k" }));

    [Theory]
    [InlineData("ftp://SECRET/v1")]
    [InlineData("SECRET")]
    [InlineData("${SECRET}/v1")]
    public void Resolve_AddressThatIsNone_IsRefusedWithoutShowingIt(string url)
    {
        var exception = Assert.Throws<ChatConfigurationException>(() => Resolve(new ProviderOptions(), $"model: {{default: m, base_url: '{url}'}}", NoVariables));

        Assert.StartsWith("base_url in config.yaml must be", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Home_TakesVariablesFromItsEnvironmentFile()
    {
        var home = new HermesHome("/home-of-tests");
        var files = new MockFileSystem(new Dictionary<string, MockFileData>
        {
            [home.ConfigFile] = new("model: {default: m, base_url: http://local/v1, key_env: HERMES_TEST_KEY}"),
            [home.EnvironmentFile] = new("export HERMES_TEST_KEY='from the file'"),
        });

        Assert.Equal("from the file", new ProviderSettingsReader(home, files).Read(new ProviderOptions())!.ApiKey);
    }

    [Fact]
    public void Read_EmptyHome_IsNotConfigured() =>
        Assert.Null(new ProviderSettingsReader(new HermesHome("/home-of-tests"), new MockFileSystem()).Read(new ProviderOptions()));

    [Fact]
    public void Read_BrokenConfig_SaysWhereAndShowsNothing()
    {
        var home = new HermesHome("/home-of-tests");
        var files = new MockFileSystem(new Dictionary<string, MockFileData> { [home.ConfigFile] = new("model: [SECRET") });

        var exception = Assert.Throws<ChatConfigurationException>(() => new ProviderSettingsReader(home, files).Read(new ProviderOptions()));

        Assert.StartsWith("config.yaml cannot be read: line ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SettingsThatSayEverything_HoldWhateverTheHomeHas()
    {
        var home = new HermesHome("/home-of-tests");
        var files = new MockFileSystem(new Dictionary<string, MockFileData> { [home.ConfigFile] = new("model: [SECRET") });

        var settings = new ProviderSettingsReader(home, files).Read(new ProviderOptions { BaseUrl = "https://host/v1", Model = "m", ApiKey = "k" });

        Assert.Equal(new ProviderSettings(new Uri("https://host/v1"), "k", "m"), settings);
    }

    [Fact]
    public void ToString_Settings_ShowNoSecret() => Assert.Equal(
        "m at https://host", new ProviderSettings(new Uri("https://user:SECRET@host/v1?key=SECRET"), "SECRET", "m").ToString());

    private static string? Resolve(ProviderOptions options, string yaml, Dictionary<string, string> variables) =>
        ProviderSettingsReader.Resolve(options, YamlLoader.Load(yaml) as YamlMapping, variables.GetValueOrDefault) is { } settings
            ? $"{settings.Model} {settings.BaseUrl} {settings.ApiKey ?? "-"}"
            : null;
}
