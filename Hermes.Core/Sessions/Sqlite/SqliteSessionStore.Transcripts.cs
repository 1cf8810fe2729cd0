namespace Hermes.Core.Sessions.Sqlite;

internal sealed partial class SqliteSessionStore
{
    /// <summary>Deletes the files that some agents write beside the database and that carry the id of a session that is gone.</summary>
    /// <remarks>The sessions are gone, whatever becomes of their files: nothing of this is the caller's error.</remarks>
    private async Task DeleteTranscriptsAsync(HashSet<string> deleted)
    {
        var left = 0;
        try
        {
            // Links to folders are no files, and may be a transcript's.
            var paths = Directory.GetFileSystemEntries(_home.SessionsFolder).Where(path => PossibleIds(path).Any(deleted.Contains)).ToList();
            left = paths.Count;

            // A file that a session which stays could have written is its.
            var ids = paths.SelectMany(PossibleIds).Distinct();
            var stay = await _readers.ReadAsync(
                connection => ids.Where(id => SessionReader.FindExact(connection, id) is not null).ToHashSet(), missing: [], CancellationToken.None)
                .ConfigureAwait(false);
            left = paths.Count(path => !PossibleIds(path).Any(stay.Contains) && !TryDelete(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (e is not DirectoryNotFoundException)
                LogTranscriptsUnknown(_logger);
        }
        catch (SessionStoreUnavailableException)
        {
            // They are left.
        }

        if (left > 0)
            LogTranscriptsLeft(_logger, left);
    }

    // The ids of all sessions that a file could be of: session_a.json may be of a, or of session_a. The agent's index of sessions is of none.
    private static IEnumerable<string> PossibleIds(string path)
    {
        const string Json = ".json", Lines = ".jsonl", Session = "session_", Dump = "request_dump_";
        var name = Path.GetFileName(path);
        if (name.EndsWith(Lines, StringComparison.Ordinal)) return [name[..^Lines.Length]];
        if (name == "sessions.json" || !name.EndsWith(Json, StringComparison.Ordinal)) return [];

        var stem = name[..^Json.Length];
        var ids = new List<string> { stem };
        if (stem.StartsWith(Session, StringComparison.Ordinal))
            ids.Add(stem[Session.Length..]);

        for (var end = stem.StartsWith(Dump, StringComparison.Ordinal) ? stem.IndexOf('_', Dump.Length) : -1; end >= 0; end = stem.IndexOf('_', end + 1))
            ids.Add(stem[Dump.Length..end]);

        return ids;
    }

    // Of a link the link alone.
    private static bool TryDelete(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e is DirectoryNotFoundException;
        }
    }

    [LoggerMessage(2, LogLevel.Warning, "A session was deleted, but the folder of transcripts could not be listed: some of its files may be left")]
    private static partial void LogTranscriptsUnknown(ILogger logger);

    [LoggerMessage(1, LogLevel.Warning, "A session was deleted, but {Count} of its transcript files could not be")]
    private static partial void LogTranscriptsLeft(ILogger logger, int count);
}
