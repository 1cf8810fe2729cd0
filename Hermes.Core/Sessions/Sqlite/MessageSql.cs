namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The SQL about the messages of a conversation, made for the columns that a file has.</summary>
/// <remarks>
/// <para>Messages come in the order of their ids, in which they were written: clocks step back. The file's index of a session's messages is by time,
/// but has their ids; so those are taken from it and sorted first, and then only as many messages are read as are asked for.</para>
/// <para>Where the conversations have several sessions ?1 is the JSON array of their rows, else the id of the only one.</para>
/// </remarks>
internal sealed class MessageSql(DatabaseLayout layout, bool isContinued)
{
    // What two messages have to have in common for one to be what compaction carried over from the session before.
    private static readonly string[] Alike = ["role", "content", "timestamp", "tool_call_id", "tool_calls", "tool_name"];

    private readonly Dictionary<(MessageAudience Audience, bool Latest, bool IdsAlone), string> _pages = [];

    /// <summary>The messages from ?1 to ?2.</summary>
    public string Range => field ??= $"{Row} WHERE m.id BETWEEN ?1 AND ?2 ORDER BY m.id";

    /// <summary>How many messages people see.</summary>
    public string HowMany => field ??= isContinued || HasArchives || Shown("m").Length > 0
        ? $"SELECT count(*) FROM messages m WHERE {ShownToPeople}"
        : $"SELECT count(*) FROM messages m WHERE m.session_id {Sessions}";

    /// <summary>What people said, oldest first.</summary>
    public string UserTexts => field ??= $"SELECT m.content FROM messages m WHERE {Ids} AND {SaidByUser} ORDER BY m.id";

    /// <summary>The id of the first message of all.</summary>
    public string FirstId => field ??= $"SELECT min(id) FROM messages WHERE session_id {Sessions}";

    /// <summary>What the user says in message ?2; null where it is no preview.</summary>
    public string UserText => field ??= $"SELECT CASE WHEN {SaidByUser} THEN m.content END FROM messages m WHERE m.id = ?2 AND m.session_id {Sessions}";

    /// <summary>What people see before message ?2.</summary>
    public string Before => field ??= $"SELECT m.role, m.content FROM messages m WHERE {ShownToPeople} AND +m.id < ?2 ORDER BY m.id DESC LIMIT 1";

    /// <summary>What people see after message ?2.</summary>
    public string After => field ??= $"SELECT m.role, m.content FROM messages m WHERE {ShownToPeople} AND +m.id > ?2 ORDER BY m.id LIMIT 1";

    /// <summary>Which messages there are, newest first.</summary>
    public string NewestFirst => field ??= $"SELECT m.id FROM messages m WHERE {Ids} ORDER BY m.id DESC";

    /// <summary>Gives a row if message ?2 was carried over from another session of the conversation.</summary>
    public string IsCopy => field ??= $"""
        SELECT 1 FROM messages m CROSS JOIN messages e ON e.session_id {Sessions} AND e.timestamp = m.timestamp
        WHERE m.id = ?2 AND e.id < m.id AND e.session_id <> m.session_id{Shown("e")} AND {AreAlike("e", "m", Alike)}
        LIMIT 1
        """;

    /// <summary>Copies into session ?2 what people see of all sessions but the last, ?3, as archived: the model gets none of it. Null where the file cannot say so.</summary>
    public string? ForkEarlier => field ??= !isContinued || !HasArchives ? null : $"""
        INSERT INTO messages (session_id, active, compacted{CopiedColumns("active", "compacted")})
        SELECT ?2, 0, 1{CopiedColumns("active", "compacted")} FROM messages m WHERE {ShownToPeople} AND m.session_id <> ?3 ORDER BY m.id
        """;

    /// <summary>Copies all messages, whatever they have, into session ?2.</summary>
    public string Fork => field ??= $"INSERT INTO messages (session_id{CopiedColumns()}) SELECT ?2{CopiedColumns()} FROM messages m WHERE {Ids} ORDER BY m.id";

    private string Sessions => isContinued ? "IN (SELECT id FROM sessions WHERE rowid IN (SELECT value FROM json_each(?1)))" : "= ?1";

    private string Ids => $"m.id IN (SELECT id FROM messages WHERE session_id {Sessions})";

    private string Active => layout.HasMessageColumn("active") ? $"{Ids} AND COALESCE(m.active, 1) = 1" : Ids;

