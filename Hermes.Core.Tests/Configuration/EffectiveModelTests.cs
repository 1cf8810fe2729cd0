using Hermes.Core.Configuration;

namespace Hermes.Core.Tests.Configuration;

public class EffectiveModelTests
{
    [Theory]
    [InlineData("", null, null, null, null)]
    [InlineData("model: m", "m", null, null, null)]
    [InlineData("model: m\nprovider: p", "m", "p", null, null)]
    [InlineData("model: {default: d, model: m, name: n}", "d", null, null, null)]
    [InlineData("model: {default: '', model: m}", "m", null, null, null)]
    [InlineData("model: {name: n, provider: p, base_url: 'https://h/v1', api_mode: a}\nprovider: top", "n", "p", "https://h/v1", "a")]
    [InlineData("model: {default: d}\nprovider: top", "d", "top", null, null)]
    [InlineData("model: {default: '${NAME}'}", "${NAME}", null, null, null)]
    [InlineData("model: [m]\nprovider: {x: 1}", null, null, null, null)]
    [InlineData("model: {provider: custom:corp}\ncustom_providers: [1, {name: x}, {name: Corp, base_url: 'https://c/v1', api_mode: a, model: c-1}]", "c-1", "custom:corp", "https://c/v1", "a")]
    [InlineData("model: {provider: my-corp}\ncustom_providers: [{name: My Corp, base_url: 'https://c/v1'}]", null, "my-corp", "https://c/v1", null)]
    [InlineData("model: {provider: custom:corp, base_url: 'https://own/v1'}\ncustom_providers: {corp: {base_url: 'https://c/v1'}}", null, "custom:corp", "https://own/v1", null)]
    [InlineData("model: {provider: custom:corp}\ncustom_providers: {corp: {base_url: 'https://c/v1'}}", null, "custom:corp", "https://c/v1", null)]
    [InlineData("model: {provider: custom:my-server}\ncustom_providers: [{name: My Server, base_url: 'https://c/v1'}]", null, "custom:my-server", "https://c/v1", null)]
    [InlineData("model: {provider: My_Server}\nproviders: {my server: {url: 'https://c/v1', default_model: d, transport: t}}", "d", "My_Server", "https://c/v1", "t")]
    [InlineData("model: {provider: shown}\nproviders: {k: {name: Shown, api: 'https://c/v1'}}", null, "shown", "https://c/v1", null)]
    [InlineData("model: {provider: auto}\nproviders: {auto: {api: 'https://c/v1'}}", null, "auto", null, null)]
    [InlineData("model: {provider: openrouter}\nproviders: {openrouter: {api: 'https://c/v1'}}", null, "openrouter", null, null)]
    [InlineData("model: {provider: custom:openrouter}\nproviders: {openrouter: {api: 'https://c/v1'}}", null, "custom:openrouter", "https://c/v1", null)]
    [InlineData("model: {provider: off}\nproviders: {'off': {api: 'https://c/v1', enabled: false}}", null, null, null, null)]
    [InlineData("model: {provider: x}\nproviders: {x: {api: 'https://c/v1', enabled: false}}", null, "x", null, null)]
    public void Resolve_Config_FindsEachInItsPlaces(string yaml, string? model, string? provider, string? baseUrl, string? apiMode) =>
        Assert.Equal(new EffectiveModel(model, provider, baseUrl, apiMode), ProviderChoice.Of(ConfigFile.Parse(yaml)).Effective);

    [Fact]
    public void Show_AddressWithUserInfoAndKey_HasNeither()
    {
        var shown = new ConfigView(ConfigFile.Parse("model: {default: m, base_url: 'https://user:s3cr3t@h/v1?api_key=s3cr3t'}")).ShowEffectiveModel();

        Assert.Equal(new EffectiveModel("m", null, "https://h/v1", null), shown);
    }
}
