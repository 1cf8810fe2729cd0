using System.Buffers;
using Hermes.Core.Http;
using Hermes.Core.Sessions;

namespace Hermes.Core.Tests.Http;

public sealed class RenderedPagesTests
{
    private static readonly SessionQuery Query = new() { Limit = 7 };
    private static readonly SessionStamp Stamp = new(1, 2);

    private readonly RenderedPages _pages = new();

    [Fact]
    public void Find_RenderedOnce_IsNotKept()
    {
        _pages.Add(Query, Stamp, Page(100));

        Assert.Null(_pages.Find(Query, Stamp));
    }

    [Fact]
    public void Find_RenderedTwice_IsACopy()
    {
        var bytes = new byte[] { 1, 2, 3 };
        _pages.Add(Query, Stamp, new(bytes));
        _pages.Add(Query, Stamp, new(bytes));
        bytes.AsSpan().Clear();

        Assert.Equal([1, 2, 3], _pages.Find(Query with { }, Stamp)?.ToArray());
    }

    [Fact]
    public void Find_AnotherStateOrPage_IsNotKept()
    {
        _pages.Add(Query, Stamp, Page(100));
        _pages.Add(Query, Stamp, Page(100));

        Assert.Null(_pages.Find(Query, new SessionStamp(1, 3)));
        Assert.Null(_pages.Find(Query, stamp: null));
        Assert.Null(_pages.Find(Query with { Limit = 8 }, Stamp));
    }

    [Fact]
    public void Find_RenderedOnceOfEachState_IsNotKept()
    {
        _pages.Add(Query, Stamp, Page(100));
        _pages.Add(Query, new SessionStamp(1, 3), Page(100));

        Assert.Null(_pages.Find(Query, new SessionStamp(1, 3)));
    }

    [Fact]
    public void Add_MoreThanThereIsRoomFor_KeepsTheLast()
    {
        for (var limit = 1; limit <= 6; limit++)
        {
            _pages.Add(Query with { Limit = limit }, Stamp, Page(2_000_000));
            _pages.Add(Query with { Limit = limit }, Stamp, Page(2_000_000));
        }

        Assert.Null(_pages.Find(Query with { Limit = 1 }, Stamp));
        Assert.Equal(2_000_000, _pages.Find(Query with { Limit = 6 }, Stamp)?.Length);
    }

    [Fact]
    public void Add_PageThatIsTooLong_IsNotKept()
    {
        _pages.Add(Query, Stamp, Page(3_000_000));
        _pages.Add(Query, Stamp, Page(3_000_000));

        Assert.Null(_pages.Find(Query, Stamp));
    }

    private static ReadOnlySequence<byte> Page(int length) => new(new byte[length]);
}
