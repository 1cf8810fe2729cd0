using System.IO.Abstractions;
using System.Text.Json;
using Hermes.Core.Configuration;
using Hermes.Testing;

namespace Hermes.Core.Tests.Configuration;

public sealed class KnownKeysTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    public static TheoryData<string, string[]> Values => new()
    {
        { "bool", ["true", "false"] },
        { "int", ["0", "1200000", "-1"] },
        { "float", ["0.5", "2", "1.0"] },
        {
            "str",
            [
                "\"\"", "\"medium\"", "\"anthropic/claude-opus-4.6\"", "\"claude-sonnet-4-20250514\"", "\"google/gemini-2.5-flash-preview-09-2025\"", "\"hf.co/unsloth/gpt-oss-20b-GGUF:F16\"",
                "\"Qwen3-30B-A3B-Instruct-2507-Q4_K_M\"", "\"us.anthropic.claude-3-5-sonnet-20241022-v2:0\"", "\"America/Argentina/Buenos_Aires\"", "\"whisper-large-v3-turbo\"", "\"mistral-small3.2:24b-instruct-2506-q4_K_M\"",
                "\"~/Library/Application Support/voice.wav\"", "\"/srv/data/x8Kd93/prompt.md\"", "\"2024\"", "\"2024-01-02\"", "\"10:30\"", "\"#ff8800\"", "\"${MODEL}\"", "\"custom:corp\"", "\"OPENAI_API_KEY\"", "\"OPENROUTER_API_KEY_2\"",
                "\"background_process_notifications\"", "\"mixtral-8x22B-Instruct-v0.1\"", "\"日本語\"", "\"eleven_multilingual_v2\"", "\"accounts/fireworks/models/kimi-k2-instruct-0905\"",
                "\"en-US-AvaMultilingualNeural\"", "\"claude-sonnet-4-5-20250929\"", "\"nousresearch/hermes-4-405b\"", "\"gpt-4o-mini-tts\"", "\"OpenRouter\"", "\"xai-grok\"", "\"hf-inference\"",
                "\"sk-SK-ViktoriaNeural\"", "\"catppuccin-mocha\"", "\"all_tools_with_arguments\"", "\"responsibilities\"",
            ]
        },
        { "id", ["\"pNInz6obpgDQGcFmaJgB\"", "\"en-US-AriaNeural\"", "\"3f2504e0-4f89-41d3-9a0c-0305e82c3301\"", "\"en_US-lessac-medium\"", "\"sk-SK-LukasNeural\"", "\"sk_SK-lili-medium\""] },
        { "url", ["\"https://llm.example:8443/v1\"", "\"http://localhost:11434/v1\"", "\"http://[::1]:8080\"", "\"https://${HOST}/v1\"", "\"${BASE_URL}\""] },
        { "list", ["[\"web\",\"hermes-cli\"]", "[]", "[\"~/skills\",\"$HOME/skills\"]"] },
        { "text", ["\"Talk like a pirate, and be kind.\"", "\"first line\\nsecond line: done\""] },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Read_KnownKeyWithAPlainValueOfItsType_IsShown(string type, string[] values)
    {
        var paths = KnownKeyPaths.All.Where(key => key.Type == type).Select(key => key.Path).ToList();

        Assert.NotEmpty(paths);
        foreach (var path in paths)
        {
            foreach (var value in values)
                Assert.True(JsonElement.DeepEquals(Json(path, value), Show(KnownKeyPaths.Write(path, value))), $"{path}: {value} became {Show(KnownKeyPaths.Write(path, value))}");
        }
    }

    [Theory]
    [InlineData("agent.max_turns", "twelve")]
    [InlineData("agent.max_turns", "'60'")]
    [InlineData("agent.max_turns", "1.5")]
    [InlineData("agent.max_turns", "123456789012345678901234567890")]
    [InlineData("agent.verbose", "1")]
    [InlineData("agent.verbose", "yes please")]
    [InlineData("timezone", "4711")]
    [InlineData("timezone", "'4539148803436467'")]
    [InlineData("timezone", "'+49 170 1234567'")]
    [InlineData("model.default", "!!binary aGFpcnk=")]
    [InlineData("custom_providers.[]", "plain-string-SECRET_MARK_034")]
    [InlineData("toolsets.[]", "prod-password-2024")]
    [InlineData("model.default", "plain-string-MARK_034")]
    [InlineData("tts.edge.voice", "12345678")]
    [InlineData("tts.edge.voice", "the password is hunter2")]
    [InlineData("model.base_url", "llm.example")]
    [InlineData("agent.environment_hint", "4711")]
    [InlineData("toolsets", "web")]
    [InlineData("agent.unheard_of", "word")]
    [InlineData("agent.unheard_of", "7")]
    [InlineData("agent.unheard_of", "2024-01-02")]
    public void Read_ValueOfAnotherTypeOrOfAnUnknownKey_IsHidden(string path, string value) =>
        Assert.True(JsonElement.DeepEquals(Json(path, "\"[hidden]\""), Show(KnownKeyPaths.Write(path, value))), Show(KnownKeyPaths.Write(path, value)).GetRawText());

    [Fact]
    public void Read_KeysThatTheOwnerAdds_AreShownWithoutSecrets()
    {
        _home.Write("config.yaml", """
            x: {password: hunter2hunter}
            display:
              theme:
                primary: "#ff0000"
                count: 4711
                size: .inf
                made: 2024-01-02
                tags: !!set {a, b}
                icon: !!binary aGk=
                note: "use sk-abcdefghij here"
                same: hunter2hunter
                token: abc
                deep: {x: y}
              other: z
            """);
        var config = new SafeConfig(new ConfigFile(_home.Home, new FileSystem()), ["display.theme.*"]);

        Assert.Equal(
            """{"display":{"theme":{"primary":"#ff0000","count":4711,"size":"Infinity","made":"2024-01-02","tags":["a","b"],"icon":"aGk=","note":"use [hidden] here","same":"[hidden]","deep":{"x":"[hidden]"}},"other":"[hidden]"}}""",
            config.Read().GetRawText());
    }

    [Theory]
    [InlineData("display.theme.*", true)]
    [InlineData("custom_providers.[].note", true)]
    [InlineData("display..x", false)]
    [InlineData("display.a*", false)]
    [InlineData("", false)]
    public void IsPath_Text_IsNamesWithDots(string path, bool isPath) => Assert.Equal(isPath, KnownKeys.IsPath(path));

    private JsonElement Show(string yaml)
    {
        _home.Write("config.yaml", yaml);
        return new SafeConfig(_home.Home, new FileSystem()).Read();
    }

    private static JsonElement Json(string path, string value)
    {
        foreach (var name in path.Split('.').Reverse())
            value = name == "[]" ? $"[{value}]" : $"{{\"{(name == "*" ? "any" : name)}\": {value}}}";

        return JsonDocument.Parse(value).RootElement;
    }
}
