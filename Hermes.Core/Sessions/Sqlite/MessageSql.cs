namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The SQL about the messages of a conversation, made for the columns that a file has.</summary>
/// <remarks>
/// Messages come in the order of their ids, in which they were written: clocks step back. The file's index of a session's messages is by time,
/// but has their ids; so those are taken from it and sorted first, and then only as many messages are read as are asked for.
/// </remarks>
internal sealed class MessageSql
{
    private readonly DatabaseLayout _layout;
    private readonly string _saidByUser;

    /// <param name="layout">What the file has.</param>
    /// <param name="isContinued">
    /// Whether the conversations have several sessions: then ?1 is the JSON array of their rows, else the id of the only one.
    /// </param>
    public MessageSql(DatabaseLayout layout, bool isContinued)
    {
        _layout = layout;
        var sessions = isContinued ? "IN (SELECT id FROM sessions WHERE rowid IN (SELECT value FROM json_each(?1)))" : "= ?1";
        var ids = $"m.id IN (SELECT id FROM messages WHERE session_id {sessions})";
        var hasArchived = !HasArchives ? "0"
            : $"(SELECT 1 FROM messages a WHERE a.session_id {sessions} AND {IsArchived("a")} LIMIT 1) IS NOT NULL";
        var once = HasArchives ? $" AND NOT ({hasArchived} AND {IsCarriedOn("m")})" : "";

        // What the sessions have in common goes by its first occurrence, and all that is alike within that session stays.
        var shown = !isContinued ? $"{ids}{Shown("m")}{once}" : $"""
            m.id IN (SELECT id FROM (
                SELECT m.id, m.session_id, first_value(m.session_id) OVER (PARTITION BY {string.Join(", ", Alike.Select(Column))} ORDER BY m.id) AS origin
                FROM messages m WHERE m.session_id {sessions}{Shown("m")}{once}) WHERE session_id = origin)
            """;
        string Page(string filter, bool latest) => latest
            ? $"SELECT id FROM (SELECT m.id FROM messages m WHERE {filter} ORDER BY m.id DESC LIMIT ?2 OFFSET ?3) ORDER BY id"
            : $"SELECT m.id FROM messages m WHERE {filter} ORDER BY m.id LIMIT ?2 OFFSET ?3";
        var active = layout.HasMessageColumn("active") ? $"{ids} AND COALESCE(m.active, 1) = 1" : ids;
        OldestFirst = Page(shown, latest: false);
        FromLatest = Page(shown, latest: true);
        ActiveOldestFirst = Page(active, latest: false);
        ActiveFromLatest = Page(active, latest: true);
        HowMany = isContinued || HasArchives || Shown("m").Length > 0
            ? $"SELECT count(*) FROM messages m WHERE {shown}"
            : $"SELECT count(*) FROM messages m WHERE m.session_id {sessions}";
        var saidByUser = "m.role = 'user' AND m.content IS NOT NULL" + Shown("m")
            + (layout.HasMessageColumn("_compressed_summary") ? " AND m._compressed_summary IS NOT 1" : "");
        UserTexts = $"SELECT m.content FROM messages m WHERE {ids} AND {saidByUser} ORDER BY m.id";
        _saidByUser = saidByUser;
        Before = $"SELECT m.role, m.content FROM messages m WHERE {shown} AND +m.id < ?2 ORDER BY m.id DESC LIMIT 1";
        After = $"SELECT m.role, m.content FROM messages m WHERE {shown} AND +m.id > ?2 ORDER BY m.id LIMIT 1";
        NewestFirst = $"SELECT m.id FROM messages m WHERE {ids} ORDER BY m.id DESC";
        IsCopy = $"""
            SELECT 1 FROM messages m CROSS JOIN messages e ON e.session_id {sessions} AND e.timestamp = m.timestamp
            WHERE m.id = ?2 AND e.id < m.id AND e.session_id <> m.session_id{Shown("e")} AND {AreAlike("e", "m", Alike)}
            LIMIT 1
            """;
        ForkEarlier = !isContinued || !HasArchives ? null : $"""
            INSERT INTO messages (session_id, active, compacted{CopiedColumns("active", "compacted")})
            SELECT ?2, 0, 1{CopiedColumns("active", "compacted")} FROM messages m WHERE {shown} AND m.session_id <> ?3 ORDER BY m.id
            """;
        Fork = $"INSERT INTO messages (session_id{CopiedColumns()}) SELECT ?2{CopiedColumns()} FROM messages m WHERE {ids} ORDER BY m.id";
    }