    private string SaidByUser => "m.role = 'user' AND m.content IS NOT NULL" + Shown("m")
        + (layout.HasMessageColumn("_compressed_summary") ? " AND m._compressed_summary IS NOT 1" : "");

    // Whether compaction may keep what it took from the model.
    private bool HasArchives => layout.HasMessageColumn("active") && layout.HasMessageColumn("compacted");

    // What the sessions have in common goes by its first occurrence, and all that is alike within that session stays.
    private string ShownToPeople => field ??= !isContinued ? $"{Ids}{Shown("m")}{Once}" : $"""
        m.id IN (SELECT id FROM (
            SELECT m.id, m.session_id, first_value(m.session_id) OVER (PARTITION BY {string.Join(", ", Alike.Select(Column))} ORDER BY m.id) AS origin
            FROM messages m WHERE m.session_id {Sessions}{Shown("m")}{Once}) WHERE session_id = origin)
        """;

    private string Once => !HasArchives ? ""
        : $" AND NOT ((SELECT 1 FROM messages a WHERE a.session_id {Sessions} AND {IsArchived("a")} LIMIT 1) IS NOT NULL AND {IsCarriedOn("m")})";

    private string Row => field ??= $"SELECT {string.Join(", ", Rows.MessageColumns.Select(Column))} FROM messages m";

    /// <summary>The ?2 messages that a query asks for, after ?3 others from the side that it names; oldest first. See <see cref="Rows"/>.</summary>
    /// <param name="query">The query.</param>
    /// <param name="idsAlone">Only which they are: what they say is not loaded.</param>
    public string Page(MessageQuery query, bool idsAlone = false)
    {
        var shape = (query.Audience, query.Latest, idsAlone);
        if (!_pages.TryGetValue(shape, out var sql))
        {
            var row = idsAlone ? "SELECT m.id FROM messages m" : Row;
            var filter = query.Audience == MessageAudience.Model ? Active : ShownToPeople;
            sql = query.Latest
                ? $"{row} WHERE m.id IN (SELECT m.id FROM messages m WHERE {filter} ORDER BY m.id DESC LIMIT ?2 OFFSET ?3) ORDER BY m.id"
                : $"{row} WHERE {filter} ORDER BY m.id LIMIT ?2 OFFSET ?3";
            _pages.Add(shape, sql);
        }

        return sql;
    }

    /// <summary>The condition, with the word before it, that people see a message at all; empty where they see all.</summary>
    public string Shown(string m) => (layout.HasMessageColumn("active") ? $" AND NOT ({IsInactive(m)} AND NOT {IsCompacted(m)})" : "")
        + (layout.HasMessageColumn("display_kind") ? $" AND {m}.display_kind IS NOT 'hidden'" : "");

    /// <summary>As <see cref="Shown"/>, and that a message is not one that compaction carried on: the archived one is shown in its place.</summary>
    public string ShownOnce(string m) => HasArchives ? $"{Shown(m)} AND NOT {IsCarriedOn(m)}" : Shown(m);

    private static string IsInactive(string m) => $"COALESCE({m}.active, 1) = 0";

    private string IsCompacted(string m) => layout.HasMessageColumn("compacted") ? $"COALESCE({m}.compacted, 0) <> 0" : "0";

    private string IsArchived(string m) => $"({IsInactive(m)} AND {IsCompacted(m)}{Shown(m)})";

    // Two archived ones are the same only if they answer the same call: tools that were called at once may say the same.
    private string IsCarriedOn(string m) => $"""
        EXISTS (SELECT 1 FROM messages a WHERE a.session_id = {m}.session_id AND a.timestamp = {m}.timestamp AND {IsArchived("a")}
            AND {AreAlike("a", m, ["role", "content"])} AND (NOT {IsInactive(m)} OR (a.id < {m}.id AND {AreAlike("a", m, Alike)})))
        """;

    private string AreAlike(string a, string b, string[] columns) =>
        string.Join(" AND ", columns.Where(layout.HasMessageColumn).Select(column => $"{a}.{column} IS {b}.{column}"));

    /// <summary>A column of the messages m; null where the file has none of that name.</summary>
    public string Column(string name) => layout.HasMessageColumn(name) ? $"m.{name}" : "NULL";

    // The columns that are copied as they are, also those that this version does not know.
    private string CopiedColumns(params string[] but) => string.Concat(
        layout.MessageColumns.Except(["id", "session_id", .. but], StringComparer.OrdinalIgnoreCase)
            .Select(column => $", \"{column.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
}
