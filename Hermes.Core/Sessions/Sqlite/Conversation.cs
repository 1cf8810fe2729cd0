namespace Hermes.Core.Sessions.Sqlite;

/// <summary>A conversation: one session, or one with those that continue it.</summary>
/// <param name="Sessions">Its sessions in their order, one at least.</param>
internal sealed record Conversation(IReadOnlyList<SessionKey> Sessions)
{
    public SessionKey First => Sessions[0];

    public SessionKey Last => Sessions[^1];

    /// <summary>Whether it has more than one session.</summary>
    public bool IsContinued => Sessions.Count > 1;

    /// <summary>The rows of its sessions, as a JSON array.</summary>
    public string Rows { get; } = $"[{string.Join(',', Sessions.Select(session => session.Row.ToString(CultureInfo.InvariantCulture)))}]";

    /// <summary>The conversation that a session belongs to.</summary>
    public static Conversation Of(Connection connection, SessionKey session)
    {
        if (!session.MayBePart) return new Conversation([session]);

        var sessions = new List<SessionKey>();
        for (SessionKey? previous = session; previous is not null; previous = Find(connection, connection.Sql.Lineage.Previous, previous.Value.Row))
            sessions.Add(previous.Value);

        sessions.Reverse();
        while (Find(connection, connection.Sql.Lineage.Next, sessions[^1].Row) is { } next)
            sessions.Add(next);

        return new Conversation(sessions);
    }

    private static SessionKey? Find(Connection connection, string sql, long row)
    {
        using var statement = connection.Use(sql);
        return statement.Bind(1, row).Step() ? new SessionKey(statement.Int64(0), statement.Utf8(1).ToArray(), MayBePart: true) : null;
    }
}

/// <summary>A session that was found.</summary>
/// <param name="Row">Its row.</param>
/// <param name="Id">Its id, as UTF-8.</param>
/// <param name="MayBePart">Whether it may be one of several of a <see cref="Conversation"/>.</param>
internal readonly record struct SessionKey(long Row, byte[] Id, bool MayBePart);
