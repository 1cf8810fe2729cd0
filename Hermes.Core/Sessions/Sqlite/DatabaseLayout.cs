namespace Hermes.Core.Sessions.Sqlite;

/// <summary>Which of the columns that we know a file has. The schema's version number says nothing: forks reuse numbers.</summary>
/// <remarks>Immutable.</remarks>
internal sealed class DatabaseLayout
{
    private static readonly string[] KnownSessionColumns =
    [
        "id", "source", "user_id", "model", "model_config", "system_prompt", "system_prompt_hash", "parent_session_id",
        "started_at", "title", "title_source", "last_activity_at",
    ];

    private static readonly string[] KnownMessageColumns =
    [
        "id", "session_id", "role", "content", "tool_call_id", "tool_calls", "tool_name", "timestamp", "token_count",
        "finish_reason", "reasoning", "active",
    ];

    private static readonly string[] LeaseColumns = ["holder", "acquired_at", "expires_at"];

    private readonly HashSet<string> _sessions;
    private readonly HashSet<string> _messages;

    private DatabaseLayout(HashSet<string> sessions, HashSet<string> messages)
    {
        _sessions = sessions;
        _messages = messages;
        MessageFields = Array.ConvertAll(Rows.MessageColumns, HasMessageColumn);
    }

    /// <summary>A file without tables, as it is for a moment when somebody creates it.</summary>
    public static DatabaseLayout Empty { get; } = new([], []) { IsBlank = true };

    /// <summary>The file has no tables at all.</summary>
    public bool IsBlank { get; private init; }

    /// <summary>The file has the two tables that sessions need.</summary>
    public bool HasSessions => _sessions.Count > 0 && _messages.Count > 0;

    /// <summary>Why nothing can be written, for the client; null where writing is possible.</summary>
    public string? ReadOnlyReason { get; private init; }

    /// <summary>System prompts lie in a table of their own, by hash.</summary>
    public bool HasSystemPrompts { get; private init; }

    /// <summary>Turns take leases of their conversations in this file.</summary>
    public bool HasTurnLeases { get; private init; }

    /// <summary>Turns of ours can take them, too: no column is to be given that nobody told us about.</summary>
    public bool CanTakeTurnLeases { get; private init; }

    /// <summary>Sessions that are being compressed are locked in this file.</summary>
    public bool HasCompressionLocks { get; private init; }

    /// <summary>Which session a messenger's chat goes on in lies in a table of its own.</summary>
    public bool HasRouting { get; private init; }

    /// <summary>How often a messenger's chat has begun anew lies in a table of its own.</summary>
    public bool HasGenerations { get; private init; }

    /// <summary>The search indexes that can be asked.</summary>
    public SearchIndexes SearchIndexes { get; private init; } = SearchIndexes.None;

    public static DatabaseLayout Probe(Connection connection)
    {
        string? readOnlyReason = null;
        var sessions = Columns(connection, "sessions", KnownSessionColumns, ref readOnlyReason);
        var messages = Columns(connection, "messages", KnownMessageColumns, ref readOnlyReason);
        var prompts = Columns(connection, "system_prompts");
        string? leaseReason = null;
        var leases = Columns(connection, "session_turn_leases", ["conversation_id", .. LeaseColumns], ref leaseReason);
        var locks = Columns(connection, "compression_locks");
        var hasLeases = leases.Contains("conversation_id") && leases.IsSupersetOf(LeaseColumns);
        var blank = true;
        if (sessions.Count == 0)
            connection.Query("SELECT 1 FROM sqlite_master LIMIT 1", _ => blank = false);

        return new DatabaseLayout(sessions, messages)
        {
            IsBlank = sessions.Count == 0 && blank,
            HasSystemPrompts = prompts.Contains("hash") && prompts.Contains("prompt") && sessions.Contains("system_prompt_hash"),
            HasTurnLeases = hasLeases,
            CanTakeTurnLeases = hasLeases && leaseReason is null,
            HasCompressionLocks = locks.Contains("session_id") && locks.IsSupersetOf(LeaseColumns),
            HasRouting = Columns(connection, "gateway_routing").Contains("entry_json"),
            HasGenerations = sessions.Contains("session_key")
                && Columns(connection, "conversation_generations").IsSupersetOf(["source", "session_key", "generation"]),
            ReadOnlyReason = readOnlyReason,
            SearchIndexes = SearchIndexes.Probe(connection),
        };
    }

    public bool HasSessionColumn(string column) => _sessions.Contains(column);

    /// <summary>Every column of messages, also those that this version does not know.</summary>
    public IReadOnlyCollection<string> MessageColumns => _messages;

    public bool HasMessageColumn(string column) => _messages.Contains(column);

    /// <summary>Which of <see cref="Rows.MessageColumns"/> there are.</summary>
    public bool[] MessageFields { get; }

    private static HashSet<string> Columns(Connection connection, string table)
    {
        string? ignored = null;
        return Columns(connection, table, [], ref ignored);
    }

    private static HashSet<string> Columns(Connection connection, string table, string[] known, ref string? readOnlyReason)
    {
        var columns = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        string? required = null;
        connection.Query($"PRAGMA table_info({table})", column =>
        {
            const int Name = 1, NotNull = 3, Default = 4, PrimaryKey = 5;
            var name = Encoding.UTF8.GetString(column.Utf8(Name));
            columns.Add(name);
            if (column.Int64(NotNull) != 0 && column.IsNull(Default) && column.Int64(PrimaryKey) == 0
                && !known.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                required ??= name;
            }
        });

        if (required is not null)
            readOnlyReason ??= $"column {table}.{required} must have a value, and this version does not know which";

        return columns;
    }
}
