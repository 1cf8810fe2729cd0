namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The SQL of pages of sessions and of their totals, made for the columns that a file has.</summary>
/// <remarks>
/// <para>Each text is one string object, as <see cref="SessionSql"/> says. For one thread at a time.</para>
/// <para>The usual order is that of an index, and a page looks into its own sessions alone. No index has another order, nor the pinned ones: such a page
/// looks at all sessions that the query reaches, one step into an index each, and keeps the best.</para>
/// </remarks>
internal sealed class SessionListSql(DatabaseLayout layout, LineageSql lineage, Func<string, string> lastTime, string row)
{
    // In words that the index for the parent answers: SQLite takes IS NOT NULL for true of nearly all rows, and reads every row.
    private const string HasParent = "s.parent_session_id >= ''";

    // Looking into so many skipped sessions costs more than to know which ones are not listed: then indexes alone are skipped over.
    private const int FarOffset = 500;

    private readonly Dictionary<SessionQuery, string> _pages = [];
    private readonly Dictionary<SessionQuery, string> _totals = [];

    private bool HasParents => layout.HasSessionColumn("parent_session_id");

    /// <summary>Whether a session has a flag, whose column there is.</summary>
    public static string IsSet(string s, string flag) => $"COALESCE({s}.{flag}, 0) <> 0";

    /// <summary>A further condition: a session has none of these flags.</summary>
    public static string Without(DatabaseLayout layout, string s, IEnumerable<string> flags) =>
        string.Concat(flags.Where(layout.HasSessionColumn).Select(flag => $" AND NOT {IsSet(s, flag)}"));

    /// <summary>Whether a page is so far from the beginning that it is found by what is not listed.</summary>
    public static bool IsFar(SessionQuery query) => query.ClampedOffset >= FarOffset && query.Order == SessionOrder.Created && !query.PinnedFirst;

    public static bool HasTitleFilter(SessionQuery query) => !string.IsNullOrEmpty(query.TitleContains);

    /// <summary>Which ?1 rows, after ?2 of them, are the page, by what time, and whether each is pinned: those of source ?3 whose folded
    /// title contains ?4 and that have ?7 messages, after row ?6 of time ?5, which is pinned or not, ?8. Where <see cref="IsFar"/> says so
    /// ?9 is <see cref="Unlisted"/>.</summary>
    /// <remarks>Rows of one time come in the order of their making, as the reference's.</remarks>
    public string Page(SessionQuery query)
    {
        var isFar = IsFar(query);
        var shape = Shape(query) with { Order = query.Order, PinnedFirst = query.PinnedFirst, Before = query.Before is null ? null : "", Offset = isFar ? 1 : 0 };
        if (!_pages.TryGetValue(shape, out var sql))
        {
            sql = query.Order == SessionOrder.Created && !query.PinnedFirst ? PageByIndex(query, isFar) : PageBySorting(query);
            _pages.Add(shape, sql);
        }

        return sql;
    }

    /// <summary>The rows of the sessions that are not listed because of what their parent is, as a JSON array; null where no session has a parent.</summary>
    public string? Unlisted { get; } = !layout.HasSessionColumn("parent_session_id") ? null
        : $"SELECT json_group_array(s.rowid) FROM sessions s WHERE {HasParent} AND NOT {lineage.IsListedChild("s")}";

    /// <summary>How many rows all pages have, but for <see cref="Unlisted"/> ?9: those of source ?3 whose folded title contains ?4 and that have ?7 messages.</summary>
    public string Total(SessionQuery query)
    {
        var shape = Shape(query);
        if (!_totals.TryGetValue(shape, out var sql))
        {
            // The usual question is answered without a look at any session.
            sql = HasParents && !query.IncludeChildren && Conditions(query).Length == 0
                ? "SELECT count(*) - json_array_length(?9) FROM sessions"
                : $"SELECT count(*) FROM sessions s WHERE {Filter(query, isFar: true)}";
            _totals.Add(shape, sql);
        }

        return sql;
    }

    // Of a query what makes its text another one, but for the order.
    private static SessionQuery Shape(SessionQuery query) => new()
    {
        Limit = 0,
        Source = query.Source is null ? null : "",
        TitleContains = HasTitleFilter(query) ? "" : null,
        IncludeChildren = query.IncludeChildren,
        Archived = query.Archived,
        Pinned = query.Pinned,
        MinMessages = query.MinMessages > 0 ? 1 : 0,
    };

    private string PageByIndex(SessionQuery query, bool isFar)
    {
        var page = $"""
            FROM sessions s
            WHERE {Filter(query, isFar)}{(query.Before is null ? "" : " AND s.started_at <= ?5 AND (s.started_at < ?5 OR s.rowid > ?6)")}
            ORDER BY s.started_at DESC, s.rowid LIMIT ?1 OFFSET ?2
            """;

        // What is far away is found in indexes alone.
        return isFar ? Rows($"SELECT s.rowid AS session, s.started_at AS time, 0 AS pinned {page}") : $"SELECT {row}, s.started_at, 0 {page}";
    }

