using Hermes.Core.Skills;

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
}
