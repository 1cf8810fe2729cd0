using Hermes.Core.Chat;

namespace Hermes.Core.Tests.Chat;

public class AnswerLimitTests
{
    [Fact]
    public void Take_ExactlyAsMuchAsFits_IsWithinTheLimit()
    {
        var limit = new AnswerLimit(5, 1000);

        Assert.Equal("abc", limit.Take("abc"));
        Assert.Equal("de", limit.Take("de"));
        Assert.False(limit.IsReached);

        Assert.Equal("", limit.Take("f"));
        Assert.True(limit.IsReached);
    }

    [Fact]
    public void Take_PairAtTheLimit_IsNotCutInTwo()
    {
        var limit = new AnswerLimit(3, 1000);

        Assert.Equal("ab", limit.Take("ab\U0001F600"));
        Assert.True(limit.IsReached);
    }

    [Fact]
    public void Take_BytesRunOut_CutsToo()
    {
        var limit = new AnswerLimit(1000, 10);

        Assert.Equal("abcde", limit.Take("abcdefg"));
    }

    [Fact]
    public void TakeWhole_TooLong_ReachesTheLimit()
    {
        var limit = new AnswerLimit(5, 1000);

        Assert.True(limit.TakeWhole("{}"));
        Assert.False(limit.TakeWhole("{\"a\":1}"));
        Assert.True(limit.IsReached);
        Assert.False(limit.TakeWhole(""));
    }

    [Fact]
    public void CountUpdate_UpdatesThatSayNothing_ComeToAnEnd()
    {
        var limit = new AnswerLimit(1000, 128 * 10);
        for (var i = 0; i < 10; i++)
            limit.CountUpdate(0);

        Assert.False(limit.IsReached);
        limit.CountUpdate(0);
        Assert.True(limit.IsReached);
    }
}
