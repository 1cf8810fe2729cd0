using Hermes.Core.Sessions.Search;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The queries, on a connection within a transaction.</summary>
internal static partial class SessionReader
{
    private static readonly DateOnly Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch);

    /// <summary>Reads the page that a query asks for.</summary>
    /// <returns>The cursor that continues after it; null where nothing follows.</returns>
    public static string? ReadPage(Connection connection, SessionQuery query, SessionRowAction onSession)
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
                return cursor;

            if (count == query.ClampedLimit)
                cursor = PageCursor.Format(page, query);

            if (query.IncludeChildren)
                ReadAlone(connection, page.Int64(0), onSession);
            else
                ReadSession(connection, page.Int64(0), onSession);
        }

        return null;
    }

    /// <summary>How many sessions all pages of a query have. Counted once for each version of the file.</summary>
    public static long CountSessions(Connection connection, SessionQuery query)
    {
        // What does not change how many there are.
        var counted = query with { Limit = 0, Offset = 0, Before = null, Order = default, PinnedFirst = false };
        var dataVersion = connection.ReadDataVersion();
        if (connection.LastTotal is { } last && last.DataVersion == dataVersion && last.Query == counted)
            return last.Total;

        using var statement = connection.Use(connection.Sql.List.Total(query));
        BindFilter(statement, query);
        statement.Step();
        var total = statement.Int64(0);
        connection.LastTotal = (counted, dataVersion, total);
        return total;
    }

    /// <summary>The session with exactly this id.</summary>
    public static SessionKey? FindExact(Connection connection, string id)
    {
        // As UTF-8 a lone surrogate is U+FFFD, which another session's id may have.
        if (!SessionId.IsWellFormed(id))
            return null;

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
        if (idOrPrefix.Length == 0 || !SessionId.IsWellFormed(idOrPrefix))
            return null;

        return FindConversation(connection, idOrPrefix) ?? FindOnlyStartingWith(connection, idOrPrefix);
    }

    /// <summary>Reads the conversation that a session belongs to.</summary>
    public static void ReadSession(Connection connection, long row, SessionRowAction onSession)
    {
        SessionKey part;
        using (var session = connection.Use(connection.Sql.Session))
        {
            session.Bind(1, row);
            if (!session.Step())
                return;

            if (!Rows.IsMaybePart(session))
            {
                Give(connection, session, session.Utf8(0), first: default, last: default, onSession);
                return;
            }

            part = new SessionKey(row, session.Utf8(0).ToArray(), MayBePart: true);
        }

        ReadConversation(connection, Conversation.Of(connection, part), onSession);
    }

    public static void ReadConversation(Connection connection, Conversation conversation, SessionRowAction onSession)
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
            length = ReadPreview(connection, conversation.Sessions[i].Id, preview);

        onSession(Rows.Session(merged, FieldValue.Text(preview[..length]), FieldValue.Text(conversation.First.Id), FieldValue.Text(conversation.Last.Id)));
    }

    public static Session GetConversation(Connection connection, Conversation conversation)
    {
        Session? result = null;
        ReadConversation(connection, conversation, session => result = session.ToSession());
        var config = ModelConfig.Read(connection, conversation.Last.Row);
        result = result! with { ChosenModel = FindChosenModel(connection, conversation, config), LastTurn = ModelConfig.FindTurn(connection, conversation.Last, config) };

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
            if (ModelConfig.FindModel(config) is { } model)
                return model.Length > 0 ? model : null;
        }

        return null;
    }

    /// <summary>The prompt of a session that was given through this API; null where it has none, or the agent's.</summary>
    public static string? FindOwnPrompt(Connection connection, SessionKey session) =>
        ReadText(connection, connection.Sql.SystemPrompt, session.Row) is { } prompt && ModelConfig.IsOwnPrompt(connection, session.Row, prompt) ? prompt : null;

    /// <summary>Which messages of a conversation a query asks for.</summary>
    public static MessagePosition FindMessages(Connection connection, Conversation conversation, MessageQuery query)
    {
        var ids = new List<long>();
        using (var messages = query.Audience == MessageAudience.Model
            ? Use(connection, new Conversation([conversation.Last]), sql => sql.Page(query))
            : Use(connection, conversation, sql => sql.Page(query)))
        {
            messages.Bind(2, query.Limit is { } limit ? Math.Max(limit, 1) : -1L).Bind(3, Math.Max(query.Offset, 0));
            while (messages.Step())
                ids.Add(messages.Int64(0));
        }

        long? allCount = query.Limit is null && query.Offset <= 0 ? null : CountMessages(connection, conversation);
        return new MessagePosition(FieldValue.Text(conversation.First.Id).AsText()!, [.. ids], 0, 0, allCount, connection.File!);
    }

    /// <summary>Reads messages from a position on, up to the end or until enough is read.</summary>
    public static MessagePosition ReadMessages(Connection connection, MessagePosition position, MessageRowAction onMessage, Func<bool> isFull)
    {
        var (index, count) = (position.Index, position.Count);
        while (index < position.Ids.Length)
        {
            using var message = connection.Use(connection.Sql.Message);
            if (message.Bind(1, position.Ids[index++]).Step())
            {
                count++;
                onMessage(Rows.Message(message, connection.Sql.Layout));
            }

            if (isFull())
                break;
        }

        return position with { Index = index, Count = count };
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

    /// <summary>The only conversation that has sessions whose ids start with a text, ASCII letters in either case; null where there is none, or several.</summary>
    /// <remarks>
    /// The index for ids tells upper case from lower. So the spellings of the text are followed letter by letter, those that begin an id alone: a
    /// few look-ups, however many sessions there are. <c>LIKE</c> would read every id.
    /// </remarks>
    private static Conversation? FindOnlyStartingWith(Connection connection, string prefix)
    {
        List<string> spellings = [""];
        foreach (var c in prefix)
        {
            spellings = char.IsAsciiLetter(c)
                ? [.. spellings.SelectMany(spelling => new[] { spelling + char.ToUpperInvariant(c), spelling + char.ToLowerInvariant(c) })
                    .Where(spelling => FindFrom(connection, spelling) is { } found && StartsWith(found, spelling))]
                : spellings.ConvertAll(spelling => spelling + c);
        }

        Conversation? only = null;
        foreach (var spelling in spellings)
        {
            for (var found = FindFrom(connection, spelling); found is { } session && StartsWith(session, spelling); found = FindFrom(connection, [.. session.Id, 0]))
            {
                if (only is null)
                    only = Conversation.Of(connection, session);
                else if (!only.Sessions.Any(part => part.Row == session.Row))
                    return null;
            }
        }

        return only;

        static bool StartsWith(SessionKey session, string spelling) => session.Id.AsSpan().StartsWith(Encoding.UTF8.GetBytes(spelling));
    }

    private static SessionKey? FindFrom(Connection connection, string id) => FindFrom(connection, Encoding.UTF8.GetBytes(id));

    /// <summary>The first session whose id, a text, is not before another one.</summary>
    private static SessionKey? FindFrom(Connection connection, ReadOnlySpan<byte> id)
    {
        using var session = connection.Use(connection.Sql.WhichIdComesNext);
        return session.Bind(1, id).Step() && session.IsText(0) ? new SessionKey(session.Int64(1), session.Utf8(0).ToArray(), session.Int64(2) != 0) : null;
    }

    // The session as it is stored, and what it is a part of.
    private static void ReadAlone(Connection connection, long row, SessionRowAction onSession)
    {
        using var session = connection.Use(connection.Sql.Session);
        session.Bind(1, row);
        if (!session.Step())
            return;

        FieldValue first = default, last = default;
        if (Rows.IsMaybePart(session)
            && Conversation.Of(connection, new SessionKey(row, session.Utf8(0).ToArray(), MayBePart: true)) is { IsContinued: true } conversation)
        {
            first = FieldValue.Text(conversation.First.Id);
            last = FieldValue.Text(conversation.Last.Id);
        }

        Give(connection, session, session.Utf8(0), first, last, onSession);
    }

    private static void Give(
        Connection connection, Statement session, ReadOnlySpan<byte> id, FieldValue first, FieldValue last, SessionRowAction onSession)
    {
        Span<byte> preview = stackalloc byte[StoredContent.MaxPreviewBytes];
        var length = ReadPreview(connection, id, preview);
        onSession(Rows.Session(session, FieldValue.Text(preview[..length]), first, last));
    }

    /// <summary>The one text that a question about the session in a row has for an answer; null for none.</summary>
    public static string? ReadText(Connection connection, string sql, long row)
    {
        using var statement = connection.Use(sql);
        return statement.Bind(1, row).Step() ? statement.Text(0).AsText() : null;
    }

    private static int ReadPreview(Connection connection, ReadOnlySpan<byte> sessionId, Span<byte> preview)
    {
        var length = ReadPreview(connection, connection.Sql.Messages.Opening, sessionId, preview);
        return length > 0 ? length : ReadPreview(connection, connection.Sql.Messages.UserTexts, sessionId, preview);
    }

    private static int ReadPreview(Connection connection, string sql, ReadOnlySpan<byte> sessionId, Span<byte> preview)
    {
        using var texts = connection.Use(sql);
        texts.Bind(1, sessionId);
        var length = 0;
        while (length == 0 && texts.Step())
            length = StoredContent.WritePreview(texts.Utf8(0), preview);

        return length;
    }

    private static void BindFilter(Statement statement, SessionQuery query)
    {
        if (query.Source is not null)
            statement.Bind(3, query.Source);

        if (SessionListSql.HasTitleFilter(query))
            statement.Bind(4, FoldedText.FoldCase(query.TitleContains!));

        if (query.MinMessages > 0)
            statement.Bind(7, query.MinMessages);
    }
}
