using Hermes.Core.Sessions;

namespace Hermes.Core.Tests.Sessions;

public class SessionIdTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("  padded-id \n", "padded-id")]
    [InlineData("with/slash", "with/slash")]
    [InlineData("...", "...")]
    [InlineData("../up", "../up")]
    [InlineData("100%", "100%")]
    [InlineData("%25", "%25")]
    [InlineData("z\u200bw", "z\u200bw")]
    [InlineData("\U0001f600", "\U0001f600")]
    public void Clean_UsableId_IsTrimmed(string id, string cleaned) => Assert.Equal(cleaned, SessionId.Clean(id));

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" \n ", "empty")]
    [InlineData("nu\0l", "control")]
    [InlineData("a\r\nX-Evil: 1", "control")]
    [InlineData("del\u007f", "control")]
    [InlineData("c1\u0081x", "control")]
    [InlineData(".", "no path can name")]
    [InlineData(" .. ", "no path can name")]
    [InlineData("a%2Fb", "no path can name")]
    [InlineData("%2f", "no path can name")]
    public void Clean_UnusableId_SaysWhy(string id, string reason)
    {
        var error = Assert.Throws<SessionValidationException>(() => SessionId.Clean(id));

        Assert.StartsWith("Invalid id: ", error.Message);
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void Clean_HalfASurrogatePair_IsRefused() =>
        Assert.Throws<SessionValidationException>(() => SessionId.Clean("half\ud83d"));

    [Fact]
    public void Clean_Length_CountsCodePoints()
    {
        var longest = string.Concat(Enumerable.Repeat("\U0001f600", 256));

        Assert.Equal(longest, SessionId.Clean(longest));
        Assert.Throws<SessionValidationException>(() => SessionId.Clean(longest + "x"));
    }
}
