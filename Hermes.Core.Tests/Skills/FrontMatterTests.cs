using Hermes.Core.Skills;
using Hermes.Core.Yaml;

namespace Hermes.Core.Tests.Skills;

public class FrontMatterTests
{
    [Theory]
    [InlineData("---\nname: x\n---\nBody")]
    [InlineData("---\nname: x\n---")]
    [InlineData("\uFEFF---\nname: x\n---\n")]
    [InlineData("--- \t\nname: x\n--- \nBody")]
    [InlineData("--- # a comment\nname: x\n---\n")]
    [InlineData("---\nname: y\nname: x\n---\n")]
    public void Read_ClosedFrontMatter_GivesItsValues(string text)
    {
        var frontMatter = FrontMatter.Read(text);

        Assert.Equal("x", frontMatter.Values!["name"]);
        Assert.Null(frontMatter.Problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# Title\n---\nname: x\n---\n")]
    [InlineData("\n---\nname: x\n---\n")]
    [InlineData("----\nname: x\n---\n")]
    [InlineData("---\n---\nBody")]
    [InlineData("---\n# nothing but a comment\n---\n")]
    public void Read_NoFrontMatter_HasNeitherValuesNorProblem(string text) =>
        Assert.Equal(new FrontMatter(Values: null, Problem: null), FrontMatter.Read(text));

    [Theory]
    [InlineData("---\nname: x\n", "not closed")]
    [InlineData("---", "not closed")]
    [InlineData("---\nname: x\n ---\n", "not closed")]
    [InlineData("---\nname: x\n----\n", "not closed")]
    [InlineData("---\n- a\n---\n", "not a mapping")]
    [InlineData("---\njust text\n---\n", "not a mapping")]
    public void Read_BrokenFrontMatter_SaysWhatIsWrong(string text, string problem)
    {
        var frontMatter = FrontMatter.Read(text);

        Assert.Null(frontMatter.Values);
        Assert.Contains(problem, frontMatter.Problem);
    }

    [Theory]
    [InlineData("---\nname: [a\n---\n", "[a", "line 3")]
    [InlineData("---\nname: x\ndescription: !!python/object:os.system x\n---\n", "x", "line 3")]
    [InlineData("---\nname: x\ndescription: Use when: y\n---\n", "x", "line 3")]
    public void Read_NoYaml_SplitsItsLinesAtTheirFirstColon(string text, string name, string problem)
    {
        var frontMatter = FrontMatter.Read(text);

        Assert.Equal(name, frontMatter.Values!["name"]);
        Assert.Contains($"cannot be read: {problem}", frontMatter.Problem);
    }

    [Theory]
    [InlineData("---\ndescription: one --- two\n---\n", "one --- two")]
    [InlineData("---\ndescription: |\n  one\n  ---\n  two\n---\n", "one\n---\ntwo\n")]
    public void Read_DashesInsideAValue_DoNotCloseIt(string text, string description) =>
        Assert.Equal(description, FrontMatter.Read(text).Values!["description"]);

    [Fact]
    public void Read_BrokenFrontMatter_QuotesNothingOfIt() =>
        Assert.DoesNotContain("s3cret", FrontMatter.Read("---\ntoken: \"s3cret\n---\n").Problem);

    // The right side is what str() of PyYAML's safe_load gives.
    [Theory]
    [InlineData("text", "text")]
    [InlineData("yes", "True")]
    [InlineData("off", "False")]
    [InlineData("12345", "12345")]
    [InlineData("010", "8")]
    [InlineData("1:30", "90")]
    [InlineData("100000000000000000000", "100000000000000000000")]
    [InlineData("3.5", "3.5")]
    [InlineData("2.0", "2.0")]
    [InlineData("-0.0", "-0.0")]
    [InlineData("1e3", "1e3")]
    [InlineData("1.0e+3", "1000.0")]
    [InlineData("1.0e+15", "1000000000000000.0")]
    [InlineData("1.5e+20", "1.5e+20")]
    [InlineData("1.0e-7", "1e-07")]
    [InlineData("0.0001", "0.0001")]
    [InlineData(".inf", "inf")]
    [InlineData("-.inf", "-inf")]
    [InlineData(".nan", "nan")]
    [InlineData("2024-01-02", "2024-01-02")]
    [InlineData("2024-01-02 03:04:05", "2024-01-02 03:04:05")]
    [InlineData("2024-01-02T03:04:05Z", "2024-01-02 03:04:05+00:00")]
    [InlineData("2024-01-02 03:04:05.5 -5:30", "2024-01-02 03:04:05.500000-05:30")]
    [InlineData("!!binary aGk=", "aGk=")]
    [InlineData("~", null)]
    [InlineData("[a]", null)]
    [InlineData("{a: b}", null)]
    public void AsScalar_Value_IsSpelledAsPythonDoes(string yaml, string? expected) =>
        Assert.Equal(expected, FrontMatter.AsScalar(YamlLoader.Load(yaml)));

    [Theory]
    [InlineData("~", "")]
    [InlineData("Ada", "Ada")]
    [InlineData("{name: Ada, url: https://x}", "Ada")]
    [InlineData("{url: https://x}", "")]
    [InlineData("[Ada, {name: Bob}, ~, [x], 7]", "Ada, Bob, 7")]
    public void AsText_Value_IsOneText(string yaml, string expected) =>
        Assert.Equal(expected, FrontMatter.AsText(YamlLoader.Load(yaml)));

    [Theory]
    [InlineData("~", new string[0])]
    [InlineData("yaml, ops", new[] { "yaml", "ops" })]
    [InlineData("' one two ,, '", new[] { "one two" })]
    [InlineData("[a, 'b, c', 1, true, 2.0, ~, '', [x], {y: z}]", new[] { "a", "b, c", "1", "True", "2.0" })]
    [InlineData("7", new[] { "7" })]
    [InlineData("{a: b}", new string[0])]
    [InlineData("!!set {a, b}", new[] { "a", "b" })]
    public void AsList_Value_IsAListOfTexts(string yaml, string[] expected) =>
        Assert.Equal(expected, FrontMatter.AsList(YamlLoader.Load(yaml)));
}
