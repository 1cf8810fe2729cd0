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
    /// <summary>The identity of the file that the path names now; null where there is none.</summary>
    public static FileIdentity? Read(string path)
    {
        if (!LinuxStatus.IsAvailable)
        {
            return File.Exists(path) ? new FileIdentity(0, 0, File.GetCreationTimeUtc(path).Ticks) : null;
        }

        return LinuxStatus.Read(path, out var status) == 0
            ? new FileIdentity(
                ((ulong)status.DeviceMajor << 32) | status.DeviceMinor,
                status.Inode,
                unchecked((status.BornSeconds * 1_000_000_000) + status.BornNanoseconds))
            : null;
    }
}
