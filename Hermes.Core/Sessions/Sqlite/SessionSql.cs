using Hermes.Core.Sessions.Search;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>All SQL, each text named after the question that it answers, made for the columns that a file has.</summary>
/// <remarks>
/// <para>One <see cref="Connection"/> has one of these at a time and knows a prepared statement by the text's identity, so every
/// text is one string object. For one thread at a time, as the connection is.</para>
/// <para>A unary plus keeps SQLite from choosing an index for a condition: with the index for the parent it would read and sort
/// all sessions before it gives the first.</para>
/// </remarks>
internal sealed partial class SessionSql(DatabaseLayout layout)
{
    public const string BeginRead = "BEGIN";
    public const string BeginWrite = "BEGIN IMMEDIATE";
    public const string Commit = "COMMIT";
    public const string Rollback = "ROLLBACK";
    public const string WhichSchemaVersion = "PRAGMA schema_version";
    public const string WhichDataVersion = "PRAGMA data_version";

    /// <summary>Foreign keys are checked when the transaction commits: descendants may refer to each other in any order.</summary>
    public const string CheckForeignKeysAtCommit = "PRAGMA defer_foreign_keys=ON";

    /// <summary>The function of a connection that folds a text as <see cref="FoldedText.FoldCase"/> does: SQLite's own <c>lower</c> knows ASCII alone.</summary>
    public const string FoldFunction = "hermes_fold";

    public const string WhoHasTitle = "SELECT rowid, id FROM sessions WHERE title = ?1";
    public const string ClearTitle = "UPDATE sessions SET title = NULL WHERE rowid = ?1";
    public const string EndOnce = "UPDATE sessions SET ended_at = ?2, end_reason = ?3 WHERE id = ?1 AND ended_at IS NULL";
    public const string EndAnyhow = "UPDATE sessions SET ended_at = COALESCE(ended_at, ?2), end_reason = ?3 WHERE id = ?1";
    public const string Reopen = "UPDATE sessions SET ended_at = NULL, end_reason = NULL WHERE id = ?1";
    public const string SetModel = "UPDATE sessions SET model = ?2 WHERE rowid = ?1";
    public const string SetModelConfig = "UPDATE sessions SET model_config = ?2 WHERE rowid = ?1";
    public const string WhichTitlesAreWithin = "SELECT title FROM sessions WHERE title >= ?1 AND title < ?2";
    public const string WhichTimeIsNewest = "SELECT max(timestamp) FROM messages WHERE session_id = ?1";

    /// <summary>The answer of session ?1 with the latest time, by which the index finds it in a few steps.</summary>
    public const string WhichAnswerIsNewest = "SELECT id FROM messages WHERE session_id = ?1 AND role = 'assistant' ORDER BY timestamp DESC, id DESC LIMIT 1";

    public const string Contents = "SELECT id, content FROM messages WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC";
    public const string NewestMessageBefore = "SELECT max(id) FROM messages WHERE id < ?1";
    public const string DeleteMessages = "DELETE FROM messages WHERE session_id = ?1";
    public const string DetachChildren = "UPDATE sessions SET parent_session_id = NULL WHERE parent_session_id = ?1";
    public const string DeleteSession = "DELETE FROM sessions WHERE id = ?1";
    public const string WhichPromptIsUsed = "SELECT system_prompt_hash FROM sessions WHERE id = ?1";
    public const string StorePrompt = "INSERT OR IGNORE INTO system_prompts (hash, prompt) VALUES (?1, ?2)";
    public const string DeletePromptOfNobody =
        "DELETE FROM system_prompts WHERE hash = ?1 AND NOT EXISTS (SELECT 1 FROM sessions WHERE system_prompt_hash = ?1)";

    /// <summary>Forgets the chats of messengers that would go on in session ?1. Values of other names may be any text, also one that is an id.</summary>
    public const string DeleteRouting = """
        DELETE FROM gateway_routing WHERE typeof(entry_json) = 'text' AND json_valid(entry_json) AND EXISTS (
            SELECT 1 FROM json_tree(entry_json) named WHERE named.type = 'text' AND named.atom = ?1 AND named.key GLOB '*session_id')
        """;

    /// <summary>Counts that the chat of session ?1 begins anew, which it does not if it has ended so before.</summary>
    public static readonly string NextGeneration = $"""
        UPDATE conversation_generations SET generation = COALESCE(generation, 0) + 1
        WHERE (source, session_key) = (SELECT source, session_key FROM sessions WHERE id = ?1
            AND (ended_at IS NULL OR end_reason IS NULL OR end_reason NOT IN ({LineageSql.ResetReasons})))
        """;

