using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;

namespace Hermes.Core.Tests.Sessions.Sqlite;

public sealed class FarPageTests : SqliteStoreTest
{
    /// <summary>1,200 sessions; of every six the last is a child, and every other child is a branch.</summary>
    private const string ManySessions = """
        WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 1199)
        INSERT INTO sessions(id, source, started_at, parent_session_id, model_config)
        SELECT 's' || n, iif(n % 2, 'cli', 'telegram'), n / 3, iif(n % 6 = 5, 's' || (n - 1), NULL), iif(n % 12 = 11, '{"_branched_from": "x"}', '{}')
        FROM number;
        """;

    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData("cli", false)]
    public async Task ListAsync_FarOffset_GoesOnWhereThePagesBeforeEnd(string? source, bool includeChildren)
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.Schema6, ManySessions));
        var query = new SessionQuery { Limit = 100, Source = source, IncludeChildren = includeChildren };
        var byCursor = new List<string>();
        var byOffset = new List<string>();
        SessionPage page;
        do
        {
            page = await store.ListAsync(query);
            byCursor.AddRange(page.Items.Select(session => session.Id));
            byOffset.AddRange((await store.ListAsync(query with { Before = null, Offset = byOffset.Count })).Items.Select(session => session.Id));
            query = query with { Before = page.Next };
        }
        while (page.HasMore);

        Assert.Equal(page.Total, byCursor.Count);
        Assert.Equal(byCursor, byOffset);
    }
}
