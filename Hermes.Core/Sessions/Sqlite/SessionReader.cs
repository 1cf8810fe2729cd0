using System.Diagnostics;
using System.Text;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The queries, on a connection within a transaction.</summary>
internal static class SessionReader
{
    /// <summary>What is done with each session of a query.</summary>
    public delegate void OnSession(scoped SessionRow session);

    /// <summary>What is done with each message of a query.</summary>
    public delegate void OnMessage(scoped MessageRow message);

    /// <summary>Reads the page that a query asks for.</summary>
    /// <returns>The cursor that continues after it; null where nothing follows.</returns>
    public static string? ReadPage(Connection connection, SessionQuery query, OnSession onSession)
    {
        using var page = connection.Use(connection.Sql.Page(query));
        page.Bind(1, query.ClampedLimit + 1L).Bind(2, query.ClampedOffset);
        BindFilter(page, query);
        if (query.Before is not null)
        {
            PageCursor.Parse(query.Before).Bind(page, timeParameter: 5, rowParameter: 6);
        }

        string? cursor = null;
        for (var count = 1; page.Step(); count++)
        {
            if (count > query.ClampedLimit)
            {
                return cursor;
            }

            if (count == query.ClampedLimit)
            {
                cursor = PageCursor.Format(page);
            }

            ReadSession(connection, page.Int64(0), onSession);
        }

        return null;
    }

    /// <summary>How many sessions all pages of a query have.</summary>
    /// <returns>
    /// The number, and the time, by <see cref="Stopwatch"/>, up to which it is good even if nothing is committed meanwhile; null where it was counted in the state that is being read.
    /// </returns>
    public static (long Total, long? GoodUntil) CountSessions(Connection connection, SessionQuery query)
    {
        var sql = connection.Sql.Total(query);
        var dataVersion = connection.ReadDataVersion();
        var last = connection.LastTotal is { } counted && counted.Answers(sql, query) ? counted : null;

        if (last is not null && last.IsCurrent(dataVersion))
        {
            return (last.Total, null);
        }

        var sessions = CountAllSessions(connection);
        if (last is not null && last.IsGoodEnough(sessions))
        {
            return (last.Total, last.GoodUntil);
        }

        using var statement = connection.Use(sql);
        BindFilter(statement, query);
        var began = Stopwatch.GetTimestamp();
        statement.Step();
        connection.LastTotal = new CountedTotal(sql, query, dataVersion, sessions, began) { Total = statement.Int64(0) };
        return (connection.LastTotal.Total, null);
    }

    /// <summary>The row of the session with exactly this id.</summary>
    public static long? FindExact(Connection connection, string id)
    {
        // As UTF-8 half of a surrogate pair is U+FFFD, which another session's id may have.
        if (!Utf16.IsWellFormed(id))
        {
            return null;
        }

        using var statement = connection.Use(SessionSql.WhichRowHasId);
        statement.Bind(1, id);
        return statement.Step() ? statement.Int64(0) : null;
    }

    /// <summary>The session with exactly this id, else the only one whose id starts so.</summary>
    public static SessionKey? Find(Connection connection, string idOrPrefix)
    {
        if (idOrPrefix.Length == 0 || !Utf16.IsWellFormed(idOrPrefix))
        {
            return null;
        }

        var utf8 = Encoding.UTF8.GetBytes(idOrPrefix);
        return FindExact(connection, idOrPrefix) is { } row ? new SessionKey(row, utf8) : IdPrefix.FindOnly(connection, utf8);
    }

    public static void ReadSession(Connection connection, long row, OnSession onSession)
    {
        using var session = connection.Use(connection.Sql.Session);
        session.Bind(1, row);
        if (session.Step())
        {
            Span<byte> preview = stackalloc byte[StoredContent.MaxPreviewBytes];
            var length = ReadPreview(connection, session.Utf8(0), preview);
            onSession(new SessionRow(session, preview[..length]));
        }
    }

    public static Session GetSession(Connection connection, long row)
    {
        Session? result = null;
        ReadSession(connection, row, session => result = session.ToSession());
        return connection.Sql.SystemPrompt is { } sql && ReadText(connection, sql, row) is { } prompt
            ? result! with { SystemPrompt = prompt, HasApiSystemPrompt = OwnPrompt.Is(connection, row, prompt) }
            : result!;
    }

    /// <summary>Which messages a query asks for, in their order.</summary>
    public static long[] ReadMessageIds(Connection connection, byte[] sessionId, MessageQuery query)
    {
        using var messages = connection.Use(connection.Sql.MessageIds(query));
        messages.Bind(1, sessionId).Bind(2, query.Limit is { } limit ? Math.Max(limit, 1) : -1L).Bind(3, Math.Max(query.Offset, 0));
        var ids = new List<long>();
        while (messages.Step())
        {
            ids.Add(messages.Int64(0));
        }

        return [.. ids];
    }

    /// <returns>False where there is no message of this id.</returns>
    public static bool ReadMessage(Connection connection, long id, OnMessage onMessage)
    {
        using var message = connection.Use(connection.Sql.Message);
        if (!message.Bind(1, id).Step())
        {
            return false;
        }

        onMessage(new MessageRow(message, connection.Sql.PresentMessageFields));
        return true;
    }

    public static long CountMessages(Connection connection, byte[] sessionId)
    {
        using var statement = connection.Use(connection.Sql.HowManyMessages);
        statement.Bind(1, sessionId).Step();
        return statement.Int64(0);
    }

    private static string? ReadText(Connection connection, string sql, long row)
    {
        using var statement = connection.Use(sql);
        return statement.Bind(1, row).Step() ? statement.Text(0).AsText() : null;
    }

    private static (long Count, long Newest) CountAllSessions(Connection connection)
    {
        using var statement = connection.Use(SessionSql.HowManySessions);
        statement.Step();
        return (statement.Int64(0), statement.Int64(1));
    }

    private static int ReadPreview(Connection connection, ReadOnlySpan<byte> sessionId, Span<byte> preview)
    {
        using var texts = connection.Use(connection.Sql.UserTexts);
        texts.Bind(1, sessionId);
        var length = 0;
        while (length == 0 && texts.Step())
        {
            length = StoredContent.WritePreview(texts.Utf8(0), preview);
        }

        return length;
    }

    private static void BindFilter(Statement statement, SessionQuery query)
    {
        if (query.Source is not null)
        {
            statement.Bind(3, query.Source);
        }

        if (SessionSql.HasTitleFilter(query))
        {
            statement.Bind(4, query.TitleContains);
        }
    }
}
