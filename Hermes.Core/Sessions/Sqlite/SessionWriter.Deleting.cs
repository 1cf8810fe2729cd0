namespace Hermes.Core.Sessions.Sqlite;

internal static partial class SessionWriter
{
    /// <summary>Deletes a conversation.</summary>
    /// <returns>The ids of the sessions that are gone; null where there is none with this id.</returns>
    public static List<string>? Delete(Connection connection, string id, DateTimeOffset now)
    {
        if (SessionReader.FindConversation(connection, id) is not { } conversation) return null;

        TurnLeases.CheckMayChange(connection, conversation, now);
        connection.Execute(SessionSql.CheckForeignKeysAtCommit);
        var deleted = WithDependents(connection, conversation);
        var prompts = PromptsOf(connection, deleted);
        RunForEach(SessionSql.DeleteMessages);
        RunForEach(SessionSql.DeleteSession);

        // Those that are left over below a deleted session go on by themselves.
        if (connection.Sql.Layout.HasSessionColumn("parent_session_id"))
            RunForEach(SessionSql.DetachChildren);

        if (connection.Sql.Layout.HasRouting)
            RunForEach(SessionSql.DeleteRouting);

        foreach (var prompt in prompts)
            connection.Use(SessionSql.DeletePromptOfNobody).Bind(1, prompt).Run();

        return deleted.ConvertAll(session => FieldValue.Text(session.Id).AsText()!);

        void RunForEach(string sql)
        {
            foreach (var session in deleted)
                connection.Use(sql).Bind(1, session.Id).Run();
        }
    }

    // The sessions of a conversation, and all that are nothing without them.
    private static List<SessionKey> WithDependents(Connection connection, Conversation conversation)
    {
        var sessions = new List<SessionKey>(conversation.Sessions);
        var rows = sessions.Select(session => session.Row).ToHashSet();
        for (var i = 0; i < sessions.Count; i++)
        {
            using var dependents = connection.Use(connection.Sql.Lineage.Dependents);
            dependents.Bind(1, sessions[i].Row);
            while (dependents.Step())
            {
                if (rows.Add(dependents.Int64(0)))
                    sessions.Add(new SessionKey(dependents.Int64(0), dependents.Utf8(1).ToArray(), MayBePart: true));
            }
        }

        return sessions;
    }

    private static HashSet<string> PromptsOf(Connection connection, List<SessionKey> sessions)
    {
        var prompts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var session in connection.Sql.Layout.HasSystemPrompts ? sessions : [])
        {
            using var statement = connection.Use(SessionSql.WhichPromptIsUsed);
            if (statement.Bind(1, session.Id).Step() && statement.Text(0).AsText() is { } prompt)
                prompts.Add(prompt);
        }

        return prompts;
    }
}
