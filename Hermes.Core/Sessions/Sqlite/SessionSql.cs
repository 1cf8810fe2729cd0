namespace Hermes.Core.Sessions.Sqlite;

/// <summary>All SQL, each text named after the question that it answers, made for the columns that a file has.</summary>
/// <remarks>
/// <para>One <see cref="Connection"/> has one of these at a time and knows a prepared statement by the text's identity, so every
/// text is one string object. For one thread at a time, as the connection is.</para>
/// <para>A unary plus keeps SQLite from choosing an index for a condition: with the index for the parent it would read and sort
/// all sessions before it gives the first.</para>
/// </remarks>
internal sealed class SessionSql
{
    /// <summary>Gives the session in row ?1 the model's configuration ?2.</summary>
    public const string SetModelConfig = "UPDATE sessions SET model_config = ?2 WHERE rowid = ?1";

    public const string BeginRead = "BEGIN";
    public const string BeginWrite = "BEGIN IMMEDIATE";
    public const string Commit = "COMMIT";
    public const string Rollback = "ROLLBACK";
    public const string WhichSchemaVersion = "PRAGMA schema_version";
    public const string WhichDataVersion = "PRAGMA data_version";
    public const string WhichJournalMode = "PRAGMA journal_mode";

    /// <summary>Foreign keys are checked when the transaction commits: descendants may refer to each other in any order.</summary>
    public const string CheckForeignKeysAtCommit = "PRAGMA defer_foreign_keys=ON";

    public const string WhichRowHasId = "SELECT rowid FROM sessions WHERE id = ?1";
    public const string WhichIdComesNext = "SELECT id, rowid FROM sessions WHERE id >= ?1 ORDER BY id LIMIT 1";
    public const string HowManySessions = "SELECT (SELECT count(*) FROM sessions), (SELECT max(rowid) FROM sessions)";
    public const string WhoElseHasTitle = "SELECT id FROM sessions WHERE title = ?1 AND id IS NOT ?2";
    public const string EndOnce = "UPDATE sessions SET ended_at = ?2, end_reason = ?3 WHERE id = ?1 AND ended_at IS NULL";
    public const string EndAnyhow = "UPDATE sessions SET ended_at = COALESCE(ended_at, ?2), end_reason = ?3 WHERE id = ?1";
    public const string Reopen = "UPDATE sessions SET ended_at = NULL, end_reason = NULL WHERE id = ?1";
    public const string WhichTitlesAreWithin = "SELECT title FROM sessions WHERE title >= ?1 AND title < ?2";
    public const string WhichTimeIsNewest = "SELECT max(timestamp) FROM messages WHERE session_id = ?1";
    public const string AllContents = "SELECT id, content FROM messages ORDER BY id DESC";
    public const string ContentsOfSession = "SELECT id, content FROM messages WHERE session_id = ?1 ORDER BY id DESC";
    public const string DeleteMessages = "DELETE FROM messages WHERE session_id = ?1";
    public const string DetachChildren = "UPDATE sessions SET parent_session_id = NULL WHERE parent_session_id = ?1";
    public const string DeleteSession = "DELETE FROM sessions WHERE id = ?1";
    public const string WhichIdsAreWithin = "SELECT id FROM sessions WHERE id >= ?1 AND id < ?2";
    public const string StorePrompt = "INSERT OR IGNORE INTO system_prompts (hash, prompt) VALUES (?1, ?2)";

    // In words that the index for the parent answers: SQLite takes IS NOT NULL for true of nearly all rows, and reads every row.
    private const string HasParent = "s.parent_session_id >= ''";

    // Looking into so many skipped sessions costs more than to find out first which ones have a parent: then indexes alone are skipped over.
    private const int FarOffset = 500;

    private readonly Dictionary<(bool, bool, bool, bool, bool), string> _pages = [];
    private readonly Dictionary<(bool, bool, bool), string> _totals = [];
    private readonly string _isBranch;
    private readonly string _visibleSession;

