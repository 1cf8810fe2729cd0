using Hermes.Core.Skills;

namespace Hermes.Core.Tests.Skills;

public class SkillPlatformTests
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
    public void Includes_Platforms_HoldTheCurrentOne(string platforms, string current, bool expected) =>
        Assert.Equal(expected, SkillPlatform.Includes(platforms.Split(',', StringSplitOptions.RemoveEmptyEntries), current));
}
