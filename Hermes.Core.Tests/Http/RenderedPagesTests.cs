using System.Diagnostics;
using Hermes.Core.Http;
using Hermes.Core.Sessions;

namespace Hermes.Core.Tests.Http;

public sealed class RenderedPagesTests
{
    private static readonly SessionQuery Query = new() { Limit = 7 };
    private static readonly SessionStamp Stamp = new(1, 2);

    private readonly RenderedPages _pages = new();

    [Fact]
    public void Find_Kept_IsThePage()
    {
        Add(Query, Stamp, length: 3, content: 9);

        Assert.Equal([9, 9, 9], Find(Query with { }, Stamp));
    }

    [Fact]
    public void Find_AnotherStateOrPage_IsNotKept()
    {
        Add(Query, Stamp);

        Assert.Null(_pages.Find(Query, new SessionStamp(1, 3)));
        Assert.Null(_pages.Find(Query, stamp: null));
        Assert.Null(_pages.Find(Query with { Limit = 8 }, Stamp));
    }

    [Fact]
    public void Add_AnotherState_TakesThePlaceOfTheFirst()
    {
        Add(Query, Stamp, length: 3, content: 1);
        Add(Query, new SessionStamp(1, 3), length: 3, content: 2);

        Assert.Null(_pages.Find(Query, Stamp));
        Assert.Equal([2, 2, 2], Find(Query, new SessionStamp(1, 3)));
    }

    [Fact]
    public void Find_PageWhoseTimeIsOver_IsNotKept()
    {
        Add(Query, Stamp, until: Stopwatch.GetTimestamp());
        Add(Query with { Limit = 8 }, Stamp, until: long.MaxValue);

        Assert.Null(Find(Query, Stamp));
        Assert.NotNull(Find(Query with { Limit = 8 }, Stamp));
    }

    [Fact]
    public void Add_ManyQueriesOfLongTexts_KeepsTheLastAlone()
    {
        for (var number = 0; number < 1_000; number++)
        {
            Add(Query with { TitleContains = new string('x', 8_000) + number }, Stamp, length: 1);
        }

        Assert.Null(Find(Query with { TitleContains = new string('x', 8_000) + 700 }, Stamp));
        Assert.NotNull(Find(Query with { TitleContains = new string('x', 8_000) + 999 }, Stamp));
    }

    [Fact]
    public void Add_WithoutStamp_IsNotKept()
    {
        Add(Query, stamp: null);

        Assert.Null(_pages.Find(Query, default(SessionStamp)));
    }

    [Fact]
    public void Add_MoreThanThereIsRoomFor_KeepsTheLast()
    {
        for (var limit = 1; limit <= 100; limit++)
        {
            Add(Query with { Limit = limit }, Stamp, length: 60_000);
        }

        Assert.Null(_pages.Find(Query with { Limit = 1 }, Stamp));
        Assert.Equal(60_000, Find(Query with { Limit = 100 }, Stamp)?.Length);
    }

    [Fact]
    public void Add_OnePageInManyStates_LeavesTheOthers()
    {
        Add(Query, Stamp);
        for (var state = 0; state < 100; state++)
        {
            Add(Query with { Limit = 1 }, new SessionStamp(1, state), length: 60_000);
        }

        Assert.NotNull(Find(Query, Stamp));
    }

    [Fact]
    public void Add_PageThatIsTooLong_IsNotKept()
    {
        Add(Query, Stamp, length: 70_000);

        Assert.Null(_pages.Find(Query, Stamp));
    }

    private byte[]? Find(SessionQuery query, SessionStamp stamp) => _pages.Find(query, stamp)?.Body.ToArray();

    private void Add(SessionQuery query, SessionStamp? stamp, int length = 100, byte content = 0, long? until = null)
    {
        var body = new byte[length];
        body.AsSpan().Fill(content);
        _pages.Add(query, stamp, new RenderedPage(body, until));
    }
}
