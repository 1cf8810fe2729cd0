using Hermes.Core.Sessions.Search;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The queries, on a connection within a transaction.</summary>
internal static partial class SessionReader
{
    // A megabyte on each connection.
    private const int MaxFirstMessages = 20_000;

    private static readonly DateOnly Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch);

    /// <summary>Reads the page that a query asks for.</summary>
    /// <returns>The cursor that continues after it; null where nothing follows.</returns>
    public static string? ReadPage(Connection connection, SessionQuery query, RowReader<SessionRow> onSession)
    {
        using var page = connection.Use(connection.Sql.List.Page(query));
        page.Bind(1, query.ClampedLimit + 1L).Bind(2, query.ClampedOffset);
        BindFilter(page, query);
        if (SessionListSql.IsFar(query))
            BindUnlisted(connection, page, query);

        if (query.Before is not null)
        {
            var isSorted = query.PinnedFirst || query.Order != SessionOrder.Created;
            PageCursor.Parse(query).Bind(page, timeParameter: 5, rowParameter: 6, pinnedParameter: isSorted ? 8 : null);
        }

        string? cursor = null;
        for (var count = 1; page.Step(); count++)
        {
            if (count > query.ClampedLimit) return cursor;

            if (count == query.ClampedLimit)
                cursor = PageCursor.Format(page, query);

            if (!Rows.IsMaybePart(page))
            {
                Give(connection, page, first: default, last: default, onSession);
                continue;
            }

            var conversation = Conversation.Of(connection, new SessionKey(page.Int64(Rows.Row), page.Utf8(0).ToArray(), MayBePart: true));
            if (!conversation.IsContinued)
                Give(connection, page, first: default, last: default, onSession);
            else if (query.IncludeChildren)
                Give(connection, page, FieldValue.Text(conversation.First.Id), FieldValue.Text(conversation.Last.Id), onSession);
            else
                ReadConversation(connection, conversation, onSession);
        }

        return null;
    }

    /// <summary>How many sessions all pages of a query have. Counted once for each version of the file.</summary>
    public static long CountSessions(Connection connection, SessionQuery query)
    {
        // What does not change how many there are.
        var counted = query with { Limit = 0, Offset = 0, Before = null, Order = default, PinnedFirst = false };
        var dataVersion = connection.ReadDataVersion();
        if (connection.LastTotal is { } last && last.DataVersion == dataVersion && last.Query == counted) return last.Total;

        using var statement = connection.Use(connection.Sql.List.Total(query));
        BindFilter(statement, query);
        BindUnlisted(connection, statement, query);
        statement.Step();
        var total = statement.Int64(0);
        connection.LastTotal = (counted, dataVersion, total);
        return total;
    }

    // With children, every session is listed.
    private static void BindUnlisted(Connection connection, Statement statement, SessionQuery query)
    {
        if (!query.IncludeChildren)
            statement.Bind(9, FindUnlisted(connection));
    }

    // Found once for each version of the file.
    private static byte[] FindUnlisted(Connection connection)
    {
        var dataVersion = connection.ReadDataVersion();
        if (connection.Unlisted is { } known && known.DataVersion == dataVersion) return known.Rows;

        byte[] rows = "[]"u8.ToArray();
        if (connection.Sql.List.Unlisted is { } sql)
        {
            using var unlisted = connection.Use(sql);
            unlisted.Step();
            rows = unlisted.Utf8(0).ToArray();
        }

        connection.Unlisted = (dataVersion, rows);
        return rows;
    }

    /// <summary>The session with exactly this id.</summary>
    public static SessionKey? FindExact(Connection connection, string id)
    {
        // As UTF-8 a lone surrogate is U+FFFD, which another session's id may have.
        if (!SessionId.IsWellFormed(id)) return null;

        using var statement = connection.Use(connection.Sql.WhichRowHasId);
        return statement.Bind(1, id).Step() ? new SessionKey(statement.Int64(0), Encoding.UTF8.GetBytes(id), statement.Int64(1) != 0) : null;
    }

    /// <summary>The conversation that has the session with exactly this id.</summary>
    public static Conversation? FindConversation(Connection connection, string id) =>
        FindExact(connection, id) is { } session ? Conversation.Of(connection, session) : null;

    /// <summary>The conversation that has the session with exactly this id, else the only one that has sessions whose ids start so.</summary>
    public static Conversation? Find(Connection connection, string idOrPrefix) => idOrPrefix.Length == 0 || !SessionId.IsWellFormed(idOrPrefix)
        ? null
        : FindConversation(connection, idOrPrefix) ?? FindOnlyStartingWith(connection, idOrPrefix);

    public static void ReadConversation(Connection connection, Conversation conversation, RowReader<SessionRow> onSession)
    {
        if (!conversation.IsContinued)
        {
            using var session = connection.Use(connection.Sql.Session);
            if (session.Bind(1, conversation.First.Row).Step())
                Give(connection, session, first: default, last: default, onSession);

            return;
        }

        using var merged = connection.Use(connection.Sql.Conversation);
        merged.Bind(1, conversation.First.Row).Bind(2, conversation.Last.Row).Bind(3, conversation.Rows).Step();
        Span<byte> preview = stackalloc byte[StoredContent.MaxPreviewBytes];
        var length = 0;
        for (var i = 0; length == 0 && i < conversation.Sessions.Count; i++)
            length = ReadPreview(connection, conversation.Sessions[i].Row, conversation.Sessions[i].Id, preview);

        onSession(Rows.Session(merged, FieldValue.Text(preview[..length]), FieldValue.Text(conversation.First.Id), FieldValue.Text(conversation.Last.Id)));
    }

    public static Session GetConversation(Connection connection, Conversation conversation)
    {
        Session? result = null;
        ReadConversation(connection, conversation, (in session) => result = session.ToSession());
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

        // JSON has no word for what is no number.
        static double Finite(double cost) => double.IsFinite(cost) ? cost : 0;
    }

    // The agent may have gone on in another session since the model was chosen.
    private static string? FindChosenModel(Connection connection, Conversation conversation, byte[] configOfLast) => conversation.Sessions.Reverse()
        .Select(session => ModelConfig.FindModel(session.Row == conversation.Last.Row ? configOfLast : ModelConfig.Read(connection, session.Row)))
        .FirstOrDefault(model => model is not null) is { Length: > 0 } chosen ? chosen : null;

    /// <summary>The prompt of a session that was given through this API; null where it has none, or the agent's.</summary>
    public static string? FindOwnPrompt(Connection connection, SessionKey session) =>
        ReadText(connection, connection.Sql.SystemPrompt, session.Row) is { } prompt && ModelConfig.IsOwnPrompt(connection, session.Row, prompt) ? prompt : null;

    /// <summary>Begins to read the messages of a conversation that a query asks for, up to the end or until enough is read.</summary>
    public static MessagePosition ReadMessages(
        Connection connection, Conversation conversation, MessageQuery query, RowReader<MessageRow> onMessage, Func<bool> isFull)
    {
        var ids = new List<long>();
        var isOver = true;
        using (var messages = UsePage(idsAlone: false))
        {
            while (isOver && messages.Step())
            {
                ids.Add(messages.Int64(0));
                onMessage(Rows.Message(messages, connection.Sql.Layout));
                isOver = !isFull();
            }
        }

        var read = ids.Count;
        if (!isOver)
        {
            ids.Clear();
            using var all = UsePage(idsAlone: true);
            while (all.Step())
                ids.Add(all.Int64(0));
        }

        long? allCount = query.Limit is null && query.Offset <= 0 ? null : CountMessages(connection, conversation);
        return new MessagePosition(FieldValue.Text(conversation.First.Id).AsText()!, [.. ids], read, read, allCount, connection.File!);

        Statement UsePage(bool idsAlone) =>
            Use(connection, query.Audience == MessageAudience.Model ? new Conversation([conversation.Last]) : conversation, sql => sql.Page(query, idsAlone))
                .Bind(2, query.Limit is { } limit ? Math.Max(limit, 1) : -1L).Bind(3, Math.Max(query.Offset, 0));
    }

    /// <summary>Reads messages from a position on, up to the end or until enough is read.</summary>
    public static MessagePosition ReadMessages(Connection connection, MessagePosition position, RowReader<MessageRow> onMessage, Func<bool> isFull)
    {
        var (ids, index, count) = (position.Ids, position.Index, position.Count);
        while (index < ids.Length)
        {
            // Ids without a gap, as mostly all are, are read at one go.
            var (first, end) = (index, index + 1);
            while (end < ids.Length && ids[end] == ids[end - 1] + 1)
                end++;

            index = end;
            using var messages = connection.Use(connection.Sql.Messages.Range).Bind(1, ids[first]).Bind(2, ids[end - 1]);
            while (messages.Step())
            {
                count++;
                onMessage(Rows.Message(messages, connection.Sql.Layout));
                if (isFull()) return position with { Index = first + (int)(messages.Int64(0) - ids[first]) + 1, Count = count };
            }
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
    /// <remarks>The index for ids tells upper case from lower. So the spellings of the text are followed letter by letter, those that begin
    /// an id alone: a few look-ups, however many sessions there are. <c>LIKE</c> would read every id.</remarks>
    private static Conversation? FindOnlyStartingWith(Connection connection, string prefix)
    {
        (byte[] From, SessionKey? First)? gap = null;
        List<byte[]> spellings = [[]];
        foreach (var c in prefix.EnumerateRunes())
        {
            spellings = Rune.IsLetter(c) && c.IsAscii
                ? [.. spellings.SelectMany(spelling => new[] { Append(spelling, Rune.ToUpperInvariant(c)), Append(spelling, Rune.ToLowerInvariant(c)) })
                    .Where(spelling => FindNext(spelling) is not null)]
                : spellings.ConvertAll(spelling => Append(spelling, c));
        }

        Conversation? only = null;
        foreach (var spelling in spellings)
        {
            for (var found = FindNext(spelling); found is { } session; found = FindFrom(connection, [.. session.Id, 0]) is { } next && next.Id.AsSpan().StartsWith(spelling) ? next : null)
            {
                if (only is null)
                    only = Conversation.Of(connection, session);
                else if (!only.Sessions.Any(part => part.Row == session.Row))
                    return null;
            }
        }

        return only;

        // The first session whose id starts so. Between what was looked for last and what was found there is nothing: the same look-up answers that as well.
        SessionKey? FindNext(byte[] spelling)
        {
            if (gap is not { } known || known.From.AsSpan().SequenceCompareTo(spelling) > 0 || known.First?.Id.AsSpan().SequenceCompareTo(spelling) < 0)
                gap = known = (spelling, FindFrom(connection, spelling));

            return known.First is { } first && first.Id.AsSpan().StartsWith(spelling) ? first : null;
        }

        static byte[] Append(byte[] spelling, Rune c)
        {
            Span<byte> utf8 = stackalloc byte[4];
            return [.. spelling, .. utf8[..c.EncodeToUtf8(utf8)]];
        }
    }

    /// <summary>The first session whose id, a text, is not before another one.</summary>
    private static SessionKey? FindFrom(Connection connection, ReadOnlySpan<byte> id)
    {
        using var session = connection.Use(connection.Sql.WhichIdComesNext);
        return session.Bind(1, id).Step() && session.IsText(0) ? new SessionKey(session.Int64(1), session.Utf8(0).ToArray(), session.Int64(2) != 0) : null;
    }

    private static void Give(Connection connection, Statement session, FieldValue first, FieldValue last, RowReader<SessionRow> onSession)
    {
        Span<byte> preview = stackalloc byte[StoredContent.MaxPreviewBytes];
        var length = ReadPreview(connection, session.Int64(Rows.Row), session.Utf8(0), preview);
        onSession(Rows.Session(session, FieldValue.Text(preview[..length]), first, last));
    }

    /// <summary>The one text that a question about the session in a row has for an answer; null for none.</summary>
    public static string? ReadText(Connection connection, string sql, long row)
    {
        using var statement = connection.Use(sql);
        return statement.Bind(1, row).Step() ? statement.Text(0).AsText() : null;
    }

    // Mostly it is the first message of all. To find that one takes a step into the index for each message of the session, so its id is kept:
    // ids grow, in the agent's files always, so none gets before it; and once it is deleted, or the row is another session's, nothing is found under both.
    private static int ReadPreview(Connection connection, long row, ReadOnlySpan<byte> sessionId, Span<byte> preview)
    {
        var sql = connection.Sql.Messages;
        if (!connection.FirstMessages.TryGetValue(row, out var first))
        {
            using var firstId = connection.Use(sql.FirstId).Bind(1, sessionId);
            firstId.Step();
            if (connection.FirstMessages.Count == MaxFirstMessages)
                connection.FirstMessages.Clear();

            connection.FirstMessages.Add(row, first = firstId.Int64(0));
        }

        using (var text = connection.Use(sql.UserText).Bind(1, sessionId).Bind(2, first))
        {
            if (!text.Step())
                connection.FirstMessages.Remove(row);
            else if (StoredContent.WritePreview(text.Utf8(0), preview) is > 0 and var length)
                return length;
        }

        using var texts = connection.Use(sql.UserTexts).Bind(1, sessionId);
        while (texts.Step())
        {
            if (StoredContent.WritePreview(texts.Utf8(0), preview) is > 0 and var length) return length;
        }

        return 0;
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
