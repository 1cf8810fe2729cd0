using Hermes.Core.IO;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>Tells one file from another that took its name, and finds out which ones SQLite had better not be given: it would wait, make a file elsewhere, or delete a log.</summary>
/// <remarks>
/// <para>On Linux device, inode and time of birth: the last because a freed inode's number is given out again at once. Elsewhere the time of birth
/// alone, which a replaced file has of its own. Nothing is opened: closing a handle of the database would drop all locks that SQLite holds for this process.</para>
/// <para>A home that is there and cannot be read is not an empty one. The reasons are for clients: they name no path. On systems other than Linux .NET
/// does not tell pipes and devices from files: there they are given to SQLite.</para>
/// </remarks>
internal readonly record struct FileIdentity(UInt128 Inode, long Created)
{
    private static readonly FileSystem Files = new();

    /// <summary>The identity of the file that the path names now; null where it names nothing.</summary>
    /// <exception cref="SessionStoreUnavailableException">It names something that cannot be read as a database.</exception>
    public static FileIdentity? Read(string path)
    {
        try
        {
            if (FileStatus.Find(Files, path) is not { } status)
            {
                CheckMissing(path);
                return null;
            }

            if (!status.IsRegularFile) throw SqliteFailure.Refused("state.db is no regular file");

            // Beside an empty file SQLite would delete the log with all that is in it.
            if (status.Length == 0 && new FileInfo(Target(path) + "-wal") is { Exists: true, Length: > 0 })
                throw SqliteFailure.Refused("state.db is empty and its log, state.db-wal, is not: restore state.db, or move the log away");

            return status.Identity != 0 ? new(status.Identity, status.Created) : new(0, File.GetCreationTimeUtc(path).Ticks);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw e is IOException ? SqliteFailure.Refused("state.db cannot be found out about", e) : Denied(e);
        }
    }

    /// <summary>Refuses pipes and other things in the places of the files that SQLite keeps beside a database: it would wait for them without end.</summary>
    public static void CheckBeside(string path)
    {
        var target = Target(path);
        foreach (var suffix in (string[])["-wal", "-shm", "-journal"])
        {
            if (FileStatus.Find(Files, target + suffix) is { IsRegularFile: false })
                throw SqliteFailure.Refused($"state.db{suffix} is no regular file");
        }
    }

    // Returns where nothing has the name, up to a folder that is there: links without an end and files in a folder's place are something.
    private static void CheckMissing(string path)
    {
        for (var name = path; name is not null && !Directory.Exists(name); name = Path.GetDirectoryName(name))
        {
            if (new FileInfo(name).LinkTarget is not null)
                throw SqliteFailure.Refused($"state.db, or a folder above it, is a link that leads {(IsCircle(name) ? "in a circle" : "nowhere")}");

            if (name != path && File.Exists(name)) throw SqliteFailure.Refused("the home, or what stands in its path, is no folder");
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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is not found is just being created, or was deleted.
            return e is FileNotFoundException or DirectoryNotFoundException ? path : throw Denied(e);
        }
    }

    private static SessionStoreUnavailableException Denied(Exception inner) =>
        SqliteFailure.Refused("state.db may not be read: check the rights of the home's folder and those above it", inner);
}