    // The inner LIMIT keeps SQLite from putting the inner expressions in the place of their names, which would find each time three times over.
    private string PageBySorting(SessionQuery query)
    {
        var pinned = query.PinnedFirst && layout.HasSessionColumn("pinned") ? HasFlag(query, "pinned") : "0";
        var after = query.Before is null ? "" : "WHERE pinned < ?8 OR (pinned = ?8 AND (time < ?5 OR (time = ?5 AND session > ?6)))";
        return Rows($"""
            SELECT session, time, pinned FROM (
                SELECT s.rowid AS session, {(query.Order == SessionOrder.Recent ? LastActive(query) : "s.started_at")} AS time, {pinned} AS pinned
                FROM sessions s WHERE {Filter(query, isFar: false)} LIMIT -1)
            {after}
            ORDER BY pinned DESC, time DESC, session LIMIT ?1 OFFSET ?2
            """);
    }

    // The rows of a page that is found.
    private string Rows(string page) => $"""
        SELECT {row}, p.time, p.pinned FROM ({page}) p CROSS JOIN sessions s ON s.rowid = p.session
        ORDER BY p.pinned DESC, p.time DESC, p.session
        """;

    // A conversation is as active as its last session.
    private string LastActive(SessionQuery query)
    {
        string Of(string s) => $"COALESCE({lastTime(s)}, CASE WHEN typeof({s}.started_at) IN ('integer', 'real') THEN {s}.started_at ELSE 0 END)";
        return query.IncludeChildren || !HasParents ? Of("s")
            : $"CASE WHEN NOT {lineage.IsCompressed("s")} THEN {Of("s")} ELSE (SELECT {Of("l")} FROM sessions l WHERE l.rowid = {lineage.Last("s")}) END";
    }

    private string Filter(SessionQuery query, bool isFar)
    {
        var listed = query.IncludeChildren || !HasParents ? "1"
            : isFar ? "s.rowid NOT IN (SELECT value FROM json_each(?9))"
            : $"(+s.parent_session_id IS NULL OR {lineage.IsListedChild("s")})";
        return listed + Conditions(query);
    }

    // A conversation has the title of its last session, the flags of both its ends, and the messages of all. With children each session is listed by itself.
    private string Conditions(SessionQuery query)
    {
        (string Flag, SessionFlagFilter Filter)[] flags = [("hidden", SessionFlagFilter.Exclude), ("archived", query.Archived), ("pinned", query.Pinned)];
        var excluded = flags.Where(flag => flag.Filter == SessionFlagFilter.Exclude).Select(flag => flag.Flag).ToArray();
        var without = Without(layout, "s", excluded);
        if (without.Length > 0 && !query.IncludeChildren && HasParents)
            without += $" AND (NOT {lineage.IsCompressed("s")} OR EXISTS (SELECT 1 FROM sessions l WHERE l.rowid = {lineage.Last("s")}{Without(layout, "l", excluded)}))";

        var only = string.Concat(flags.Where(flag => flag.Filter == SessionFlagFilter.Only)
            .Select(flag => layout.HasSessionColumn(flag.Flag) ? $" AND {HasFlag(query, flag.Flag)}" : " AND 0"));
        var ofSource = query.Source is null ? "" : " AND +s.source = ?3";
        var titled = !HasTitleFilter(query) ? ""
            : !layout.HasSessionColumn("title") ? " AND 0"
            : query.IncludeChildren ? $" AND instr({SessionSql.FoldFunction}(s.title), ?4) > 0"
            : $" AND instr({SessionSql.FoldFunction}((SELECT l.title FROM sessions l WHERE l.rowid = {lineage.Last("s")})), ?4) > 0";
        return without + only + ofSource + titled + (query.MinMessages > 0 ? $" AND {Messages(query)} >= ?7" : "");
    }

    private string HasFlag(SessionQuery query, string flag) => query.IncludeChildren || !HasParents ? $"({IsSet("s", flag)})"
        : $"({IsSet("s", flag)} OR ({lineage.IsCompressed("s")} AND EXISTS (SELECT 1 FROM sessions l WHERE l.rowid = {lineage.Last("s")} AND {IsSet("l", flag)})))";

    private string Messages(SessionQuery query) => !layout.HasSessionColumn("message_count") ? "0"
        : query.IncludeChildren || !HasParents ? "CAST(s.message_count AS INTEGER)"
        : $"""
            (CASE WHEN NOT {lineage.IsCompressed("s")} THEN CAST(s.message_count AS INTEGER)
                ELSE (SELECT total(c.message_count) FROM sessions c WHERE c.rowid IN {lineage.All("s")}) END)
            """;
}