    /// <summary>What two messages have to have in common for one to be what compaction carried over from the session before.</summary>
    private static string[] Alike { get; } = ["role", "content", "timestamp", "tool_call_id", "tool_calls", "tool_name"];

    /// <summary>Which ?2 messages follow ?3 others, counted from the oldest, for people.</summary>
    public string OldestFirst { get; }

    /// <summary>Which ?2 messages follow ?3 others, counted from the newest, for people; oldest first.</summary>
    public string FromLatest { get; }

    /// <summary>As <see cref="OldestFirst"/>, for the model.</summary>
    public string ActiveOldestFirst { get; }

    /// <summary>As <see cref="FromLatest"/>, for the model.</summary>
    public string ActiveFromLatest { get; }

    /// <summary>How many messages people see.</summary>
    public string HowMany { get; }

    /// <summary>What people said, oldest first.</summary>
    public string UserTexts { get; }

    /// <summary>What people see before message ?2.</summary>
    public string Before { get; }

    /// <summary>What people see after message ?2.</summary>
    public string After { get; }

    /// <summary>Which messages there are, newest first.</summary>
    public string NewestFirst { get; }

    /// <summary>Gives a row if message ?2 was carried over from another session of the conversation.</summary>
    public string IsCopy { get; }

    /// <summary>
    /// Copies into session ?2 what people see of all sessions but the last, ?3, as archived: the model gets none of it. Null where the file cannot say so.
    /// </summary>
    public string? ForkEarlier { get; }

    /// <summary>Copies all messages, whatever they have, into session ?2.</summary>
    public string Fork { get; }

    /// <summary>Whether compaction may keep what it took from the model.</summary>
    public bool HasArchives => _layout.HasMessageColumn("active") && _layout.HasMessageColumn("compacted");

    /// <summary>The first of <see cref="UserTexts"/> where it is the first message of all, as it mostly is: found in a quarter of the time.</summary>
    public string Opening(string s) =>
        $"(SELECT m.content FROM messages m WHERE m.id = (SELECT min(id) FROM messages WHERE session_id = {s}.id) AND {_saidByUser})";

    /// <summary>Which messages a query asks for.</summary>
    public string Page(MessageQuery query) => query.Audience == MessageAudience.Model
        ? query.Latest ? ActiveFromLatest : ActiveOldestFirst
        : query.Latest ? FromLatest : OldestFirst;

    /// <summary>The condition, with the word before it, that people see a message at all; empty where they see all.</summary>
    public string Shown(string m) => (_layout.HasMessageColumn("active") ? $" AND NOT ({IsInactive(m)} AND NOT {IsCompacted(m)})" : "")
        + (_layout.HasMessageColumn("display_kind") ? $" AND {m}.display_kind IS NOT 'hidden'" : "");

    /// <summary>As <see cref="Shown"/>, and that a message is not one that compaction carried on: the archived one is shown in its place.</summary>
    public string ShownOnce(string m) => HasArchives ? $"{Shown(m)} AND NOT {IsCarriedOn(m)}" : Shown(m);

    private static string IsInactive(string m) => $"COALESCE({m}.active, 1) = 0";

    private string IsCompacted(string m) => _layout.HasMessageColumn("compacted") ? $"COALESCE({m}.compacted, 0) <> 0" : "0";

    private string IsArchived(string m) => $"({IsInactive(m)} AND {IsCompacted(m)}{Shown(m)})";

    // Two archived ones are the same only if they answer the same call: tools that were called at once may say the same.
    private string IsCarriedOn(string m) => $"""
        EXISTS (SELECT 1 FROM messages a WHERE a.session_id = {m}.session_id AND a.timestamp = {m}.timestamp AND {IsArchived("a")}
            AND {AreAlike("a", m, ["role", "content"])} AND (NOT {IsInactive(m)} OR (a.id < {m}.id AND {AreAlike("a", m, Alike)})))
        """;

    private string AreAlike(string a, string b, string[] columns) =>
        string.Join(" AND ", columns.Where(_layout.HasMessageColumn).Select(column => $"{a}.{column} IS {b}.{column}"));

    private string Column(string name) => _layout.HasMessageColumn(name) ? $"m.{name}" : "NULL";

    /// <summary>The columns that are copied as they are, also those that this version does not know.</summary>
    private string CopiedColumns(params string[] but) => string.Concat(
        _layout.MessageColumns.Except(["id", "session_id", .. but], StringComparer.OrdinalIgnoreCase)
            .Select(column => $", \"{column.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
}