    /// <summary>As <see cref="NextGeneration"/>, of a session that has not ended.</summary>
    public const string NextGenerationOfOpen = """
        UPDATE conversation_generations SET generation = COALESCE(generation, 0) + 1
        WHERE (source, session_key) = (SELECT source, session_key FROM sessions WHERE id = ?1 AND ended_at IS NULL)
        """;

    // The columns of a new session and of a new message, in the order of the parameters of InsertSession and InsertMessage.
    private static readonly string[] NewSessionColumns =
    [
        "id", "source", "model", "system_prompt", "system_prompt_hash", "started_at", "title", "title_source", "last_activity_at", "parent_session_id",
    ];

    private static readonly string[] NewMessageColumns =
    [
        "session_id", "role", "content", "tool_call_id", "tool_calls", "tool_name", "timestamp", "token_count", "finish_reason", "reasoning", "active",
    ];

    private static readonly string[] UsageColumns =
    [
        "input_tokens", "output_tokens", "cache_read_tokens", "reasoning_tokens", "estimated_cost_usd", "actual_cost_usd", "api_call_count",
    ];

    // What a session has used (tokens, costs) stays with it: the branch starts from nothing.
    private static readonly (string Column, string Value)[] Forked =
    [
        ("id", "?2"), ("source", "?3"), ("user_id", "user_id"), ("model", "model"), ("model_config", "?4"),
        ("system_prompt", "system_prompt"), ("system_prompt_hash", "system_prompt_hash"), ("parent_session_id", "?1"),
        ("started_at", "?5"), ("last_activity_at", "?5"), ("title", "?6"), ("title_source", "?7"),
    ];

    private static readonly (string Column, string Value)[] Counted =
    [
        ("message_count", "COALESCE(message_count, 0) + ?2"), ("tool_call_count", "COALESCE(tool_call_count, 0) + ?3"),
        ("input_tokens", "COALESCE(input_tokens, 0) + ?4"), ("output_tokens", "COALESCE(output_tokens, 0) + ?5"),
        ("model", "COALESCE(model, ?6)"), ("last_activity_at", "?7"),
    ];

    private readonly Dictionary<string, string> _flags = [];

    public DatabaseLayout Layout => layout;

    /// <summary>How sessions hang together.</summary>
    public LineageSql Lineage { get; } = new(layout);
    /// <summary>The messages of a conversation of one session.</summary>
    public MessageSql Messages { get; } = new(layout, isContinued: false);
    /// <summary>The messages of a conversation of several sessions.</summary>
    public MessageSql ContinuedMessages { get; } = new(layout, isContinued: true);

    /// <summary>The pages of sessions, and how many sessions they have.</summary>
    public SessionListSql List => field ??= new SessionListSql(layout, Lineage, LastTime, Row);

    /// <summary>The row of the session with the id ?1, and whether it may be one of several of a conversation.</summary>
    public string WhichRowHasId => field ??= $"SELECT s.rowid, {Lineage.MayBePart("s")} FROM sessions s WHERE s.id = ?1";

    /// <summary>The first session whose id is not before ?1: id, row, and whether it may be one of several of a conversation.</summary>
    public string WhichIdComesNext => field ??= $"SELECT s.id, s.rowid, {Lineage.MayBePart("s")} FROM sessions s WHERE s.id >= ?1 ORDER BY s.id LIMIT 1";

    /// <summary>The session in row ?1, see <see cref="Rows"/>.</summary>
    public string Session => field ??= $"SELECT {Row} FROM sessions s WHERE s.rowid = ?1";

    /// <summary>The conversation from row ?1 to row ?2, which has the sessions in the rows of the JSON array ?3, see <see cref="Rows"/>.</summary>
    public string Conversation => field ??= $"""
        SELECT {Join(Rows.SessionColumns, c =>
            Rows.Counts.Contains(c) ? $"(SELECT total({Column("x", c)}) FROM sessions x WHERE x.rowid IN (SELECT value FROM json_each(?3)))"
            : Column(Rows.OfLast.Contains(c) ? "l" : "f", c))},
            {Join(Rows.SessionFlags, c => Flag(c, $"({SessionListSql.IsSet("f", c)} OR {SessionListSql.IsSet("l", c)})"))},
            {LastRead("l.last_read_at, f.last_read_at")}, COALESCE({LastTime("l")}, l.started_at)
        FROM sessions f CROSS JOIN sessions l WHERE f.rowid = ?1 AND l.rowid = ?2
        """;

    /// <summary>The system prompt of the session in row ?1.</summary>
    public string SystemPrompt => field ??= $"""
        SELECT COALESCE({(layout.HasSystemPrompts ? "(SELECT prompt FROM system_prompts WHERE hash = s.system_prompt_hash)" : "NULL")}, {Column("s", "system_prompt")})
        FROM sessions s WHERE s.rowid = ?1
        """;

