using Hermes.Core.Sessions;

namespace Hermes.Core.Tests.Sessions;

public class SessionTitleTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData(" \t\r\n ", null)]
    [InlineData("\u200b\u200b", null)]
    [InlineData("Plain", "Plain")]
    [InlineData("  Hello \n\n  W\u202eorld\0 ", "Hello World")]
    [InlineData(
        " a\0b\u0007c\td\ne\r\nf\u000b\fg\u001fh\u007fi\u0080\u0085j  k\u00a0\u2003l\u3000m ",
        "abc d e fghi\u0080 j k l m")]
    [InlineData(
        "a\u200bb\u200cc\u200dd\u200ee\u200ff\u2028g\u2029h\u202ai\u202ej\u2060k\u2066l\u2069m\ufeffn\ufffco\ufff9p\ufffbq\u00adr\u061cs\u180et",
        "abcdefghijklmnopq\u00adr\u061cs\u180et")]
    [InlineData("\U0001f468\u200d\U0001f469\u200d\U0001f467 fam", "\U0001f468\U0001f469\U0001f467 fam")]
    [InlineData("a \u200b b", "a b")]
    public void Clean_Title_RemovesWhatCannotBeSeen(string? title, string? cleaned) =>
        Assert.Equal(cleaned, SessionTitle.Clean(title));

    [Theory]
    [InlineData("x")]
    [InlineData("\U0001f600")]
    public void Clean_HundredCodePoints_Fit(string character)
    {
        var title = string.Concat(Enumerable.Repeat(character, 100));

        Assert.Equal(title, SessionTitle.Clean("  " + title + "\u200b\n"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("\U0001f600")]
    public void Clean_MoreThanHundredCodePoints_SaysHowMany(string character)
    {
        var title = string.Concat(Enumerable.Repeat(character, 101));

        var error = Assert.Throws<SessionValidationException>(() => SessionTitle.Clean(title));

        Assert.Equal("Title too long (101 chars, max 100)", error.Message);
    }

    [Fact]
    public void Clean_HalfASurrogatePair_IsRefused() =>
        Assert.Throws<SessionValidationException>(() => SessionTitle.Clean("a\udc00"));
}
