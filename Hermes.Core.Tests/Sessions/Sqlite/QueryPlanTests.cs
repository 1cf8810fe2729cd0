using Hermes.Core.Sessions;
using Hermes.Core.Sessions.Sqlite;
using Hermes.Core.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Hermes.Core.Tests.Sessions.Sqlite;

/// <summary>The plans that keep answers fast where there are 100,000 sessions.</summary>
public sealed class QueryPlanTests : SqliteStoreTest
{
    [Fact]
    public async Task Plans_ReadWhatIsAskedForAlone()
    {
        var home = await HomeAsync(StateDatabaseFiles.Schema6);
        using var connection = Connection.Open(home.Home.StateDatabase, SqliteOpenMode.ReadOnly, null);
        connection.RefreshLayout();
        var sql = connection.Sql;

        // What follows looks at the parents of those sessions that have one.
        Assert.StartsWith("SCAN s USING INDEX idx_sessions_started", Plan(sql.List.Page(new SessionQuery())));
        Assert.StartsWith("SCAN s USING INDEX idx_sessions_started", Plan(sql.List.Page(new SessionQuery { Source = "cli", TitleContains = "x" })));
        Assert.StartsWith("SEARCH s USING INDEX idx_sessions_started (started_at<?)", Plan(sql.List.Page(new SessionQuery { Before = "x" })));
        Assert.All(
            [sql.List.Page(new SessionQuery()), sql.List.Page(new SessionQuery { TitleContains = "x" }), sql.Lineage.Next, sql.Lineage.Previous, sql.Lineage.Dependents],
            text => Assert.DoesNotContain("SCAN p", Plan(text).Replace("SCAN s USING INDEX", "", StringComparison.Ordinal)));
        Assert.StartsWith("CO-ROUTINE p\nSCAN s USING COVERING INDEX idx_sessions_started", Plan(sql.List.Page(new SessionQuery { Offset = 5_000 })));
        Assert.Contains("SEARCH s USING INDEX idx_sessions_parent (parent_session_id>?)", Plan(sql.List.Unlisted!));
        Assert.Equal("SEARCH s USING INDEX sqlite_autoindex_sessions_1 (id>?)", Plan(sql.WhichIdComesNext));
        foreach (var text in (string[])[sql.Messages.Page(new MessageQuery()), sql.Messages.Page(new MessageQuery { Audience = MessageAudience.Model }, idsAlone: true), sql.Messages.UserTexts, sql.Messages.Before, sql.Messages.After, sql.Messages.NewestFirst])
        {
            Assert.Equal(
                "SEARCH m USING INTEGER PRIMARY KEY (rowid=?)\nLIST SUBQUERY 1\nSEARCH messages USING COVERING INDEX idx_messages_session (session_id=?)",
                Plan(text));
        }

        Assert.StartsWith("SEARCH s USING INTEGER PRIMARY KEY (rowid=?)", Plan(sql.Session));
        Assert.Contains("SEARCH m USING COVERING INDEX idx_messages_session (session_id=? AND timestamp<?)", Plan(sql.Session));
        Assert.Contains("USING COVERING INDEX", Plan(sql.List.Total(new SessionQuery())));
        var recent = Plan(sql.List.Page(new SessionQuery { Order = SessionOrder.Recent, PinnedFirst = true }));
        Assert.Contains("SEARCH m USING COVERING INDEX idx_messages_session (session_id=? AND timestamp<?)", recent);
        Assert.DoesNotContain("SCAN m", recent);
        Assert.DoesNotContain("SCAN s\n", Plan(sql.List.Total(new SessionQuery())) + '\n');
        Assert.Equal("SEARCH sessions USING COVERING INDEX idx_sessions_title_unique (title>? AND title<?)", Plan(SessionSql.WhichTitlesAreWithin));
        Assert.DoesNotContain("TEMP B-TREE", Plan(sql.WhichWordsMatch));
        Assert.Equal("SEARCH messages USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)", Plan(SessionSql.Contents));
        Assert.StartsWith("SEARCH messages", Plan(SessionSql.NewestMessageBefore));
        Assert.StartsWith("SEARCH m USING INTEGER PRIMARY KEY (rowid=?)\nSEARCH s USING INDEX", Plan(sql.ContentOfCandidate));
        Assert.DoesNotContain("SCAN i", Plan(sql.ContentsAndIndexing));

        string Plan(string text)
        {
            var steps = new List<string?>();
            connection.Query("EXPLAIN QUERY PLAN " + text, row => steps.Add(row.Text(3).AsText()));
            return string.Join('\n', steps);
        }
    }
}