    public SessionSql(DatabaseLayout layout)
    {
        Layout = layout;
        _isBranch = layout.HasSessionColumn("model_config")
            ? "(CASE WHEN typeof(s.model_config) = 'text' AND json_valid(s.model_config) "
                + "THEN json_extract(s.model_config, '$._branched_from') IS NOT NULL ELSE 0 END)"
            : "0";
        _visibleSession = string.Concat(
            UnlistedFlags.Where(layout.HasSessionColumn).Select(column => $" AND COALESCE(s.{column}, 0) = 0"));
        var visibleMessage = layout.HasMessageColumn("active")
            ? $" AND (m.active IS NOT 0 OR {(layout.HasMessageColumn("compacted") ? "COALESCE(m.compacted, 0) <> 0" : "0")})"
            : "";

        // Text would sort after every number: the bound, infinity, leaves it out.
        Session = $"""
            SELECT {string.Join(", ", SessionRow.Columns.Select(c => layout.HasSessionColumn(c) ? $"s.{c}" : "NULL"))},
                (SELECT m.timestamp FROM messages m
                    WHERE m.session_id = s.id AND m.timestamp <= 9e999{visibleMessage} ORDER BY m.timestamp DESC LIMIT 1)
            FROM sessions s WHERE s.rowid = ?1
            """;
        UserTexts = $"""
            SELECT m.content FROM messages m
            WHERE m.session_id = ?1 AND m.role = 'user' AND m.content IS NOT NULL{visibleMessage}
            ORDER BY m.timestamp, m.id
            """;

        string MessageColumn(string column) => layout.HasMessageColumn(column) ? $"m.{column}" : "NULL";
        var columns = string.Join(", ", MessageRow.Columns.Select(c => layout.HasMessageColumn(c) ? $"m.{c}" : $"NULL AS {c}"));
        var activeMessage = layout.HasMessageColumn("active") ? " AND COALESCE(m.active, 1) = 1" : "";
        string OldestFirst(string filter) => $"""
            SELECT m.id FROM messages m WHERE m.session_id = ?1{filter}
            ORDER BY m.timestamp, m.id LIMIT ?2 OFFSET ?3
            """;
        string FromLatest(string filter) => $"""
            SELECT id FROM (
                SELECT m.id, m.timestamp FROM messages m WHERE m.session_id = ?1{filter}
                ORDER BY m.timestamp DESC, m.id DESC LIMIT ?2 OFFSET ?3
            ) ORDER BY timestamp, id
            """;
        PresentMessageFields = MessageRow.PresentIn(layout);
        Message = $"SELECT {columns} FROM messages m WHERE m.id = ?1";
        (MessageIdsOldestFirst, MessageIdsFromLatest) = (OldestFirst(visibleMessage), FromLatest(visibleMessage));
        (ModelMessageIdsOldestFirst, ModelMessageIdsFromLatest) = (OldestFirst(activeMessage), FromLatest(activeMessage));
        string?[] prompts =
        [
            layout.HasSystemPrompts ? "(SELECT prompt FROM system_prompts WHERE hash = s.system_prompt_hash)" : null,
            layout.HasSessionColumn("system_prompt") ? "s.system_prompt" : null,
        ];
        SourceAndModelConfig =
            $"SELECT source, {(layout.HasSessionColumn("model_config") ? "model_config" : "NULL")} FROM sessions WHERE rowid = ?1";
        SystemPrompt = prompts.OfType<string>().ToArray() is { Length: > 0 } places
            ? $"SELECT COALESCE({string.Join(", ", places)}, NULL) FROM sessions s WHERE s.rowid = ?1"
            : null;
        HowManyMessages = $"SELECT count(*) FROM messages m WHERE m.session_id = ?1{visibleMessage}";

        WhichWordsMatch = IdsOfIndex(SearchIndexes.Words);
        WhichTrigramsMatch = IdsOfIndex(SearchIndexes.Trigrams);
        MessagesForBlindSpots = $"""
            SELECT m.id, m.content, {IsIn(layout, SearchIndexes.Words)}, {IsIn(layout, SearchIndexes.Trigrams)}
            FROM messages m WHERE m.id > ?1 ORDER BY m.id
            """;
        ContentOfCandidate = $"""
            SELECT m.content FROM messages m CROSS JOIN sessions s ON s.id = m.session_id
            WHERE m.id = ?1{visibleMessage}{_visibleSession} AND (?2 IS NULL OR s.source = ?2) AND (?3 IS NULL OR m.role = ?3)
                AND (?4 IS NULL OR m.session_id = ?4) AND (?5 IS NULL OR m.timestamp >= ?5) AND (?6 IS NULL OR m.timestamp <= ?6)
            """;
        FoundMessage = $"""
            SELECT m.session_id, m.role, m.content, m.timestamp, {MessageColumn("tool_name")}, {MessageColumn("tool_calls")}, s.source,
                {(layout.HasSessionColumn("model") ? "s.model" : "NULL")}, s.started_at
            FROM messages m CROSS JOIN sessions s ON s.id = m.session_id WHERE m.id = ?1
            """;
        MessageBefore = $"""
            SELECT m.role, m.content FROM messages m
            WHERE m.session_id = ?1 AND m.timestamp <= (SELECT timestamp FROM messages WHERE id = ?2)
                AND (m.id < ?2 OR m.timestamp < (SELECT timestamp FROM messages WHERE id = ?2)){visibleMessage}
            ORDER BY m.timestamp DESC, m.id DESC LIMIT 1
            """;
        MessageAfter = $"""
            SELECT m.role, m.content FROM messages m
            WHERE m.session_id = ?1 AND m.timestamp >= (SELECT timestamp FROM messages WHERE id = ?2)
                AND (m.id > ?2 OR m.timestamp > (SELECT timestamp FROM messages WHERE id = ?2)){visibleMessage}
            ORDER BY m.timestamp, m.id LIMIT 1
            """;

        InsertSession = Insert("sessions", NewSessionColumns.Where(layout.HasSessionColumn), NewSessionColumns);
        InsertMessage = Insert("messages", NewMessageColumns.Where(layout.HasMessageColumn), NewMessageColumns) + " RETURNING id";
        Count = "UPDATE sessions SET " + string.Join(", ", Counted.Where(c => layout.HasSessionColumn(c.Column)).Select(c => c.Set))
            + " WHERE id = ?1";
        SetTitle = layout.HasSessionColumn("title_source")
            ? "UPDATE sessions SET title = ?2, title_source = CASE WHEN ?2 IS NULL THEN title_source ELSE 'user' END WHERE id = ?1"
            : "UPDATE sessions SET title = ?2 WHERE id = ?1";
        SetPrompt = layout.HasSystemPrompts
            ? "UPDATE sessions SET system_prompt_hash = ?3" + (layout.HasSessionColumn("system_prompt") ? ", system_prompt = NULL" : "") + " WHERE id = ?1"
            : "UPDATE sessions SET system_prompt = ?2 WHERE id = ?1";
        WhatIsForked = $"""
            SELECT {(layout.HasSessionColumn("title") ? "title" : "NULL")}, {(layout.HasSessionColumn("model_config") ? "model_config" : "NULL")}
            FROM sessions WHERE id = ?1
            """;

        // Without the mark of a branch a parent would make it a continuation, which is not listed.
        var forked = Forked.Where(c => layout.HasSessionColumn(c.Column == "parent_session_id" ? "model_config" : c.Column)).ToArray();
        ForkSession = $"""
            INSERT INTO sessions ({string.Join(", ", forked.Select(c => c.Column))})
            SELECT {string.Join(", ", forked.Select(c => c.Value))} FROM sessions WHERE id = ?1
            """;
        var copied = layout.MessageColumns.Except(["id", "session_id"], StringComparer.OrdinalIgnoreCase)
            .Select(column => $", \"{column.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        ForkMessages = $"""
            INSERT INTO messages (session_id{string.Concat(copied)})
            SELECT ?2{string.Concat(copied)} FROM messages WHERE session_id = ?1 ORDER BY id
            """;
        var toolCalls = layout.HasMessageColumn("tool_calls")
            ? """
                CASE WHEN typeof(m.tool_calls) = 'text' AND json_valid(m.tool_calls) THEN
                    CASE json_type(m.tool_calls) WHEN 'array' THEN json_array_length(m.tool_calls) WHEN 'null' THEN 0 ELSE 1 END
                ELSE 0 END
                """
            : "0";
        (string Column, string Value)[] recounted =
        [
            ("message_count", "count(*)"),
            ("tool_call_count", $"COALESCE(sum({toolCalls}), 0)"),
        ];
        recounted = [.. recounted.Where(c => layout.HasSessionColumn(c.Column))];
        Recount = recounted.Length == 0 ? null : $"""
            UPDATE sessions SET ({string.Join(", ", recounted.Select(c => c.Column))}) =
                (SELECT {string.Join(", ", recounted.Select(c => c.Value))} FROM messages m WHERE m.session_id = ?1{visibleMessage})
            WHERE id = ?1
            """;
        Descendants = $"""
            WITH RECURSIVE doomed(id) AS (
                SELECT ?1
                UNION
                SELECT s.id FROM doomed JOIN sessions s ON s.parent_session_id = doomed.id WHERE NOT {_isBranch}
            )
            SELECT id FROM doomed
            """;
    }

    /// <summary>The columns that a new session is given, in the order of the parameters of <see cref="InsertSession"/>.</summary>
    public static string[] NewSessionColumns { get; } =
    [
        "id", "source", "model", "system_prompt", "system_prompt_hash", "started_at", "title", "title_source", "last_activity_at",
    ];

    /// <summary>The columns that a new message is given, in the order of the parameters of <see cref="InsertMessage"/>.</summary>
    public static string[] NewMessageColumns { get; } =
    [
        "session_id", "role", "content", "tool_call_id", "tool_calls", "tool_name", "timestamp", "token_count", "finish_reason",
        "reasoning", "active",
    ];

    public DatabaseLayout Layout { get; }

    private static string[] UnlistedFlags { get; } = ["hidden", "archived"];

    /// <summary>The session in row ?1, see <see cref="SessionRow"/>.</summary>
    public string Session { get; }

    /// <summary>What the user said in session ?1, oldest first.</summary>
    public string UserTexts { get; }

    /// <summary>Message ?1, see <see cref="MessageRow"/>.</summary>
    public string Message { get; }

    /// <summary>Which of the fields that not all files have a message of this one has.</summary>
    public OptionalMessageFields PresentMessageFields { get; }

    /// <summary>Which ?2 messages of session ?1 follow ?3 others, counted from the oldest.</summary>
    public string MessageIdsOldestFirst { get; }

    /// <summary>Which ?2 messages of session ?1 follow ?3 others, counted from the newest; oldest first.</summary>
    public string MessageIdsFromLatest { get; }

    /// <summary>As <see cref="MessageIdsOldestFirst"/>, what the model gets.</summary>
    public string ModelMessageIdsOldestFirst { get; }

    /// <summary>As <see cref="MessageIdsFromLatest"/>, what the model gets.</summary>
    public string ModelMessageIdsFromLatest { get; }

    /// <summary>The source and the model's configuration of the session in row ?1.</summary>
    public string SourceAndModelConfig { get; }

    /// <summary>The system prompt of the session in row ?1; null where the file has no place for one.</summary>
    public string? SystemPrompt { get; }

    public string HowManyMessages { get; }

    /// <summary>The newest ?3 messages before message ?2 whose words match ?1.</summary>
    public string WhichWordsMatch { get; }

    /// <summary>The newest ?3 messages before message ?2 whose texts match ?1.</summary>
    public string WhichTrigramsMatch { get; }

    /// <summary>The messages after message ?1, and whether each is in the index of words and in that of trigrams.</summary>
    public string MessagesForBlindSpots { get; }

    /// <summary>What message ?1 says, if it is shown, of source ?2, role ?3, session ?4, and not before ?5 or after ?6; null asks for none of these.</summary>
    public string ContentOfCandidate { get; }

    /// <summary>What a result of a search shows of message ?1.</summary>
    public string FoundMessage { get; }

    /// <summary>What was said before message ?2 of session ?1.</summary>
    public string MessageBefore { get; }

    /// <summary>What was said after message ?2 of session ?1.</summary>
    public string MessageAfter { get; }

    public string InsertSession { get; }

    public string InsertMessage { get; }

    /// <summary>Adds ?2 messages, ?3 tool calls, ?4 and ?5 tokens to session ?1, gives it model ?6 if it has none; it is now ?7.</summary>
    public string Count { get; }

    public string SetTitle { get; }

    /// <summary>Gives session ?1 the system prompt ?2, which has hash ?3.</summary>
    public string SetPrompt { get; }

    /// <summary>The title and the model's configuration of session ?1.</summary>
    public string WhatIsForked { get; }

    /// <summary>Makes session ?2 of source ?3 a branch of session ?1, with the model's configuration ?4 and the title ?6 of source ?7; it is now ?5.</summary>
    public string ForkSession { get; }

    /// <summary>Copies the messages of session ?1, whatever they have, into session ?2.</summary>
    public string ForkMessages { get; }

    /// <summary>Counts what session ?1 has; null where the file keeps no counts.</summary>
    public string? Recount { get; }

    /// <summary>Session ?1 and everything below it down to the next branch.</summary>
    public string Descendants { get; }

    // What a session has used (tokens, costs) stays with it: the branch starts from nothing.
    private static (string Column, string Value)[] Forked { get; } =
    [
        ("id", "?2"), ("source", "?3"), ("user_id", "user_id"), ("model", "model"), ("model_config", "?4"),
        ("system_prompt", "system_prompt"), ("system_prompt_hash", "system_prompt_hash"), ("parent_session_id", "?1"),
        ("started_at", "?5"), ("last_activity_at", "?5"), ("title", "?6"), ("title_source", "?7"),
    ];

    private static (string Column, string Set)[] Counted { get; } =
    [
        ("message_count", "message_count = COALESCE(message_count, 0) + ?2"),
        ("tool_call_count", "tool_call_count = COALESCE(tool_call_count, 0) + ?3"),
        ("input_tokens", "input_tokens = COALESCE(input_tokens, 0) + ?4"),
        ("output_tokens", "output_tokens = COALESCE(output_tokens, 0) + ?5"),
        ("model", "model = COALESCE(model, ?6)"),
        ("last_activity_at", "last_activity_at = ?7"),
    ];

    /// <summary>Which ?1 rows, after ?2 of them, are the page: those of source ?3 whose title contains ?4, after row ?6 of time ?5.</summary>
    /// <remarks>Rows of one time come in the order of their making, as the reference's.</remarks>
    public string Page(SessionQuery query)
    {
        var isFar = query.ClampedOffset >= FarOffset;
        var key = (query.IncludeChildren, query.Source is not null, HasTitleFilter(query), query.Before is not null, isFar);
        if (!_pages.TryGetValue(key, out var sql))
        {
            var after = query.Before is null ? "" : " AND s.started_at <= ?5 AND (s.started_at < ?5 OR s.rowid > ?6)";
            sql = $"""
                SELECT s.rowid, s.started_at FROM sessions s
                WHERE {Filter(query, isFar)}{after}
                ORDER BY s.started_at DESC, s.rowid LIMIT ?1 OFFSET ?2
                """;
            _pages.Add(key, sql);
        }

        return sql;
    }

    /// <summary>How many rows all pages have: those of source ?3 whose title contains ?4.</summary>
    public string Total(SessionQuery query)
    {
        var key = (query.IncludeChildren, query.Source is not null, HasTitleFilter(query));
        if (!_totals.TryGetValue(key, out var sql))
        {
            // The usual question is answered from indexes, but for the sessions that have a parent.
            sql = key == default && _visibleSession.Length == 0
                ? $"""
                    SELECT (SELECT count(*) FROM sessions) - (SELECT count(*) FROM sessions WHERE parent_session_id IS NOT NULL)
                        + (SELECT count(*) FROM sessions s WHERE {HasParent} AND {_isBranch})
                    """
                : $"SELECT count(*) FROM sessions s WHERE {Filter(query, isFar: false)}";
            _totals.Add(key, sql);
        }

        return sql;
    }

    public string MessageIds(MessageQuery query) => query.Audience == MessageAudience.Model
        ? query.Latest ? ModelMessageIdsFromLatest : ModelMessageIdsOldestFirst
        : query.Latest ? MessageIdsFromLatest : MessageIdsOldestFirst;

    public static bool HasTitleFilter(SessionQuery query) => !string.IsNullOrEmpty(query.TitleContains);

    private static string IdsOfIndex(string index) =>
        $"SELECT rowid FROM {index} WHERE {index} MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC LIMIT ?3";

    // An index that does not say what is in it is taken to be complete.
    private static string IsIn(DatabaseLayout layout, string index) => layout.SearchIndexes.SizesOf(index) is { } sizes
        ? $"EXISTS (SELECT 1 FROM {sizes} i WHERE i.id = m.id)"
        : "1";

    private static string Insert(string table, IEnumerable<string> columns, string[] parameters)
    {
        var names = columns.ToArray();
        var values = names.Select(name => $"?{Array.IndexOf(parameters, name) + 1}");
        return $"INSERT INTO {table} ({string.Join(", ", names)}) VALUES ({string.Join(", ", values)})";
    }

    private string Filter(SessionQuery query, bool isFar)
    {
        var listed = query.IncludeChildren ? "1"
            : isFar ? $"s.rowid NOT IN (SELECT s.rowid FROM sessions s WHERE {HasParent} AND NOT {_isBranch})"
            : $"(+s.parent_session_id IS NULL OR {_isBranch})";
        var ofSource = query.Source is null ? "" : " AND +s.source = ?3";
        var titled = !HasTitleFilter(query) ? ""
            : Layout.HasSessionColumn("title") ? " AND instr(lower(s.title), lower(?4)) > 0" : " AND 0";
        return listed + _visibleSession + ofSource + titled;
    }
}
