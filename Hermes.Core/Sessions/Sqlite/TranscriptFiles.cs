namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The files that some agents write beside the database and that carry a session's id.</summary>
internal static class TranscriptFiles
{
    /// <summary>The agent's index of sessions, which a session with a clever id must not take along.</summary>
    private const string Index = "sessions.json";

    /// <summary>Deletes the files of a session that is gone.</summary>
    /// <param name="folder">The home's folder of transcripts. Nothing outside of it, or below it, is touched.</param>
    /// <param name="id">The session's id, which may be any text.</param>
    /// <param name="similarIds">Sessions that stay and whose ids begin with this one and an underscore: their dumps are not its.</param>
    /// <returns>How many could not be deleted.</returns>
    public static int Delete(string folder, string id, IReadOnlyCollection<string> similarIds)
    {
        if (id.AsSpan().ContainsAny('/', '\\', '\0') || !Directory.Exists(folder))
        {
            return 0;
        }

        var failed = 0;
        string[] names = [$"{id}.json", $"session_{id}.json", $"{id}.jsonl", .. Dumps(folder, id, similarIds)];
        foreach (var name in names)
        {
            var path = Path.GetFullPath(Path.Join(folder, name));
            if (Path.GetDirectoryName(path) == folder && Path.GetFileName(path) == name && name != Index && !TryDelete(path))
            {
                failed++;
            }
        }

        return failed;
    }

    private static IEnumerable<string> Dumps(string folder, string id, IReadOnlyCollection<string> similarIds)
    {
        // Not as a search pattern: the id may hold wildcards.
        var prefix = $"request_dump_{id}_";
        return Directory.EnumerateFiles(folder)
            .Select(path => Path.GetFileName(path))
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal)
                && name.EndsWith(".json", StringComparison.Ordinal)
                && !similarIds.Any(other => name.StartsWith($"request_dump_{other}_", StringComparison.Ordinal)));
    }

    private static bool TryDelete(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
