using System.IO.Abstractions;
using System.Runtime.InteropServices;

namespace Hermes.Core.Files;

/// <summary>What Linux knows of a file: the kernel's <c>struct statx</c>, the same on every architecture.</summary>
/// <remarks>One system call and no garbage. What .NET has for it asks for the user's id as well, and takes another call for a link.</remarks>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal partial struct LinuxStatus
{
    private const int CurrentFolder = -100;
    private const uint BasicAndBirth = 0x7FF | 0x800;
    private const ushort TypeMask = 0xF000;
    private const ushort Folder = 0x4000;
    private const ushort RegularFile = 0x8000;

    // Of the years 1 and 9999.
    private const long FirstSecond = -62_135_596_800;
    private const long LastSecond = 253_402_300_799;

    [FieldOffset(28)]
    private readonly ushort _mode;

    [FieldOffset(32)]
    public ulong Inode;

    [FieldOffset(40)]
    public ulong Length;

    [FieldOffset(80)]
    public long BornSeconds;

    [FieldOffset(88)]
    public uint BornNanoseconds;

    [FieldOffset(96)]
    private readonly long _lastChangeSeconds;

    [FieldOffset(104)]
    private readonly uint _lastChangeNanoseconds;

    [FieldOffset(112)]
    private readonly long _lastWriteSeconds;

    [FieldOffset(120)]
    private readonly uint _lastWriteNanoseconds;

    [FieldOffset(136)]
    public uint DeviceMajor;

    [FieldOffset(140)]
    public uint DeviceMinor;

    /// <summary>Whether this process can ask: not on other systems, with a C library from before 2018, or where a sandbox forbids it.</summary>
    public static bool IsAvailable { get; } = OperatingSystem.IsLinux() && CanAsk();

    /// <summary>Whether it is a folder.</summary>
    public readonly bool IsFolder => (_mode & TypeMask) == Folder;

    /// <summary>Whether it is a file with content of its own: no folder, pipe, socket or device.</summary>
    public readonly bool IsRegularFile => (_mode & TypeMask) == RegularFile;

    /// <summary>The device and the number on it, which no two files have at the same time.</summary>
    public readonly UInt128 Identity => new(((ulong)DeviceMajor << 32) | DeviceMinor, Inode);

    /// <summary>When the content, name, mode or another property last changed (ctime), in nanoseconds. No program can set it.</summary>
    public readonly long LastChange => unchecked((_lastChangeSeconds * 1_000_000_000) + _lastChangeNanoseconds);

    /// <summary>When the content last changed, UTC, as precisely as .NET gives it. Times that .NET has no room for are its first or last.</summary>
    public readonly DateTime LastWrite
    {
        get
        {
            var seconds = Math.Clamp(_lastWriteSeconds, FirstSecond, LastSecond);
            return DateTime.UnixEpoch.AddTicks((seconds * TimeSpan.TicksPerSecond) + (_lastWriteNanoseconds / TimeSpan.NanosecondsPerTick));
        }
    }

    /// <summary>Whether paths of this file system are this machine's, so that they can be asked for here.</summary>
    public static bool Serves(IFileSystem fileSystem) => IsAvailable && fileSystem.GetType() == typeof(FileSystem);

    /// <summary>Asks for the status of a file or folder, or of what a link leads to.</summary>
    /// <returns>0, or the number of the system's error.</returns>
    public static unsafe int Read(string path, out LinuxStatus status)
    {
        fixed (LinuxStatus* buffer = &status)
        {
            return StatX(CurrentFolder, path, 0, BasicAndBirth, buffer) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    private static bool CanAsk()
    {
        try
        {
            return Read("/", out _) == 0;
        }
        catch (TypeLoadException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int StatX(int folder, string path, int flags, uint mask, LinuxStatus* status);
}
