using System.Runtime.InteropServices;

namespace Hermes.Core.IO;

/// <summary>What a stat of a path says, links followed. It is the version token of a file or folder: an equal one means that nothing changed.</summary>
/// <param name="IsRegularFile">Whether it has content of its own: what may be opened without waiting for anybody, and replaced.</param>
/// <param name="IsFolder">Whether it is a folder. What is neither is a pipe, socket or device: opening one may wait without end, and writing one is no storing.</param>
/// <param name="Length">The length in bytes; 0 for what is no regular file.</param>
/// <param name="LastWrite">When the content (of a folder: the set of its entries) last changed, UTC.</param>
internal readonly partial record struct FileStatus(bool IsRegularFile, bool IsFolder, long Length, DateTime LastWrite)
{
    // The coarsest clock among file systems in use is FAT's.
    private static readonly TimeSpan CoarsestClock = TimeSpan.FromSeconds(2);

    private static readonly bool HasStatX = OperatingSystem.IsLinux() && CanStatX();

    /// <summary>When anything of it last changed, in nanoseconds; unlike <see cref="LastWrite"/> no program sets it. 0 where .NET does not give it.</summary>
    public long LastChange { get; init; }
    /// <summary>The device and the inode: what another file that took the name has differently. 0 where .NET does not give them.</summary>
    public UInt128 Identity { get; init; }
    /// <summary>When it was created, in nanoseconds: a freed inode's number is given out again at once. 0 where the file system does not say.</summary>
    public long Created { get; init; }

    /// <summary>The status of what has a path, or of what a link of that name leads to.</summary>
    /// <returns>Null where there is nothing: no such name, or a link to nothing or in a circle.</returns>
    /// <exception cref="IOException">The system cannot say.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder above may not be entered.</exception>
    public static FileStatus? Find(IFileSystem fileSystem, string path) => HasStatX && fileSystem.GetType() == typeof(FileSystem)
        ? Stat(path)
        : Read(fileSystem.FileInfo.New(path)) ?? Read(fileSystem.DirectoryInfo.New(path));

    /// <summary>The status of a file, or of the file that a link leads to; null where there is none: nothing, a folder, or a link to nothing.</summary>
    public static FileStatus? FindFile(IFileSystem fileSystem, string path) => Find(fileSystem, path) is { IsFolder: false } status ? status : null;

    /// <summary>The status of a folder, or of the folder that a link leads to; null where there is none.</summary>
    public static FileStatus? FindFolder(IFileSystem fileSystem, string path) => Find(fileSystem, path) is { IsFolder: true } status ? status : null;

    /// <summary>The status of a file that is to be read or replaced, or of the one that a link leads to.</summary>
    /// <inheritdoc cref="Find" path="/exception"/>
    /// <returns>Null where nothing has the name: not even a link.</returns>
    /// <exception cref="NotRegularFileException">What has the name is no regular file, and leads to none; or what it should lie in is no folder.</exception>
    public static FileStatus? FindRegularFile(IFileSystem fileSystem, string path) => Find(fileSystem, path) switch
    {
        null when fileSystem.FileInfo.New(path).LinkTarget is not null => throw new NotRegularFileException("a link that leads nowhere"),
        null when FindFolderFault(fileSystem, fileSystem.Path.GetDirectoryName(path)!) is { } fault =>
            throw new NotRegularFileException($"in what is no folder but {fault}"),
        { IsFolder: true } => throw new NotRegularFileException("a folder"),
        { IsRegularFile: false } => throw new NotRegularFileException("a pipe or a device"),
        var status => status,
    };

    /// <summary>Says in words what stands where a folder, or one above it, should: a link that leads nowhere, a pipe or a device, a file.</summary>
    /// <returns>Null where the path is a folder's, or a link's to one, or can become one's.</returns>
    /// <inheritdoc cref="Find" path="/exception"/>
    public static string? FindFolderFault(IFileSystem fileSystem, string path, bool mayBeFile = false)
    {
        for (var part = path; part is not null; part = fileSystem.Path.GetDirectoryName(part))
        {
            switch (Find(fileSystem, part))
            {
                case { IsFolder: true }:
                    return null;
                case { IsRegularFile: true }:
                    return mayBeFile && part == path ? null : "a file";
                case not null:
                    return "a pipe or a device";
                case null when fileSystem.FileInfo.New(part).LinkTarget is not null:
                    return "a link that leads nowhere";
            }
        }

        return null;
    }

    /// <summary>Whether a later change is bound to show as another status than this, which was taken at a time.</summary>
    /// <remarks>It is not while the last write is so recent that a next one may get the same time, so what was read then has to be read again.</remarks>
    public bool IsSettled(DateTimeOffset now) => now.UtcDateTime - LastWrite > CoarsestClock;

    // Of other systems and of file systems in memory. .NET tells no pipe from a file; but what has no length is read by nobody.
    private static FileStatus? Read(IFileSystemInfo info)
    {
        try
        {
            // The times and the length that .NET gives for a link are the link's own, while it is the target that changes.
            if (Exists(info.Attributes) && info.LinkTarget is not null)
                info = FindTarget(info);

            var attributes = info.Attributes;
            var isFolder = attributes.HasFlag(FileAttributes.Directory);
            return Exists(attributes)
                ? new(!isFolder, isFolder, info is IFileInfo file && !isFolder ? file.Length : 0, info.LastWriteTimeUtc)
                : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    // Links that lead in a circle are an error to .NET; they lead to nothing, like any other link without a target.
    private static IFileSystemInfo FindTarget(IFileSystemInfo link)
    {
        try
        {
            return link.ResolveLinkTarget(returnFinalTarget: true)!;
        }
        catch (IOException exception)
        {
            throw new FileNotFoundException(message: null, exception);
        }
    }

    // .NET gives -1 as the attributes of what is not there.
    private static bool Exists(FileAttributes attributes) => (int)attributes != -1;

    private static unsafe FileStatus? Stat(string path)
    {
        const int NotPermitted = 1, NoEntry = 2, AccessDenied = 13, NoFolder = 20, LinksInACircle = 40;
        StatX stat;
        return StatX.Call(StatX.CurrentFolder, path, 0, StatX.BasicAndBirth, &stat) == 0 ? stat.ToStatus() : Marshal.GetLastPInvokeError() switch
        {
            NoEntry or NoFolder or LinksInACircle => null,
            NotPermitted or AccessDenied => throw new UnauthorizedAccessException(),
            var error => throw new IOException(Marshal.GetPInvokeErrorMessage(error)),
        };
    }

    // Not with a C library from before 2018, nor where a sandbox forbids it.
    private static bool CanStatX()
    {
        try
        {
            return Stat("/") is not null;
        }
        catch (Exception exception) when (exception is TypeLoadException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// The kernel's <c>struct statx</c>, the same on every architecture. .NET has none of what is needed here: whether a name is a pipe's or a
    /// device's, before it is opened and waited for; the inode, by which a hard link to <c>.env</c> is known; the time of change (ctime), which
    /// shows a write whose time was set back. The price is this structure.
    /// </summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private partial struct StatX
    {
        public const int CurrentFolder = -100;
        public const uint BasicAndBirth = 0x7FF | 0x800;
        private const int TypeMask = 0xF000, Folder = 0x4000, RegularFile = 0x8000;

        // Of the years 1 and 9999.
        private const long FirstSecond = -62_135_596_800, LastSecond = 253_402_300_799;

        [FieldOffset(28)] private readonly ushort _mode;
        [FieldOffset(32)] private readonly ulong _inode;
        [FieldOffset(40)] private readonly ulong _length;
        [FieldOffset(80)] private readonly Time _birth;
        [FieldOffset(96)] private readonly Time _lastChange;
        [FieldOffset(112)] private readonly Time _lastWrite;
        [FieldOffset(136)] private readonly uint _deviceMajor;
        [FieldOffset(140)] private readonly uint _deviceMinor;

        public readonly FileStatus ToStatus()
        {
            var isFile = (_mode & TypeMask) == RegularFile;
            var seconds = Math.Clamp(_lastWrite.Seconds, FirstSecond, LastSecond);
            var lastWrite = DateTime.UnixEpoch.AddTicks((seconds * TimeSpan.TicksPerSecond) + (_lastWrite.Nanoseconds / TimeSpan.NanosecondsPerTick));
            return new(isFile, (_mode & TypeMask) == Folder, isFile ? (long)_length : 0, lastWrite)
            {
                LastChange = _lastChange.ToNanoseconds(),
                Identity = new(((ulong)_deviceMajor << 32) | _deviceMinor, _inode),
                Created = _birth.ToNanoseconds(),
            };
        }

        [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static unsafe partial int Call(int folder, string path, int flags, uint mask, StatX* stat);

        private readonly record struct Time(long Seconds, uint Nanoseconds)
        {
            public long ToNanoseconds() => unchecked((Seconds * 1_000_000_000) + Nanoseconds);
        }
    }
}
