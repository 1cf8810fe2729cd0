using Hermes.Core.IO;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>Finds out, without opening anything, that SQLite had better not be given a file: it would wait, make a file elsewhere, or delete a log.</summary>
/// <remarks>
/// A home that is there and cannot be read is not an empty one. The reasons are for clients: they name no path.
/// What .NET tells on systems other than Linux does not tell pipes and devices from files: there they are given to SQLite.
/// </remarks>
internal static class FileFault
{
    private static readonly string[] Beside = ["-wal", "-shm", "-journal"];
    private static readonly FileSystem Files = new();

    public static SessionStoreUnavailableException NoRegularFile() => SqliteFailure.Refused("state.db is no regular file");

    public static SessionStoreUnavailableException Denied(Exception? inner = null) =>
        SqliteFailure.Refused("state.db may not be read: check the rights of the home's folder and those above it", inner);

    /// <summary>Returns where nothing has the name, up to a folder that is there: links without an end and files in a folder's place are something.</summary>
    public static void CheckMissing(string path)
    {
        for (var name = path; name is not null && !Directory.Exists(name); name = Path.GetDirectoryName(name))
        {
            if (new FileInfo(name).LinkTarget is not null)
                throw SqliteFailure.Refused($"state.db, or a folder above it, is a link that leads {(IsCircle(name) ? "in a circle" : "nowhere")}");

            if (name != path && File.Exists(name))
                throw SqliteFailure.Refused("the home, or what stands in its path, is no folder");
        }
    }

    /// <summary>Refuses an empty file beside a log that is not empty, which SQLite would delete with all that is in it.</summary>
    public static void CheckEmpty(string path)
    {
        var log = new FileInfo(Target(path) + "-wal");
        if (log.Exists && log.Length > 0)
            throw SqliteFailure.Refused("state.db is empty and its log, state.db-wal, is not: restore state.db, or move the log away");
    }

    /// <summary>Refuses pipes and other things in the places of the files that SQLite keeps beside a database: it would wait for them without end.</summary>
    public static void CheckBeside(string path)
    {
        var target = Target(path);
        foreach (var suffix in Beside)
        {
            if (FileStatus.Find(Files, target + suffix) is { IsRegularFile: false })
                throw SqliteFailure.Refused($"state.db{suffix} is no regular file");
        }
    }

    // .NET follows no circle, and finds the target of a link whether it is there or not.
    private static bool IsCircle(string link)
    {
        try
        {
            File.ResolveLinkTarget(link, returnFinalTarget: true);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    // SQLite follows the links to the database before it names the files beside it.
    private static string Target(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // It is just being created, or was deleted.
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Denied(e);
        }
    }
}
