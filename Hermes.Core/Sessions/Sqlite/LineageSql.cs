namespace Hermes.Core.Sessions.Sqlite;

/// <summary>How sessions hang together, in SQL, made for the columns that a file has. The README of Sessions says the rules.</summary>
/// <remarks>Conditions name the sessions that they are about by the aliases that they are given. None of them trusts what is stored: broken
/// JSON has no mark, a parent that does not exist is none, and where sessions are each other's parents the circle is cut.</remarks>
internal sealed class LineageSql(DatabaseLayout layout)
{
    private const string Compressions = "'compression', 'compressed'";
    private const string BranchReason = "'branched'";

    /// <summary>Why a session ends whose followers are conversations of their own.</summary>
    public static IReadOnlyList<string> Resets { get; } =
        ["session_reset", "session_switch", "idle", "daily", "suspended", "resume_pending_expired", "new_session"];

    /// <summary>The same, in SQL.</summary>
    public static string ResetReasons { get; } = string.Join(", ", Resets.Select(reason => $"'{reason}'"));

    private bool HasParents => layout.HasSessionColumn("parent_session_id");

    /// <summary>The session that the one in row ?1 continues.</summary>
    public string Previous => field ??=
        $"SELECT p.rowid, p.id FROM sessions s JOIN sessions p WHERE {(HasParents ? $"p.id = s.parent_session_id AND s.rowid = ?1 AND {IsNext("s", "p")}" : "0")}";

    /// <summary>The session that continues the one in row ?1.</summary>
    public string Next => field ??= Children(IsNext("s", "p"));

    /// <summary>The sessions that are nothing without the one in row ?1: its delegates' runs, and what continues it.</summary>
    public string Dependents => field ??= Children($"({IsDelegate("s")} OR {IsNext("s", "p")})");

    /// <summary>Whether a session may be one of several of a conversation; most are not, and need no further look.</summary>
    public string MayBePart(string s) =>
        HasParents ? $"({s}.parent_session_id IS NOT NULL OR {IsCompressed(s)})" : "0";

    /// <summary>Whether a session, which has a parent, is listed all the same: it is the first of a conversation.</summary>
    /// <remarks>Of several that continue one session the last to begin does. Those that began before their parent's end are runs of old
    /// agents; the others are conversations that nobody else would show.</remarks>
    public string IsListedChild(string s) => $"""
        (CASE WHEN {IsMarkedOwn(s)} THEN 1 WHEN {HasMark(s, "_delegate_from")} THEN 0 ELSE COALESCE((
            SELECT CASE
                WHEN {EndedWith("p", $"{BranchReason}, {ResetReasons}")} OR {IsCircle(s, "p")} THEN 1
                WHEN {IsCompressed("p")} AND {s}.source IS NOT 'tool' AND NOT {IsNext(s, "p")} THEN {BeganAfterEnd(s, "p")}
                ELSE 0 END
            FROM sessions p WHERE p.id = {s}.parent_session_id), 1) END)
        """;

    /// <summary>Whether a session was ended to go on in another.</summary>
    public string IsCompressed(string s) => EndedWith(s, Compressions);

    /// <summary>The row of the last session of the conversation whose first session is <paramref name="s"/>.</summary>
    public string Last(string s) => !HasParents ? $"{s}.rowid" : $"""
        (CASE WHEN NOT {IsCompressed(s)} THEN {s}.rowid ELSE ({Chain(s)} SELECT session FROM chain ORDER BY depth DESC LIMIT 1) END)
        """;

    /// <summary>The rows of the sessions of the conversation whose first session is <paramref name="s"/>.</summary>
    public string All(string s) => !HasParents ? $"({s}.rowid)" : $"({Chain(s)} SELECT session FROM chain)";

    private string Children(string which) => $"""
        SELECT s.rowid, s.id FROM sessions p JOIN sessions s WHERE {(HasParents ? $"s.parent_session_id = p.id AND p.rowid = ?1 AND {which}" : "0")}
        """;

    private string Chain(string s) => $"""
        WITH RECURSIVE chain(session, depth) AS (
            SELECT {s}.rowid, 0
            UNION ALL
            SELECT c.rowid, chain.depth + 1 FROM chain CROSS JOIN sessions p ON p.rowid = chain.session CROSS JOIN sessions c ON c.parent_session_id = p.id
            WHERE {IsNext("c", "p")})
        """;

    private string EndedWith(string s, string reasons) => layout.HasSessionColumn("end_reason") ? $"COALESCE({s}.end_reason IN ({reasons}), 0)" : "0";

    private string Mark(string s, string name) => layout.HasSessionColumn("model_config")
        ? $"json_extract(CASE WHEN typeof({s}.model_config) = 'text' AND json_valid({s}.model_config) THEN {s}.model_config END, '$.{name}')"
        : "NULL";

    // Most configurations have no mark, and to read one as JSON costs twenty times as much as to find that its name is not in it.
    private string HasMark(string s, string name) => layout.HasSessionColumn("model_config")
        ? $"(COALESCE(instr({s}.model_config, '{name}'), 0) > 0 AND {Mark(s, name)} IS NOT NULL)"
        : "0";

    // A conversation that was branched off a delegate's run may have the run's mark as well.
    private string IsMarkedOwn(string s) => $"({HasMark(s, "_branched_from")} OR {HasMark(s, "_reset_from")})";

    private string IsDelegate(string s) => $"({HasMark(s, "_delegate_from")} AND NOT {IsMarkedOwn(s)})";

    /// <summary>Whether <paramref name="s"/>, a child of <paramref name="p"/>, is the one that continues it.</summary>
    private string IsNext(string s, string p) => $"""
        ({IsCompressed(p)} AND {CanContinue(s, p)} AND (
            SELECT 1 FROM sessions other
            WHERE other.parent_session_id = {p}.id AND {WhenBegun("other")} > {WhenBegun(s)} AND {CanContinue("other", p)}
            ORDER BY other.rowid DESC LIMIT 1) IS NULL)
        """;

    private string CanContinue(string s, string p) =>
        $"({s}.source IS NOT 'tool' AND NOT {HasMark(s, "_delegate_from")} AND NOT {IsMarkedOwn(s)} AND NOT {IsCircle(s, p)})";

    /// <summary>Whether <paramref name="p"/>, the parent of <paramref name="s"/>, descends from it. Only asked of those that did not begin
    /// before their children, of which every circle has one: there it is cut.</summary>
    private static string IsCircle(string s, string p) => $"""
        ({WhenBegun(s)} <= {WhenBegun(p)} AND {s}.id IN (
            WITH RECURSIVE up(id) AS (
                SELECT {p}.id
                UNION
                SELECT above.parent_session_id FROM up CROSS JOIN sessions above ON above.id = up.id WHERE above.parent_session_id IS NOT NULL)
            SELECT id FROM up))
        """;

    private static string WhenBegun(string s) => $"(COALESCE({s}.started_at, 0), {s}.rowid)";

    private string BeganAfterEnd(string s, string p) =>
        layout.HasSessionColumn("ended_at") ? $"NOT COALESCE({s}.started_at < {p}.ended_at, 0)" : "1";
}
