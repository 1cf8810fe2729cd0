using Hermes.Host.Chat;

namespace Hermes.Core.Tests.Chat.Provider;

public class DotEnvTests
{
    [Theory]
    [InlineData("KEY=value", "value")]
    [InlineData("export KEY=value", "value")]
    [InlineData("  KEY = value  ", "value")]
    [InlineData("KEY=a#b", "a#b")]
    [InlineData("KEY=value # comment", "value")]
    [InlineData("KEY='single # not a comment' # comment", "single # not a comment")]
    [InlineData("KEY='back\\slash'", "back\\slash")]
    [InlineData("KEY=\"double \\\"quoted\\\"\\tx\"", "double \"quoted\"\tx")]
    [InlineData("KEY=", "")]
    [InlineData("KEY=a=b", "a=b")]
    [InlineData("KEY=first\nKEY=last", "last")]
    [InlineData("\uFEFFKEY=value\r\nOTHER=x", "value")]
    [InlineData("KEY=\"unclosed", "\"unclosed")]
    public void Parse_Assignment_GivesItsValue(string text, string value) => Assert.Equal(value, DotEnv.Parse(text)["KEY"]);

    [Theory]
    [InlineData("")]
    [InlineData("# KEY=value")]
    [InlineData("no assignment")]
    [InlineData("=value")]
    public void Parse_NoAssignment_IsSkipped(string text) => Assert.Empty(DotEnv.Parse(text));
}
