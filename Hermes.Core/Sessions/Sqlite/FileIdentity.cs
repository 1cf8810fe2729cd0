using System.Runtime.InteropServices;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>Tells one file from another that took its name.</summary>
/// <remarks>
/// On Linux device, inode and time of birth: the last because a freed inode's number is given out again at once. Elsewhere the
/// time of birth alone, which a replaced file has of its own. Nothing is opened: closing a handle of the database would drop
/// all locks that SQLite holds for this process.
/// </remarks>
internal readonly partial record struct FileIdentity(ulong Device, ulong Inode, long Born)
{
    /// <summary>The identity of the file that the path names now; null where there is none.</summary>
    public static FileIdentity? Read(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                return ReadLinux(path);
            }
            catch (TypeLoadException)
            {
                // A C library older than statx (glibc 2.28).
            }
        }

        return File.Exists(path) ? new FileIdentity(0, 0, File.GetCreationTimeUtc(path).Ticks) : null;
    }

    private static unsafe FileIdentity? ReadLinux(string path)
    {
        const int CurrentFolder = -100;
        const uint InodeAndBirth = 0x100 | 0x800;

        Status status;
        return StatX(CurrentFolder, path, 0, InodeAndBirth, &status) == 0
            ? new FileIdentity(
                ((ulong)status.DeviceMajor << 32) | status.DeviceMinor,
                status.Inode,
                unchecked((status.BornSeconds * 1_000_000_000) + status.BornNanoseconds))
            : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int StatX(int folder, string path, int flags, uint mask, Status* status);

    /// <summary>The kernel's <c>struct statx</c>, the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(80)]
        public long BornSeconds;

        [FieldOffset(88)]
        public uint BornNanoseconds;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