    /// <summary>The title of the session in row ?1.</summary>
    public string Title => field ??= $"SELECT {Column("s", "title")} FROM sessions s WHERE s.rowid = ?1";

    /// <summary>Gives a row if the session in row ?1 is neither hidden nor archived.</summary>
    public string IsVisible => field ??= $"SELECT 1 FROM sessions s WHERE s.rowid = ?1{Visible}";

    /// <summary>The source and the model's configuration of the session in row ?1.</summary>
    public string SourceAndModelConfig => field ??= $"SELECT s.source, {Column("s", "model_config")} FROM sessions s WHERE s.rowid = ?1";

    /// <summary>The newest ?3 messages before message ?2 whose words match ?1.</summary>
    public string WhichWordsMatch => field ??= IdsOfIndex(SearchIndexes.Words);

    /// <summary>The newest ?3 messages before message ?2 whose texts match ?1.</summary>
    public string WhichTrigramsMatch => field ??= IdsOfIndex(SearchIndexes.Trigrams);

    /// <summary>The messages from ?1 to ?2, newest first, and whether each is in the index of words and in that of trigrams.</summary>
    public string ContentsAndIndexing => field ??= $"""
        SELECT m.id, m.content, {IsIn(SearchIndexes.Words)}, {IsIn(SearchIndexes.Trigrams)}
        FROM messages m WHERE m.id BETWEEN ?1 AND ?2 ORDER BY m.id DESC
        """;

    /// <summary>What message ?1 says, if it is shown, of source ?2, role ?3, and not before ?4 or after ?5; null asks for none of these.
    /// And the row and the id of its session, and whether that may be one of several of a conversation.</summary>
    public string ContentOfCandidate => field ??= $"""
        SELECT m.content, s.rowid, s.id, {Lineage.MayBePart("s")} FROM messages m CROSS JOIN sessions s ON s.id = m.session_id
        WHERE m.id = ?1{Messages.ShownOnce("m")}{Visible} AND (?2 IS NULL OR s.source = ?2) AND (?3 IS NULL OR m.role = ?3)
            AND (?4 IS NULL OR m.timestamp >= ?4) AND (?5 IS NULL OR m.timestamp <= ?5)
        """;

    /// <summary>What a result of a search shows of message ?1, and the row of its session, and whether that may be one of several of a conversation.</summary>
    public string FoundMessage => field ??= $"""
        SELECT m.session_id, m.role, m.content, m.timestamp, {Messages.Column("tool_name")}, {Messages.Column("tool_calls")}, s.source,
            {Column("s", "model")}, s.started_at, s.rowid, {Lineage.MayBePart("s")}
        FROM messages m CROSS JOIN sessions s ON s.id = m.session_id WHERE m.id = ?1
        """;

    /// <summary>What the sessions used that began at ?1 or since, by day (its number from 1970 on) and model: the sums of the columns above, and how many sessions.</summary>
    /// <remarks>A time that is text would sort after every number, and one beyond the year 9999 is none.</remarks>
    public string Usage => field ??= $"""
        SELECT CAST(started_at / 86400 AS INTEGER) AS day, {(layout.HasSessionColumn("model") ? "model" : "NULL")} AS name,
            {Join(UsageColumns, c => layout.HasSessionColumn(c) ? $"total({c})" : "0")}, count(*)
        FROM sessions WHERE started_at >= ?1 AND started_at < 253402300800 GROUP BY day, name
        """;

    public string InsertSession => field ??= Insert("sessions", NewSessionColumns, layout.HasSessionColumn);

    public string InsertMessage => field ??= Insert("messages", NewMessageColumns, layout.HasMessageColumn) + " RETURNING id";

    /// <summary>Adds ?2 messages, ?3 tool calls, ?4 and ?5 tokens to session ?1, gives it model ?6 if it has none; it is now ?7. Null where
    /// the file keeps none of these.</summary>
    public string? Count => field ??= Present(Counted) is { Length: > 0 } counted
        ? $"UPDATE sessions SET {Join(counted, c => $"{c.Column} = {c.Value}")} WHERE id = ?1"
        : null;

    public string SetTitle => field ??= layout.HasSessionColumn("title_source")
        ? "UPDATE sessions SET title = ?2, title_source = CASE WHEN ?2 IS NULL THEN title_source ELSE 'user' END WHERE id = ?1"
        : "UPDATE sessions SET title = ?2 WHERE id = ?1";

