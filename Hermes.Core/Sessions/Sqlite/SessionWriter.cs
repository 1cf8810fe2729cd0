using System.Security.Cryptography;
using SQLitePCL;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The changes, on a connection within a write transaction.</summary>
internal static partial class SessionWriter
{
    public static Session Create(Connection connection, NewSession session, DateTimeOffset now)
    {
        InsertIfMissing(connection, session, now);
        return SessionReader.GetConversation(connection, SessionReader.FindConversation(connection, session.Id!)!);
    }

    public static IReadOnlyList<long> CreateAndAppend(Connection connection, NewSession session, IReadOnlyList<NewMessage> messages, DateTimeOffset now)
    {
        InsertIfMissing(connection, session, now);
        return Append(connection, session.Id!, messages, usage: null, now);
    }

    public static IReadOnlyList<long> Append(Connection connection, string id, IReadOnlyList<NewMessage> messages, SessionUsage? usage, DateTimeOffset time)
    {
        var conversation = SessionReader.FindConversation(connection, id) ?? throw new SessionNotFoundException();
        var session = conversation.Last.Id;
        var now = UnixTime.ToSeconds(time);
        var said = NotBefore(connection, session, now);
        var ids = messages.Select(message => Insert(connection, session, message, said)).ToList();
        ModelConfig.NoteTurn(connection, conversation.Last, usage);
        if (connection.Sql.Count is not { } sql) return ids;

        connection.Use(sql).Bind(1, session).Bind(2, (long)ids.Count).Bind(3, messages.Sum(message => CountCalls(message.ToolCalls)))
            .Bind(4, usage?.InputTokens ?? 0).Bind(5, usage?.OutputTokens ?? 0).Bind(6, usage?.Model).Bind(7, now).Run();
        return ids;
    }

    public static Session? Update(Connection connection, string id, SessionChange change, DateTimeOffset now)
    {
        if (SessionReader.FindConversation(connection, id) is not { } conversation) return null;

        if ((change.Title ?? change.SystemPrompt ?? change.EndReason) is not null)
            TurnLeases.CheckMayChange(connection, conversation, now);

        if (change.Title is not null)
            SetTitle(connection, conversation, change.Title.Length == 0 ? null : change.Title);

        if (change.SystemPrompt is { Length: > 0 } prompt)
        {
            SetPrompt(connection, conversation.Last.Id, prompt);
            ModelConfig.NoteOwnPrompt(connection, conversation.Last.Row, prompt);
        }
        else if (change.SystemPrompt is not null)
        {
            // One before the last would hold on.
            foreach (var session in conversation.Sessions.Where(HoldsPrompt))
                SetPrompt(connection, session.Id, null);
        }

        if (change.EndReason is not null)
            SetEnd(connection, conversation, change.EndReason.Length == 0 ? SessionSql.Reopen : SessionSql.EndAnyhow, change.EndReason, now);

        if (change.Model is not null)
            SetModel(connection, conversation.Last, change.Model);

        SetFlags(connection, conversation, change, UnixTime.ToSeconds(now));
        return SessionReader.GetConversation(connection, Conversation.Of(connection, conversation.First with { MayBePart = true }));

        bool HoldsPrompt(SessionKey session) => session.Row == conversation.Last.Row || SessionReader.FindOwnPrompt(connection, session) is not null;
    }

    public static Session? End(Connection connection, string id, string reason, DateTimeOffset now)
    {
        if (SessionReader.FindConversation(connection, id) is not { } conversation) return null;

        TurnLeases.CheckMayChange(connection, conversation, now);
        SetEnd(connection, conversation, SessionSql.EndOnce, reason, now);
        return SessionReader.GetConversation(connection, conversation);
    }

    private static void SetEnd(Connection connection, Conversation conversation, string sql, string reason, DateTimeOffset now)
    {
        // Before the end is set: a chat that has begun anew already does not do so again.
        if (LineageSql.Resets.Contains(reason) && connection.Sql.Layout.HasGenerations)
            connection.Use(sql == SessionSql.EndOnce ? SessionSql.NextGenerationOfOpen : SessionSql.NextGeneration).Bind(1, conversation.Last.Id).Run();

        connection.Use(sql).Bind(1, conversation.Last.Id).Bind(2, UnixTime.ToSeconds(now)).Bind(3, reason).Run();
    }

    private static void SetTitle(Connection connection, Conversation conversation, string? title)
    {
        // Not a fault of the moment: the request asks for what this file cannot hold, however often it is sent.
        var isKept = connection.Sql.Layout.HasSessionColumn("title");
        if (!isKept && title is not null)
            throw new SessionValidationException("The titles of this home cannot be stored: its state.db is of a version without them. Let the Hermes agent open this home once, which updates it.");

        CheckTitle(connection, title, conversation);
        if (isKept)
            connection.Use(connection.Sql.SetTitle).Bind(1, conversation.Last.Id).Bind(2, title).Run();
    }

    private static void SetModel(Connection connection, SessionKey session, string model)
    {
        if (!ModelConfig.TrySetModel(connection, session.Row, model))
            throw new SessionValidationException("The model of this session cannot be stored: its state.db has no place for it, or holds a model_config that is no JSON object.");

        // As the agent does when somebody changes the model; what the session used so far counts for this one then.
        if (model.Length > 0 && connection.Sql.Layout.HasSessionColumn("model"))
            connection.Use(SessionSql.SetModel).Bind(1, session.Row).Bind(2, model).Run();
    }

