using Hermes.Core.Http.Caching;
using Hermes.Core.Sessions;

namespace Hermes.Core.Tests.Http.Caching;

public sealed class PageCacheTests
{
    private static readonly SessionQuery Query = new() { Limit = 7 };
    private static readonly VersionToken Stamp = new(1, 2);

    private readonly PageCache _pages = new();

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

        Assert.Null(_pages.Find(Query, new VersionToken(1, 3)));
        Assert.Null(_pages.Find(Query, version: null));
        Assert.Null(_pages.Find(Query with { Limit = 8 }, Stamp));
    }

    [Fact]
    public void Add_AnotherState_TakesThePlaceOfTheFirst()
    {
        Add(Query, Stamp, length: 3, content: 1);
        Add(Query, new VersionToken(1, 3), length: 3, content: 2);

        Assert.Null(_pages.Find(Query, Stamp));
        Assert.Equal([2, 2, 2], Find(Query, new VersionToken(1, 3)));
    }

    [Fact]
    public void Add_ManyQueriesOfLongTexts_KeepsTheLastAlone()
    {
        for (var number = 0; number < 1_000; number++)
            Add(Query with { TitleContains = new string('x', 8_000) + number }, Stamp, length: 1);

        Assert.Null(Find(Query with { TitleContains = new string('x', 8_000) + 700 }, Stamp));
        Assert.NotNull(Find(Query with { TitleContains = new string('x', 8_000) + 999 }, Stamp));
    }

    [Fact]
    public void Add_WithoutVersion_IsNotKept()
    {
        Add(Query, version: null);

        Assert.Null(_pages.Find(Query, default(VersionToken)));
    }

    [Fact]
    public void Add_MoreThanThereIsRoomFor_KeepsTheLast()
    {
        for (var limit = 1; limit <= 8; limit++)
            Add(Query with { Limit = limit }, Stamp, length: 900_000);

        Assert.Null(_pages.Find(Query with { Limit = 1 }, Stamp));
        Assert.Equal(900_000, Find(Query with { Limit = 8 }, Stamp)?.Length);
    }

    [Fact]
    public void Add_OnePageInManyStates_LeavesTheOthers()
    {
        Add(Query, Stamp);
        for (var state = 0; state < 100; state++)
            Add(Query with { Limit = 1 }, new VersionToken(1, state), length: 500_000);

        Assert.NotNull(Find(Query, Stamp));
    }

    [Fact]
    public void Add_PageThatIsTooLong_IsNotKept()
    {
        Add(Query, Stamp, length: 1_500_000);

        Assert.Null(_pages.Find(Query, Stamp));
    }

    [Fact]
    public async Task Find_WhilePagesComeAndGo_NeverShowsAnother()
    {
        var clients = Enumerable.Range(0, 4).Select(client => Task.Run(() =>
        {
            for (var turn = 0; turn < 2_000; turn++)
            {
                var content = (byte)((turn * 7 + client) % 60);
                var query = Query with { Limit = content + 1 };
                var page = _pages.Find(query, Stamp) ?? [Render(length: 250_000, content)];
                _pages.Add(query, Stamp, page);
                Assert.Equal(-1, page.Single().Span.IndexOfAnyExcept(content));
            }
        }));

        await Task.WhenAll(clients);
    }

    private byte[]? Find(SessionQuery query, VersionToken version) => _pages.Find(query, version)?.Single().ToArray();

    private void Add(SessionQuery query, VersionToken? version, int length = 100, byte content = 0) =>
        _pages.Add(query, version, [Render(length, content)]);

    private static byte[] Render(int length, byte content)
    {
        var page = new byte[length];
        page.AsSpan().Fill(content);
        return page;
    }
}