    /// <summary>Gives session ?1 the system prompt ?2, which has hash ?3.</summary>
    public string SetPrompt => field ??= layout.HasSystemPrompts
        ? "UPDATE sessions SET system_prompt_hash = ?3" + (layout.HasSessionColumn("system_prompt") ? ", system_prompt = NULL" : "") + " WHERE id = ?1"
        : "UPDATE sessions SET system_prompt = ?2 WHERE id = ?1";

    /// <summary>The title and the model's configuration of session ?1.</summary>
    public string WhatIsForked => field ??= $"SELECT {Column("s", "title")}, {Column("s", "model_config")} FROM sessions s WHERE s.id = ?1";

    /// <summary>Makes session ?2 of source ?3 a branch of session ?1, with the model's configuration ?4 and the title ?6 of source ?7; it is now ?5.</summary>
    public string ForkSession => field ??= $"INSERT INTO sessions ({Join(ForkedHere, c => c.Column)}) SELECT {Join(ForkedHere, c => c.Value)} FROM sessions WHERE id = ?1";

    /// <summary>Counts what session ?1 has; null where the file keeps no counts.</summary>
    public string? Recount => field ??= Present([("message_count", "count(*)"), ("tool_call_count", $"COALESCE(sum({ToolCalls}), 0)")]) is { Length: > 0 } counted
        ? $"""
            UPDATE sessions SET ({Join(counted, c => c.Column)}) =
                (SELECT {Join(counted, c => c.Value)} FROM messages m WHERE m.session_id = ?1{Messages.ShownOnce("m")})
            WHERE id = ?1
            """
        : null;

    // Without the mark of a branch a parent would make it a continuation, which is not listed.
    private (string Column, string Value)[] ForkedHere =>
        Present(layout.HasSessionColumn("model_config") ? Forked : [.. Forked.Where(c => c.Column != "parent_session_id")]);

    private string ToolCalls => !layout.HasMessageColumn("tool_calls") ? "0" : """
        CASE WHEN typeof(m.tool_calls) = 'text' AND json_valid(m.tool_calls) THEN
            CASE json_type(m.tool_calls) WHEN 'array' THEN json_array_length(m.tool_calls) WHEN 'null' THEN 0 ELSE 1 END
        ELSE 0 END
        """;

    private string Row => field ??= $"""
        {Join(Rows.SessionColumns, c => Column("s", c))}, {Join(Rows.SessionFlags, c => Flag(c, SessionListSql.IsSet("s", c)))},
            {LastRead("s.last_read_at")}, {LastTime("s")}, {Lineage.MayBePart("s")}, s.rowid
        """;

    private string Visible => SessionListSql.Without(layout, "s", ["hidden", "archived"]);

    /// <summary>Gives the sessions in the rows of the JSON array ?1 the value ?2 in a column that the file has.</summary>
    public string SetFlag(string column)
    {
        if (!_flags.TryGetValue(column, out var sql))
            _flags.Add(column, sql = $"UPDATE sessions SET {column} = ?2 WHERE rowid IN (SELECT value FROM json_each(?1))");

        return sql;
    }

    private string Column(string s, string column) => layout.HasSessionColumn(column) ? $"{s}.{column}" : "NULL";

    // Text would sort after every number: the bound, infinity, leaves it out.
    private string LastTime(string s) =>
        $"(SELECT m.timestamp FROM messages m WHERE m.session_id = {s}.id AND m.timestamp <= 9e999{Messages.Shown("m")} ORDER BY m.timestamp DESC LIMIT 1)";

    // What is no flag in this file is null; never read is read up to the end of time.
    private string Flag(string column, string condition) => layout.HasSessionColumn(column) ? condition : "NULL";

    private string LastRead(string times) => layout.HasSessionColumn("last_read_at") ? $"COALESCE({times}, 9e999)" : "NULL";

    private static string IdsOfIndex(string index) => $"SELECT rowid FROM {index} WHERE {index} MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC LIMIT ?3";

    // An index that does not say what is in it is taken to be complete.
    private string IsIn(string index) => layout.SearchIndexes.SizesOf(index) is { } sizes ? $"EXISTS (SELECT 1 FROM {sizes} i WHERE i.id = m.id)" : "1";

    private (string Column, string Value)[] Present((string Column, string Value)[] columns) => [.. columns.Where(c => layout.HasSessionColumn(c.Column))];

    private static string Join<T>(IEnumerable<T> items, Func<T, string> text) => string.Join(", ", items.Select(text));

    private static string Insert(string table, string[] columns, Func<string, bool> isPresent)
    {
        var present = columns.Index().Where(column => isPresent(column.Item)).ToList();
        return $"INSERT INTO {table} ({Join(present, column => column.Item)}) VALUES ({Join(present, column => $"?{column.Index + 1}")})";
    }
}
