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

        Assert.Equal("SCAN s USING INDEX idx_sessions_started", Plan(sql.Page(new SessionQuery())));
        Assert.Equal("SCAN s USING INDEX idx_sessions_started", Plan(sql.Page(new SessionQuery { Source = "cli", TitleContains = "x" })));
        Assert.Equal("SEARCH s USING INDEX idx_sessions_started (started_at<?)", Plan(sql.Page(new SessionQuery { Before = "x" })));
        Assert.StartsWith("SCAN s USING COVERING INDEX idx_sessions_started", Plan(sql.Page(new SessionQuery { Offset = 5_000 })));
        Assert.Contains("SEARCH s USING INDEX idx_sessions_parent (parent_session_id>?)", Plan(sql.Page(new SessionQuery { Offset = 5_000 })));
        Assert.Equal("SEARCH sessions USING COVERING INDEX sqlite_autoindex_sessions_1 (id>?)", Plan(SessionSql.WhichIdComesNext));
        Assert.Equal("SEARCH m USING COVERING INDEX idx_messages_session (session_id=?)", Plan(sql.MessageIdsOldestFirst));
        Assert.Equal("SEARCH m USING INDEX idx_messages_session (session_id=?)", Plan(sql.UserTexts));
        Assert.StartsWith("SEARCH s USING INTEGER PRIMARY KEY (rowid=?)", Plan(sql.Session));
        Assert.Contains("SEARCH m USING COVERING INDEX idx_messages_session (session_id=? AND timestamp<?)", Plan(sql.Session));
        Assert.Contains("SEARCH sessions USING COVERING INDEX idx_sessions_parent (parent_session_id>?)", Plan(sql.Total(new SessionQuery())));
        Assert.DoesNotContain("SCAN s\n", Plan(sql.Total(new SessionQuery())) + '\n');
        Assert.DoesNotContain("SCAN sessions", Plan(sql.Descendants));
        Assert.Equal("SEARCH sessions USING COVERING INDEX idx_sessions_title_unique (title>? AND title<?)", Plan(SessionSql.WhichTitlesAreWithin));
        Assert.DoesNotContain("TEMP B-TREE", Plan(sql.WhichWordsMatch));
        Assert.Equal("SCAN messages", Plan(SessionSql.AllContents));
        Assert.StartsWith("SEARCH m USING INTEGER PRIMARY KEY (rowid=?)\nSEARCH s USING INDEX", Plan(sql.ContentOfCandidate));
        Assert.StartsWith("SEARCH m USING INDEX idx_messages_session (session_id=? AND timestamp<?)", Plan(sql.MessageBefore));
        Assert.StartsWith("SEARCH m USING INDEX idx_messages_session (session_id=? AND timestamp>?)", Plan(sql.MessageAfter));
        Assert.DoesNotContain("SCAN i", Plan(sql.MessagesForBlindSpots));

        string Plan(string text)
        {
            var steps = new List<string?>();
            connection.Query("EXPLAIN QUERY PLAN " + text, row => steps.Add(row.Text(3).AsText()));
            return string.Join('\n', steps);
        }
    }
}
