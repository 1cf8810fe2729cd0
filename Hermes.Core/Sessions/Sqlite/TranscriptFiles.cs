namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The files that some agents write beside the database and that carry a session's id.</summary>
internal static class TranscriptFiles
{
    /// <summary>The agent's index of sessions, which a session with a clever id must not take along.</summary>
    private const string Index = "sessions.json";

    private const string Json = ".json";
    private const string Lines = ".jsonl";
    private const string Dump = "request_dump_";
    private const string Session = "session_";

    /// <summary>The paths of the files of some sessions, which need not exist.</summary>
    /// <param name="folder">The home's folder of transcripts. No path leads out of it, or below it.</param>
    /// <param name="ids">The sessions' ids, which may be any text.</param>
    /// <param name="isListed">Whether the folder could be listed: where it could not, files that have more than the id in their names are not known.</param>
    public static List<string> Of(string folder, IReadOnlyCollection<string> ids, out bool isListed)
    {
        isListed = true;
        string[] present = [];
        try
        {
            present = Directory.GetFiles(folder);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            isListed = false;
        }

        // Not as a search pattern: an id may hold wildcards.
        var dumps = present.Select(path => Path.GetFileName(path))
            .Where(name => name.StartsWith(Dump, StringComparison.Ordinal) && name.EndsWith(Json, StringComparison.Ordinal)).ToList();
        return ids.Where(id => !id.AsSpan().ContainsAny('/', '\\', '\0'))
            .SelectMany(id => dumps.Where(name => name.StartsWith($"{Dump}{id}_", StringComparison.Ordinal))
                .Concat([id + Json, Session + id + Json, id + Lines]))
            .Where(name => IsWithin(folder, name))
            .Select(name => Path.Join(folder, name))
            .Distinct()
            .ToList();
    }

    /// <summary>The ids of all sessions that a file could be of: <c>session_a.json</c> may be of <c>a</c>, or of <c>session_a</c>.</summary>
    public static IEnumerable<string> PossibleIds(string path)
    {
        var name = Path.GetFileName(path);
        if (name.EndsWith(Lines, StringComparison.Ordinal)) return [name[..^Lines.Length]];

        var stem = name[..^Json.Length];
        var ids = new List<string> { stem };
        if (stem.StartsWith(Session, StringComparison.Ordinal))
            ids.Add(stem[Session.Length..]);

        for (var end = stem.StartsWith(Dump, StringComparison.Ordinal) ? stem.IndexOf('_', Dump.Length) : -1; end >= 0; end = stem.IndexOf('_', end + 1))
            ids.Add(stem[Dump.Length..end]);

        return ids;
    }

    /// <summary>Deletes a file, of a link the link alone; says whether it is gone.</summary>
    public static bool TryDelete(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    private static bool IsWithin(string folder, string name)
    {
        var path = Path.GetFullPath(Path.Join(folder, name));
        return Path.GetDirectoryName(path) == folder && Path.GetFileName(path) == name && name != Index;
    }
}
