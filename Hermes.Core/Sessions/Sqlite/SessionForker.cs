namespace Hermes.Core.Sessions.Sqlite;

/// <summary>Makes branches, on a connection within a write transaction.</summary>
internal static class SessionForker
{
    public static Session? Fork(
        Connection connection, (string SourceId, string Id, string? Title, bool HasTitle, DateTimeOffset Now) request)
    {
        if (SessionReader.FindExact(connection, request.SourceId) is not { } sourceRow)
        {
            return null;
        }

        if (SessionReader.FindExact(connection, request.Id) is not null)
        {
            throw new SessionValidationException("Invalid id: a session has it already");
        }

        var (sourceTitle, modelConfig) = ReadSource(connection, request.SourceId);
        var title = request.HasTitle ? request.Title : sourceTitle is null ? null : NextTitle(connection, sourceTitle);
        SessionWriter.CheckTitle(connection, title, request.Id);
        using (var session = connection.Use(connection.Sql.ForkSession))
        {
            session.Bind(1, request.SourceId)
                .Bind(2, request.Id)
                .Bind(3, NewSession.ApiServerSource)
                .Bind(4, ModelConfig.With(modelConfig, ModelConfig.BranchMark, request.SourceId) ?? ModelConfig.With(default, ModelConfig.BranchMark, request.SourceId)!)
                .Bind(5, UnixTime.ToSeconds(request.Now))
                .Bind(6, title)
                .Bind(7, request.Title is null ? null : "user")
                .Run();
        }

        using (var messages = connection.Use(connection.Sql.ForkMessages))
        {
            messages.Bind(1, request.SourceId).Bind(2, request.Id).Run();
        }

        if (connection.Sql.Recount is { } recount)
        {
            using var count = connection.Use(recount);
            count.Bind(1, request.Id).Run();
        }

        var row = SessionReader.FindExact(connection, request.Id)!.Value;
        if (SessionReader.GetSession(connection, sourceRow) is { HasApiSystemPrompt: true, SystemPrompt: { } prompt })
        {
            OwnPrompt.Note(connection, row, prompt);
        }

        return SessionReader.GetSession(connection, row);
    }

    private static (string? Title, byte[] ModelConfig) ReadSource(Connection connection, string id)
    {
        using var source = connection.Use(connection.Sql.WhatIsForked);
        source.Bind(1, id).Step();
        return (source.Text(0).AsText(), source.Utf8(1).ToArray());
    }

    /// <summary>The next title of a lineage, with the number after the highest that there is, so that none comes twice.</summary>
    private static string NextTitle(Connection connection, string title)
    {
        // The number's own digits take room from the title, and another title may have a longer number.
        for (var digits = 1; ; digits++)
        {
            var stem = SessionTitle.Stem(title, SessionTitle.MaxLength - SessionTitle.LineageMark.Length - digits);
            var next = SessionTitle.InLineage(stem, HighestNumber(connection, stem) + 1);
            if (next.Length - stem.Length - SessionTitle.LineageMark.Length <= digits)
            {
                return next;
            }
        }
    }

    private static long HighestNumber(Connection connection, string stem)
    {
        // Digits sort from "0" up to before ":".
        using var titles = connection.Use(SessionSql.WhichTitlesAreWithin);
        titles.Bind(1, stem + SessionTitle.LineageMark + "0").Bind(2, stem + SessionTitle.LineageMark + ":");
        var highest = 1L;
        while (titles.Step())
        {
            if (SessionTitle.LineageNumber(titles.Text(0).AsText()!, stem) is { } number)
            {
                highest = Math.Max(highest, number);
            }
        }

        return highest;
    }
}