    private static void SetFlags(Connection connection, Conversation conversation, SessionChange change, double now)
    {
        var unhides = change.Pinned is true && connection.Sql.Layout.HasSessionColumn("hidden");
        Set("pinned", "pinned", Number(change.Pinned));
        Set("archived", "archived", Number(change.Archived));
        Set("hidden", "hidden", Number(change.Hidden) ?? (unhides ? 0 : null));
        if (change.Unread is { } unread)
        {
            // A message may be newer than the clock.
            var lastActive = 0.0;
            SessionReader.ReadConversation(connection, conversation, (in session) => lastActive = session.LastActive);
            Set("unread", "last_read_at", unread ? 0 : Math.Max(now, lastActive));
        }

        static double? Number(bool? flag) => flag is { } given ? given ? 1 : 0 : null;

        void Set(string field, string column, double? value)
        {
            if (value is not { } given) return;

            if (!connection.Sql.Layout.HasSessionColumn(column))
                throw new SessionValidationException($"'{field}' cannot be stored in this home: its state.db is of a version without it. Let the Hermes agent open this home once, which updates it.");

            connection.Use(connection.Sql.SetFlag(column)).Bind(1, conversation.Rows).Bind(2, given).Run();
        }
    }

    private static void SetPrompt(Connection connection, byte[] id, string? prompt)
    {
        var hash = StorePrompt(connection, prompt);
        connection.Use(connection.Sql.SetPrompt).Bind(1, id).Bind(2, prompt).Bind(3, hash).Run();
    }

    // That no other conversation has it; it is taken from the sessions of this one, as no two may have the same.
    private static void CheckTitle(Connection connection, string? title, Conversation? conversation)
    {
        if (title is null || !connection.Sql.Layout.HasSessionColumn("title")) return;

        var own = new List<long>();
        using (var having = connection.Use(SessionSql.WhoHasTitle))
        {
            having.Bind(1, title);
            while (having.Step())
            {
                var row = having.Int64(0);
                if (conversation?.Sessions.Any(session => session.Row == row) is not true)
                    throw new SessionValidationException($"Title '{title}' is already in use by session {having.Text(1).AsText()}");

                own.Add(row);
            }
        }

        foreach (var row in own.Where(row => row != conversation!.Last.Row))
            connection.Use(SessionSql.ClearTitle).Bind(1, row).Run();
    }

    /// <returns>The prompt's hash; null where the file keeps prompts with their sessions.</returns>
    private static string? StorePrompt(Connection connection, string? prompt)
    {
        if (prompt is null || !connection.Sql.Layout.HasSystemPrompts) return null;

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(prompt)));
        connection.Use(SessionSql.StorePrompt).Bind(1, hash).Bind(2, prompt).Run();
        return hash;
    }

    // Our order is that of writing, but older agents sort by time: a clock that was set back would show them an answer before its question.
    private static double NotBefore(Connection connection, byte[] id, double now)
    {
        using var newest = connection.Use(SessionSql.WhichTimeIsNewest);
        newest.Bind(1, id).Step();
        return newest.IsNumber(0) ? Math.Max(now, newest.Double(0)) : now;
    }

    private static void InsertIfMissing(Connection connection, NewSession session, DateTimeOffset started)
    {
        if (SessionReader.FindExact(connection, session.Id!) is not null) return;

        CheckTitle(connection, session.Title, conversation: null);
        var parent = session.ParentSessionId is { } parentId
            ? SessionReader.FindConversation(connection, parentId)?.Last.Id ?? throw new SessionValidationException("Invalid parent: there is no such session")
            : null;
        var prompt = session.SystemPrompt;
        var hash = StorePrompt(connection, prompt);
        var now = UnixTime.ToSeconds(started);
        using var insert = connection.Use(connection.Sql.InsertSession);
        insert.Bind(1, session.Id).Bind(2, session.Source).Bind(3, session.Model).Bind(4, hash is null ? prompt : null).Bind(5, hash)
            .Bind(6, now).Bind(7, session.Title).Bind(8, session.Title is null ? null : "user").Bind(9, now);
        if (parent is not null)
            insert.Bind(10, parent);

        insert.Run();
        if (prompt is not null)
            ModelConfig.NoteOwnPrompt(connection, raw.sqlite3_last_insert_rowid(connection.Handle), prompt);
    }

    private static long Insert(Connection connection, byte[] sessionId, NewMessage message, double said)
    {
        using var insert = connection.Use(connection.Sql.InsertMessage);
        insert.Bind(1, sessionId).Bind(2, message.Role).Bind(3, StoredContent.Encode(message)).Bind(4, message.ToolCallId)
            .Bind(5, message.ToolCalls is { ValueKind: not JsonValueKind.Null } calls ? calls.GetRawText() : null).Bind(6, message.ToolName)
            .Bind(7, message.Timestamp is { } timestamp ? UnixTime.ToSeconds(timestamp) : said);
        if (message.TokenCount is { } tokens)
            insert.Bind(8, tokens);

        insert.Bind(9, message.FinishReason).Bind(10, message.Reasoning).Bind(11, 1L).Step();
        var id = insert.Int64(0);
        insert.Run();
        return id;
    }

    private static long CountCalls(JsonElement? toolCalls) =>
        toolCalls is not { ValueKind: not JsonValueKind.Null } calls ? 0 : calls.ValueKind is JsonValueKind.Array ? calls.GetArrayLength() : 1;
}
