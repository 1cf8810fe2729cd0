using System.IO.Abstractions;
using System.Text;
using System.Text.Json;
using Hermes.Core.Configuration;
using Hermes.Core.Http.Wire;
using Hermes.Testing;
using static Hermes.Core.Http.Wire.ConfigWire;

namespace Hermes.Core.Tests.Configuration;

public sealed class PlantedSecretsTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Read_SecretsOfEveryShapeInEverySection_ShowsNone()
    {
        var shown = Show(PlantedSecrets.Yaml);

        Assert.True(PlantedSecrets.Count > 800, $"{PlantedSecrets.Count}");
        Assert.All(PlantedSecrets.Texts, secret =>
        {
            Assert.DoesNotContain(secret, shown, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), shown, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Read_SecretUnderAKnownKey_IsNotShown()
    {
        foreach (var (path, type) in KnownKeyPaths.All)
        {
            // Nothing tells a lone password from people's words in free text, nor a token without a known prefix from a voice's id.
            var alike = type switch { "text" => PlantedSecrets.LikeWords, "id" => PlantedSecrets.LikeIds, _ => [] };
            foreach (var secret in PlantedSecrets.UnderKnownKeys.Except(alike))
            {
                var shown = Show(KnownKeyPaths.Write(path, JsonSerializer.Serialize(secret)));

                Assert.False(shown.Contains("MARK", StringComparison.Ordinal), $"{path} with {secret}: {shown}");
            }
        }
    }

    [Fact]
    public void Read_MadeUpSecretUnderAKnownKey_IsNotShown()
    {
        var places = KnownKeyPaths.All.Where(key => key.Type is "str" or "list" or "url").ToList();
        foreach (var (index, secret) in PlantedSecrets.MadeUp(320).Index())
        {
            var (path, type) = places[index % places.Count];
            var written = type switch { "url" => $"\"https://h.example/v1/{Uri.EscapeDataString(secret)}/x\"", "list" => $"[\"web\", \"{secret}\"]", _ => $"\"{secret}\"" };
            foreach (var yaml in (string[])[KnownKeyPaths.Write(path, written), $"agent: {{personalities: {{\"{secret}\": x}}}}"])
            {
                var shown = Show(yaml);

                Assert.False(shown.Contains(secret, StringComparison.Ordinal) || shown.Contains(Uri.EscapeDataString(secret), StringComparison.Ordinal), $"{yaml}: {shown}");
            }
        }
    }

    [Theory]
    [InlineData("model: {default: *s}\nx: {password: hunter2hunter}", false)]
    [InlineData("x: {password: &s hunter2hunter}\nmodel: {default: *s}", true)]
    [InlineData("x: {clave: hunter2hunter}\nmodel: {default: hunter2hunter}", true)]
    [InlineData("x: {secrets: [a, {b: hunter2hunter}]}\nagent: {environment_hint: say hunter2hunter}", true)]
    [InlineData("x: {token: Bearer hunter2hunter}\ntimezone: hunter2hunter", true)]
    [InlineData("x: [{name: API_KEY, value: hunter2hunter}]\ntoolsets: [hunter2hunter]", true)]
    [InlineData("x: !!omap [api_key: hunter2hunter]\ntoolsets: [hunter2hunter]", true)]
    [InlineData("x: [--token, hunter2hunter]\ntoolsets: [hunter2hunter]", true)]
    [InlineData("x: {private_key: \"-----\\nhunter2hunter\\n\"}\nprovider: hunter2hunter", true)]
    [InlineData("x: {api_key: hunter2hunter}\nagent: {hunter2hunter: true}", true)]
    [InlineData("x: {api_key: hunter2hunter}\nmodel: {base_url: 'https://h/hunter2hunter'}", true)]
    [InlineData("x: {api_key: hunter2hunter}\nprovider: p\nmodel: {api_mode: hunter2hunter}", true)]
    [InlineData("custom_providers: [{name: hunter2hunter, api_key: hunter2hunter}]\nprovider: custom:hunter2hunter", true)]
    public void Read_TextThatIsASecretElsewhere_IsShownNowhere(string yaml, bool isReadable)
    {
        if (isReadable)
            Assert.DoesNotContain("hunter2", Show(yaml), StringComparison.Ordinal);
        else
            Assert.Throws<ConfigUnreadableException>(() => Show(yaml));
    }

    private string Show(string yaml)
    {
        _home.Write("config.yaml", yaml);
        return Encoding.UTF8.GetString(WireJson.Serialize(ConfigAnswer.From(new SafeConfig(_home.Home, new FileSystem()).ReadShown())));
    }
}
