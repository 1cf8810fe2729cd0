namespace Hermes.Core.Sessions.Sqlite;

internal static partial class SessionWriter
{
    /// <summary>Makes a branch of a conversation.</summary>
    /// <returns>The branch; null where there is no session with the id.</returns>
    public static Session? Fork(Connection connection, string sourceId, string id, string? givenTitle, bool hasTitle, DateTimeOffset now)
    {
        if (SessionReader.FindConversation(connection, sourceId) is not { } source) return null;
        if (SessionReader.FindExact(connection, id) is not null) throw new SessionValidationException("Invalid id: a session has it already");

        var (sourceTitle, modelConfig) = ReadSource(connection, source.Last);
        var title = hasTitle ? givenTitle : sourceTitle is null ? null : NextTitle(connection, sourceTitle);
        CheckTitle(connection, title, conversation: null);
        connection.Use(connection.Sql.ForkSession).Bind(1, source.Last.Id).Bind(2, id).Bind(3, NewSession.ApiServerSource)
            .Bind(4, ModelConfig.OfBranch(modelConfig, source.Last)).Bind(5, UnixTime.ToSeconds(now)).Bind(6, title).Bind(7, givenTitle is null ? null : "user").Run();

        // Copies what the model has, and before it what people see beside that, as archived. Where a file cannot say what is archived the model would get
        // all that was compacted away: then the branch begins where the last session does.
        if (source.IsContinued && connection.Sql.ContinuedMessages.ForkEarlier is { } earlier)
            connection.Use(earlier).Bind(1, source.Rows).Bind(2, id).Bind(3, source.Last.Id).Run();

        connection.Use(connection.Sql.Messages.Fork).Bind(1, source.Last.Id).Bind(2, id).Run();
        if (connection.Sql.Recount is { } recount)
            connection.Use(recount).Bind(1, id).Run();

        var branch = SessionReader.FindConversation(connection, id)!;
        if (SessionReader.GetConversation(connection, source) is { HasApiSystemPrompt: true, SystemPrompt: { } prompt })
            ModelConfig.NoteOwnPrompt(connection, branch.Last.Row, prompt);

        return SessionReader.GetConversation(connection, branch);
    }

    private static (string? Title, byte[] ModelConfig) ReadSource(Connection connection, SessionKey session)
    {
        using var source = connection.Use(connection.Sql.WhatIsForked);
        source.Bind(1, session.Id).Step();
        return (source.Text(0).AsText(), source.Utf8(1).ToArray());
    }

    // With the number after the highest that there is, so that none comes twice.
    private static string NextTitle(Connection connection, string title)
    {
        // The number's own digits take room from the title, and another title may have a longer number.
        for (var digits = 1; ; digits++)
        {
            var stem = SessionTitle.Stem(title, SessionTitle.MaxLength - SessionTitle.LineageMark.Length - digits);
            var next = SessionTitle.InLineage(stem, HighestNumber(connection, stem) + 1);
            if (next.Length - stem.Length - SessionTitle.LineageMark.Length <= digits) return next;
        }
    }

    private static long HighestNumber(Connection connection, string stem)
    {
        // Digits sort from "0" up to before ":".
        using var titles = connection.Use(SessionSql.WhichTitlesAreWithin);
        titles.Bind(1, stem + SessionTitle.LineageMark + "0").Bind(2, stem + SessionTitle.LineageMark + ":");
        var highest = 1L;
        while (titles.Step())
            highest = Math.Max(highest, SessionTitle.LineageNumber(titles.Text(0).AsText()!, stem) ?? 1);

        return highest;
    }
}
