using Hermes.Core.IO;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>Tells one file from another that took its name.</summary>
/// <remarks>
/// On Linux device, inode and time of birth: the last because a freed inode's number is given out again at once. Elsewhere the
/// time of birth alone, which a replaced file has of its own. Nothing is opened: closing a handle of the database would drop
/// all locks that SQLite holds for this process.
/// </remarks>
internal readonly record struct FileIdentity(UInt128 Inode, long Created)
{
    private static readonly FileSystem Files = new();

    /// <summary>The identity of the file that the path names now; null where it names nothing.</summary>
    /// <exception cref="SessionStoreUnavailableException">It names something that cannot be read as a database, see <see cref="FileFault"/>.</exception>
    public static FileIdentity? Read(string path)
    {
        try
        {
            switch (FileStatus.Find(Files, path))
            {
                case null:
                    FileFault.CheckMissing(path);
                    return null;
                case { IsRegularFile: false }:
                    throw FileFault.NoRegularFile();
                case { } status:
                    if (status.Length == 0)
                        FileFault.CheckEmpty(path);

                    return status.Identity != 0 ? new(status.Identity, status.Created) : new(0, File.GetCreationTimeUtc(path).Ticks);
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw FileFault.Denied(e);
        }
        catch (IOException e)
        {
            throw SqliteFailure.Refused("state.db cannot be found out about", e);
        }
    }
}
