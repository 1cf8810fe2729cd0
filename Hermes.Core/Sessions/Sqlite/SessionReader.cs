using System.Diagnostics;
using System.Text;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The queries, on a connection within a transaction.</summary>
internal static class SessionReader
{
    private static readonly DateOnly Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch);

    /// <summary>What is done with each session of a query.</summary>
    public delegate void OnSession(scoped SessionRow session);

    /// <summary>What is done with each message of a query.</summary>
    public delegate void OnMessage(scoped MessageRow message);

    /// <summary>Reads the page that a query asks for.</summary>
    /// <returns>The cursor that continues after it; null where nothing follows.</returns>
    public static string? ReadPage(Connection connection, SessionQuery query, OnSession onSession)
    {
        using var page = connection.Use(connection.Sql.List.Page(query));
        page.Bind(1, query.ClampedLimit + 1L).Bind(2, query.ClampedOffset);
        BindFilter(page, query);
        if (query.Before is not null)
        {
            var isSorted = query.PinnedFirst || query.Order != SessionOrder.Created;
            PageCursor.Parse(query).Bind(page, timeParameter: 5, rowParameter: 6, pinnedParameter: isSorted ? 8 : null);
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
                cursor = PageCursor.Format(page, query);
            }

            if (query.IncludeChildren)
            {
                ReadAlone(connection, page.Int64(0), onSession);
            }
            else
            {
                ReadSession(connection, page.Int64(0), onSession);
            }
        }

        return null;
    }

    /// <summary>How many sessions all pages of a query have.</summary>
    /// <returns>
    /// The number, and the time, by <see cref="Stopwatch"/>, up to which it is good even if nothing is committed meanwhile; null where it was counted in the state that is being read.
    /// </returns>
    public static (long Total, long? GoodUntil) CountSessions(Connection connection, SessionQuery query)
    {
        var sql = connection.Sql.List.Total(query);
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

    /// <summary>The session with exactly this id.</summary>
    public static SessionKey? FindExact(Connection connection, string id)
    {
        // As UTF-8 half of a surrogate pair is U+FFFD, which another session's id may have.
        if (!Utf16.IsWellFormed(id))
        {
            return null;
        }

        using var statement = connection.Use(connection.Sql.WhichRowHasId);
        statement.Bind(1, id);
        return statement.Step() ? new SessionKey(statement.Int64(0), Encoding.UTF8.GetBytes(id), statement.Int64(1) != 0) : null;
    }

    /// <summary>The conversation that has the session with exactly this id.</summary>
    public static Conversation? FindConversation(Connection connection, string id) =>
        FindExact(connection, id) is { } session ? Conversation.Of(connection, session) : null;

    /// <summary>The conversation that has the session with exactly this id, else the only one that has sessions whose ids start so.</summary>
    public static Conversation? Find(Connection connection, string idOrPrefix)
    {
        if (idOrPrefix.Length == 0 || !Utf16.IsWellFormed(idOrPrefix))
        {
            return null;
        }

        return FindConversation(connection, idOrPrefix) ?? IdPrefix.FindOnly(connection, Encoding.UTF8.GetBytes(idOrPrefix));
    }

    /// <summary>Reads the conversation that a session belongs to.</summary>
    public static void ReadSession(Connection connection, long row, OnSession onSession)
    {
        SessionKey part;
        using (var session = connection.Use(connection.Sql.Session))
        {
            session.Bind(1, row);
            if (!session.Step())
            {
                return;
            }

            if (session.Int64(SessionRow.MayBePart) == 0)
            {
                Give(connection, session, session.Utf8(0), default, onSession);
                return;
            }

            part = new SessionKey(row, session.Utf8(0).ToArray(), MayBePart: true);
        }

        ReadConversation(connection, Conversation.Of(connection, part), onSession);
    }

    public static void ReadConversation(Connection connection, Conversation conversation, OnSession onSession)
    {
        if (!conversation.IsContinued)
        {
            ReadAlone(connection, conversation.First.Row, onSession);
            return;
        }

        using var merged = connection.Use(connection.Sql.Conversation);
        merged.Bind(1, conversation.First.Row).Bind(2, conversation.Last.Row).Bind(3, conversation.Rows).Step();
        Span<byte> preview = stackalloc byte[StoredContent.MaxPreviewBytes];
        var length = 0;
        for (var i = 0; length == 0 && i < conversation.Sessions.Count; i++)
        {
            length = ReadPreview(connection, conversation.Sessions[i].Id, preview);
        }

        onSession(new SessionRow(merged, preview[..length], new SessionLineage(conversation.First.Id, conversation.Last.Id)));
    }

    public static Session GetConversation(Connection connection, Conversation conversation)
    {
        Session? result = null;
        ReadConversation(connection, conversation, session => result = session.ToSession());
        var config = ModelConfig.Read(connection, conversation.Last.Row);
        result = result! with { ChosenModel = FindChosenModel(connection, conversation, config), LastTurn = LastTurn.Find(connection, conversation.Last, config) };

        // What compaction began has no prompt, or the agent's: what was given through this API before holds on.
        return conversation.Sessions.Reverse().Select(session => FindOwnPrompt(connection, session)).FirstOrDefault(own => own is not null) is { } prompt
            ? result with { SystemPrompt = prompt, HasApiSystemPrompt = true }
            : result with { SystemPrompt = ReadText(connection, connection.Sql.SystemPrompt, conversation.Last.Row) };
    }

    /// <summary>What the sessions used that began at a time or since.</summary>
    public static UsageReport ReadUsage(Connection connection, DateTimeOffset since)
    {
        const int Day = 0, Model = 1, First = 2;
        using var usage = connection.Use(connection.Sql.Usage);
        usage.Bind(1, UnixTime.ToSeconds(since));
        var parts = new List<(DateOnly Day, string? Model, UsageFigures Used)>();
        while (usage.Step())
        {
            parts.Add((Epoch.AddDays((int)usage.Int64(Day)), usage.Text(Model).AsText(), new UsageFigures
            {
                InputTokens = usage.Int64(First),
                OutputTokens = usage.Int64(First + 1),
                CacheReadTokens = usage.Int64(First + 2),
                ReasoningTokens = usage.Int64(First + 3),
                EstimatedCost = Finite(usage.Double(First + 4)),
                ActualCost = Finite(usage.Double(First + 5)),
                ApiCalls = usage.Int64(First + 6),
                Sessions = usage.Int64(First + 7),
            }));
        }

        return UsageReport.Of(parts);
    }

    // JSON has no word for what is no number.
    private static double Finite(double cost) => double.IsFinite(cost) ? cost : 0;

    // The agent may have gone on in another session since the model was chosen.
    private static string? FindChosenModel(Connection connection, Conversation conversation, byte[] configOfLast)
    {
        for (var i = conversation.Sessions.Count - 1; i >= 0; i--)
        {
            var session = conversation.Sessions[i];
            var config = session.Row == conversation.Last.Row ? configOfLast : ModelConfig.Read(connection, session.Row);
            if (ModelConfig.Find(config, ModelConfig.ModelMark) is { } model)
            {
                return model.Length > 0 ? model : null;
            }
        }

        return null;
    }

    /// <summary>The prompt of a session that was given through this API; null where it has none, or the agent's.</summary>
    public static string? FindOwnPrompt(Connection connection, SessionKey session) =>
        ReadText(connection, connection.Sql.SystemPrompt, session.Row) is { } prompt && OwnPrompt.Is(connection, session.Row, prompt) ? prompt : null;

    /// <summary>Which messages a query asks for, in their order.</summary>
    public static long[] ReadMessageIds(Connection connection, Conversation conversation, MessageQuery query)
    {
        using var messages = query.Audience == MessageAudience.Model
            ? Use(connection, new Conversation([conversation.Last]), sql => sql.Page(query))
            : Use(connection, conversation, sql => sql.Page(query));
        messages.Bind(2, query.Limit is { } limit ? Math.Max(limit, 1) : -1L).Bind(3, Math.Max(query.Offset, 0));
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

    /// <summary>How many messages of a conversation people see.</summary>
    public static long CountMessages(Connection connection, Conversation conversation)
    {
        using var statement = Use(connection, conversation, sql => sql.HowMany);
        statement.Step();
        return statement.Int64(0);
    }

    /// <summary>A statement about the messages of a conversation, with the conversation bound.</summary>
    public static Statement Use(Connection connection, Conversation conversation, Func<MessageSql, string> question) => conversation.IsContinued
        ? connection.Use(question(connection.Sql.ContinuedMessages)).Bind(1, conversation.Rows)
        : connection.Use(question(connection.Sql.Messages)).Bind(1, conversation.First.Id);

    // The session as it is stored, and what it is a part of.
    private static void ReadAlone(Connection connection, long row, OnSession onSession)
    {
        using var session = connection.Use(connection.Sql.Session);
        session.Bind(1, row);
        if (!session.Step())
        {
            return;
        }

        var lineage = default(SessionLineage);
        if (session.Int64(SessionRow.MayBePart) != 0)
        {
            var conversation = Conversation.Of(connection, new SessionKey(row, session.Utf8(0).ToArray(), MayBePart: true));
            lineage = conversation.IsContinued ? new SessionLineage(conversation.First.Id, conversation.Last.Id) : default;
        }

        Give(connection, session, session.Utf8(0), lineage, onSession);
    }

    private static void Give(Connection connection, Statement session, ReadOnlySpan<byte> id, SessionLineage lineage, OnSession onSession)
    {
        Span<byte> preview = stackalloc byte[StoredContent.MaxPreviewBytes];
        var length = ReadPreview(connection, id, preview);
        onSession(new SessionRow(session, preview[..length], lineage));
    }

    /// <summary>The one text that a question about the session in a row has for an answer; null for none.</summary>
    public static string? ReadText(Connection connection, string sql, long row)
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
        using var texts = connection.Use(connection.Sql.Messages.UserTexts);
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

        if (SessionListSql.HasTitleFilter(query))
        {
            statement.Bind(4, FoldedText.FoldCase(query.TitleContains!));
        }

        if (query.MinMessages > 0)
        {
            statement.Bind(7, query.MinMessages);
        }
    }
}
