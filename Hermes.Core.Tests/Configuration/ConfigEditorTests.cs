using Hermes.Core.Configuration;

namespace Hermes.Core.Tests.Configuration;

public class ConfigEditorTests
{
    [Theory]

    // A text, with or without quotes, beside comments.
    [InlineData("model: old", "model: new/m-1")]
    [InlineData("model: old # why\n", "model: new/m-1 # why\n")]
    [InlineData("model: 'old'\n", "model: 'new/m-1'\n")]
    [InlineData("model: \"old\"  # why\n", "model: \"new/m-1\"  # why\n")]
    [InlineData("model:    old\nprovider: 'p' # c\n", "model:    new/m-1\nprovider: 'p' # c\n")]
    [InlineData("model: |\n  old\n  text\n\n# tail\nother: 1\n", "model: new/m-1\n\n# tail\nother: 1\n")]
    [InlineData("model: an\n  old one # why\n", "model: new/m-1 # why\n")]
    [InlineData("model: !!str 5\n", "model: new/m-1\n")]
    [InlineData("model: 5\n", "model: new/m-1\n")]
    [InlineData("model: &m old\n", "model: new/m-1\n")]
    [InlineData("base: &m old\nmodel: *m\n", "base: &m old\nmodel: new/m-1\n")]
    [InlineData("? model\n: old\n", "? model\n: new/m-1\n")]
    [InlineData("'model': old\n", "'model': new/m-1\n")]

    // Nothing there.
    [InlineData("model:\n", "model: new/m-1\n")]
    [InlineData("model: # none\nother: 1\n", "model: new/m-1 # none\nother: 1\n")]
    [InlineData("model: ~\n", "model: new/m-1\n")]
    [InlineData("", "model:\n  default: new/m-1\n")]
    [InlineData("# only a comment", "# only a comment\nmodel:\n  default: new/m-1\n")]
    [InlineData("---\n", "---\nmodel:\n  default: new/m-1\n")]
    [InlineData("other: 1\n# tail\n", "other: 1\n# tail\nmodel:\n  default: new/m-1\n")]
    [InlineData("other: 1", "other: 1\nmodel:\n  default: new/m-1\n")]
    [InlineData("other: |\n  no line end", "model:\n  default: new/m-1\nother: |\n  no line end")]
    [InlineData("other: 1\n...\n", "model:\n  default: new/m-1\nother: 1\n...\n")]
    [InlineData("  other: 1\n", "  other: 1\n  model:\n    default: new/m-1\n")]
    [InlineData("{other: 1}\n", "{model: {default: new/m-1}, other: 1}\n")]
    [InlineData("{}\n", "{model: {default: new/m-1}}\n")]

    // A section.
    [InlineData("model:\n  default: old # why\n  x: 1\n", "model:\n  default: new/m-1 # why\n  x: 1\n")]
    [InlineData("model:\n  x: 1\n  name: old\n", "model:\n  x: 1\n  name: new/m-1\n")]
    [InlineData("model:\n  name: unused\n  default: old\n", "model:\n  name: unused\n  default: new/m-1\n")]
    [InlineData("model:\n  default:\n  name: old\n", "model:\n  default:\n  name: new/m-1\n")]
    [InlineData("model:\n  default:\n", "model:\n  default: new/m-1\n")]
    [InlineData("model:\n  # where\n  provider: p # c\n\nother: 1\n", "model:\n  # where\n  provider: p # c\n  default: new/m-1\n\nother: 1\n")]
    [InlineData("model:\n    temperature: 1\n", "model:\n    default: new/m-1\n    temperature: 1\n")]
    [InlineData("model: {default: old, provider: p}\n", "model: {default: new/m-1, provider: p}\n")]
    [InlineData("model: { provider: p }\n", "model: { default: new/m-1, provider: p }\n")]
    [InlineData("model: {}\n", "model: {default: new/m-1}\n")]
    [InlineData("model: {\n  default: old,\n}\nx: [\n  1\n]\n", "model: {\n  default: new/m-1,\n}\nx: [\n  1\n]\n")]
    [InlineData("x: [\n1,\n2\n]\nmodel:\n  default: old\n", "x: [\n1,\n2\n]\nmodel:\n  default: new/m-1\n")]
    [InlineData("base: &b {default: old}\nmodel:\n  <<: *b\n  provider: p\n", "base: &b {default: old}\nmodel:\n  <<: *b\n  provider: p\n  default: new/m-1\n")]

    // The last of a repeated key counts.
    [InlineData("model: a\nmodel: old\n", "model: a\nmodel: new/m-1\n")]

    // Line ends, a byte order mark, characters beyond the basic plane.
    [InlineData("\uFEFFa: é😀 # 😀\r\nmodel:\r\n  default: old\r\n", "\uFEFFa: é😀 # 😀\r\nmodel:\r\n  default: new/m-1\r\n")]
    [InlineData("other: 1\r\n", "other: 1\r\nmodel:\r\n  default: new/m-1\r\n")]
    public void Edit_Model_ChangesNothingElse(string before, string after) => AssertEdited(before, new ConfigChange { Model = "new/m-1" }, after);

