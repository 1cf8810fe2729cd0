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
        (_sessions, _messages) = (sessions, messages);
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

    /// <summary>Every column of messages, also those that this version does not know.</summary>
    public IReadOnlyCollection<string> MessageColumns => _messages;

    /// <summary>Which of <see cref="Rows.MessageColumns"/> there are.</summary>
    public bool[] MessageFields { get; }

    public static DatabaseLayout Probe(Connection connection)
    {
        var (sessions, requiredOfSession) = Columns("sessions", KnownSessionColumns);
        var (messages, requiredOfMessage) = Columns("messages", KnownMessageColumns);
        var (leases, requiredOfLease) = Columns("session_turn_leases", ["conversation_id", .. LeaseColumns]);
        var hasLeases = leases.Contains("conversation_id") && leases.IsSupersetOf(LeaseColumns);
        var isBlank = sessions.Count == 0;
        if (isBlank)
            connection.Query("SELECT 1 FROM sqlite_master LIMIT 1", _ => isBlank = false);

        return new DatabaseLayout(sessions, messages)
        {
            IsBlank = isBlank,
            HasSystemPrompts = Has("system_prompts", "hash", "prompt") && sessions.Contains("system_prompt_hash"),
            HasTurnLeases = hasLeases,
            CanTakeTurnLeases = hasLeases && requiredOfLease is null,
            HasCompressionLocks = Has("compression_locks", ["session_id", .. LeaseColumns]),
            HasRouting = Has("gateway_routing", "entry_json"),
            HasGenerations = sessions.Contains("session_key") && Has("conversation_generations", "source", "session_key", "generation"),
            ReadOnlyReason = (requiredOfSession ?? requiredOfMessage) is { } column
                ? $"column {column} must have a value, and this version does not know which"
                : null,
            SearchIndexes = SearchIndexes.Probe(connection),
        };

        bool Has(string table, params string[] columns) => Columns(table, []).Names.IsSupersetOf(columns);

        // The names, and one of which nobody told us that must have a value.
        (HashSet<string> Names, string? Required) Columns(string table, string[] known)
        {
            var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            string? required = null;
            connection.Query($"PRAGMA table_info({table})", column =>
            {
                const int Name = 1, NotNull = 3, Default = 4, PrimaryKey = 5;
                var name = Encoding.UTF8.GetString(column.Utf8(Name));
                names.Add(name);
                if (column.Int64(NotNull) != 0 && column.IsNull(Default) && column.Int64(PrimaryKey) == 0 && !known.Contains(name, StringComparer.OrdinalIgnoreCase))
                    required ??= $"{table}.{name}";
            });

            return (names, required);
        }
    }

    public bool HasSessionColumn(string column) => _sessions.Contains(column);

    public bool HasMessageColumn(string column) => _messages.Contains(column);
}
