using Hermes.Core.Files;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>Tells one file from another that took its name.</summary>
/// <remarks>
/// On Linux device, inode and time of birth: the last because a freed inode's number is given out again at once. Elsewhere the
/// time of birth alone, which a replaced file has of its own. Nothing is opened: closing a handle of the database would drop
/// all locks that SQLite holds for this process.
/// </remarks>
internal readonly record struct FileIdentity(ulong Device, ulong Inode, long Born)
{
    /// <summary>The identity of the file that the path names now; null where it names nothing.</summary>
    /// <exception cref="SessionStoreUnavailableException">It names something that cannot be read as a database, see <see cref="FileFault"/>.</exception>
    public static FileIdentity? Read(string path)
    {
        if (!LinuxStatus.IsAvailable)
        {
            return ReadPortably(path);
        }

        var error = LinuxStatus.Read(path, out var status);
        if (error != 0)
        {
            FileFault.Check(path, error);
            return null;
        }

        if (!status.IsRegularFile)
        {
            throw FileFault.NoRegularFile();
        }

        if (status.Length == 0)
        {
            FileFault.CheckEmpty(path);
        }

        return new FileIdentity(
            ((ulong)status.DeviceMajor << 32) | status.DeviceMinor,
            status.Inode,
            unchecked((status.BornSeconds * 1_000_000_000) + status.BornNanoseconds));
    }

    private static FileIdentity? ReadPortably(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Exists)
            {
                if (file.LinkTarget is null && file.Length == 0)
                {
                    FileFault.CheckEmpty(path);
                }

                return new FileIdentity(0, 0, file.CreationTimeUtc.Ticks);
            }

            // Throws where a folder above may not be entered.
            return File.GetAttributes(path).HasFlag(FileAttributes.Directory) ? throw FileFault.NoRegularFile() : throw FileFault.LeadsNowhere();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            FileFault.CheckMissing(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Denied(e);
        }
    }
}