    [Theory]
    [InlineData("model: {default: m, provider: old}\nprovider: top\n", "model: {default: m, provider: new}\nprovider: top\n")]
    [InlineData("model: {default: m}\nprovider: old # c\n", "model: {default: m}\nprovider: new # c\n")]
    [InlineData("model: m\nprovider: old\n", "model: m\nprovider: new\n")]
    [InlineData("model:\n  default: m\n", "model:\n  default: m\n  provider: new\n")]
    [InlineData("model: m # why\nother: 1\n", "model:\n  default: m # why\n  provider: new\nother: 1\n")]
    [InlineData("model: m", "model:\n  default: m\n  provider: new")]
    [InlineData("model: '${NAME}'\n", "model:\n  default: '${NAME}'\n  provider: new\n")]
    [InlineData("model: |\n  m\n", "model: {default: \"m\\u000A\", provider: new}\n")]
    [InlineData("{model: m, other: 1}\n", "{model: {default: m, provider: new}, other: 1}\n")]
    [InlineData("model: # c\nother: 1\n", "model: # c\n  provider: new\nother: 1\n")]
    [InlineData("other: 1\n", "other: 1\nmodel:\n  provider: new\n")]
    public void Edit_Provider_ChangesNothingElse(string before, string after) => AssertEdited(before, new ConfigChange { Provider = "new" }, after);

    [Theory]
    [InlineData("model:\n  default: m\n  base_url: https://old.example/v1 # c\n", "model:\n  default: m\n  base_url: https://new.example/v1 # c\n")]
    [InlineData("model:\n  default: m\n  provider: p\n  api_key: k\n", "model:\n  default: m\n  provider: p\n  base_url: https://new.example/v1\n  api_key: k\n")]
    [InlineData("model: m\n", "model:\n  default: m\n  base_url: https://new.example/v1\n")]
    public void Edit_BaseUrl_ChangesNothingElse(string before, string after) =>
        AssertEdited(before, new ConfigChange { BaseUrl = "https://new.example/v1" }, after);

    [Fact]
    public void Edit_AllThreeInAnEmptyFile_WritesASection() => AssertEdited(
        "", new ConfigChange { Model = "m", Provider = "custom:corp", BaseUrl = "http://localhost:8000/v1" },
        "model:\n  default: m\n  provider: custom:corp\n  base_url: http://localhost:8000/v1\n");

    [Theory]
    [InlineData("yes")]
    [InlineData("No")]
    [InlineData("on")]
    [InlineData("y")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("123")]
    [InlineData("1e3")]
    [InlineData("1:30")]
    [InlineData("0o17")]
    [InlineData("2024-01-02")]
    [InlineData("- item")]
    [InlineData("? key")]
    [InlineData("a: b")]
    [InlineData("a:")]
    [InlineData("a #b")]
    [InlineData("#b")]
    [InlineData("*a")]
    [InlineData("&a")]
    [InlineData("!a")]
    [InlineData("%a")]
    [InlineData("@a")]
    [InlineData("`a")]
    [InlineData("|")]
    [InlineData(">")]
    [InlineData("[a]")]
    [InlineData("{a}")]
    [InlineData("a, b")]
    [InlineData("it's")]
    [InlineData("a \"b\" \\ c")]
    [InlineData("---")]
    [InlineData("...")]
    [InlineData("<<")]
    [InlineData("=")]
    [InlineData("模型😀")]
    [InlineData("qwen3:8b")]
    public void Edit_AnyValue_IsReadAsThatText(string value)
    {
        foreach (var before in (string[])["", "model: a\n", "model: 'a'\n", "model: \"a\"\n", "model: {default: a}\n", "{model: a}\n"])
        {
            var after = ConfigEditor.Edit(before, new ConfigChange { Model = value, Provider = value });

            var now = ProviderChoice.Of(ConfigFile.Parse(after)).Effective;
            Assert.Equal((value, value), (now.Model, now.Provider));
        }
    }

    [Theory]
    [InlineData("model: &m old\nother: *m\n")]
    [InlineData("model: &s {default: old}\nother: *s\n")]
    [InlineData("base: &s {default: old}\nmodel: *s\n")]
    [InlineData("model: [old]\n")]
    [InlineData("model: {default: {x: old}}\n")]
    [InlineData("model: !!set {old}\n")]
    public void Edit_ValueThatCannotChangeAlone_IsRefused(string text) =>
        Assert.Throws<ConfigConflictException>(() => ConfigEditor.Edit(text, new ConfigChange { Model = "new" }));

    [Theory]
    [InlineData("model: m\nprovider: p\n")]
    [InlineData("model: {name: m, provider: p}\n")]
    [InlineData("base: &b {default: m, provider: p}\nmodel: *b\n")]
    public void Edit_ValuesThatStandThere_ChangesNothing(string text) => AssertEdited(text, new ConfigChange { Model = "m", Provider = "p" }, text);

    private static void AssertEdited(string before, ConfigChange change, string after)
    {
        var edited = ConfigEditor.Edit(before, change);

        Assert.Equal(after, edited);
        Assert.Equal(edited, ConfigEditor.Edit(edited, change));
    }
}
