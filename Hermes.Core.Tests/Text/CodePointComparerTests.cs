using Hermes.Core.Text;

namespace Hermes.Core.Tests.Text;

public class CodePointComparerTests
{
    [Theory]
    [InlineData("a", "b")]
    [InlineData("a", "aa")]
    [InlineData("Z", "a")]
    [InlineData("a-b/x", "a/x")]
    [InlineData("a/SKILL.md", "a/b/SKILL.md")]
    [InlineData("\uE000", "😀")]
    [InlineData("\uFFFD", "😀")]
    [InlineData("😀", "😁")]
    [InlineData("\uD7FF", "😀")]
    public void Compare_Texts_OrdersByCodePoint(string first, string second)
    {
        Assert.True(CodePointComparer.Instance.Compare(first, second) < 0);
        Assert.True(CodePointComparer.Instance.Compare(second, first) > 0);
        Assert.Equal(0, CodePointComparer.Instance.Compare(first, first));
    }
}
