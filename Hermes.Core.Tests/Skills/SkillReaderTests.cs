using Hermes.Core.Skills;

namespace Hermes.Core.Tests.Skills;

public class SkillReaderTests
{
    [Theory]
    [InlineData("", "linux", true)]
    [InlineData("linux", "linux", true)]
    [InlineData("macos", "linux", false)]
    [InlineData("linux,macos", "macos", true)]
    [InlineData(" Darwin ", "macos", true)]
    [InlineData("win32", "windows", true)]
    [InlineData("WINDOWS", "windows", true)]
    [InlineData("amiga", "linux", false)]
    public void IsFor_Platforms_HoldTheCurrentOne(string platforms, string current, bool expected) =>
        Assert.Equal(expected, SkillReader.IsFor(platforms.Split(',', StringSplitOptions.RemoveEmptyEntries), current));
}
