using Hermes.Core.Configuration;

namespace Hermes.Core.Tests.Configuration;

public class HomeVariablesTests
{
    [Theory]
    [InlineData("KEY=value", "value")]
    [InlineData("export KEY=value", "value")]
    [InlineData("  KEY = value  ", "value")]
    [InlineData("'KEY'=value", "value")]
    [InlineData("KEY=a#b", "a#b")]
    [InlineData("KEY=value # comment", "value")]
    [InlineData("KEY= # value", "# value")]
    [InlineData("KEY='single # not a comment' # comment", "single # not a comment")]
    [InlineData("KEY='it\\'s'", "it's")]
    [InlineData("KEY='back\\slash'", "back\\slash")]
    [InlineData("KEY=\"double \\\"quoted\\\"\\tx\"", "double \"quoted\"\tx")]
    [InlineData("KEY=\"two\nlines\"\nOTHER=x", "two\nlines")]
    [InlineData("KEY='two\r\nlines'", "two\r\nlines")]
    [InlineData("KEY=", "")]
    [InlineData("KEY=''", "")]
    [InlineData("KEY=a=b", "a=b")]
    [InlineData("KEY=a b\tc", "a b\tc")]
    [InlineData("KEY=first\nKEY=last", "last")]
    [InlineData("\uFEFFKEY=value\r\nOTHER=x", "value")]
    [InlineData("no assignment\nKEY=value", "value")]
    [InlineData("X=\"closed\" more\nKEY=value", "value")]
    [InlineData("A=1\nKEY=${A}-${B}-${C:-c}${D}", "1-of the environment-c")]
    [InlineData("KEY='${A:-kept}'", "kept")]
    [InlineData("KEY=$A", "$A")]
    [InlineData("KEY=value\u200B", "value\u200B")]
    public void Parse_Assignment_GivesItsValue(string text, string value) => Assert.Equal(value, Parse(text)["KEY"]);

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("# KEY=value")]
    [InlineData("no assignment")]
    [InlineData("=value")]
    [InlineData("KEY=\"unclosed")]
    [InlineData("KEY='closed' and more")]
    [InlineData("export")]
    public void Parse_NoAssignment_IsSkipped(string text) => Assert.Empty(Parse(text));

    private static Dictionary<string, string> Parse(string text) => HomeVariables.Parse(text, name => name == "B" ? "of the environment" : null);
}
