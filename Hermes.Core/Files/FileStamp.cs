using System.IO.Abstractions;

namespace Hermes.Core.Files;

/// <summary>What tells one state of a file or folder from the next without opening it.</summary>
/// <param name="Length">The length in bytes; 0 for folders, pipes and devices.</param>
/// <param name="LastWrite">When the content (of a folder: the set of its entries) last changed, UTC.</param>
/// <param name="Folder">The device and the number by which the system tells a folder from another that took its name; 0 for files, and where .NET does not give it.</param>
internal readonly record struct FileStamp(long Length, DateTime LastWrite, UInt128 Folder = default)
{
    // The coarsest clock among file systems in use is FAT's.
    private static readonly TimeSpan CoarsestClock = TimeSpan.FromSeconds(2);

    /// <summary>The stamp of a file, or of the file that a link leads to.</summary>
    /// <returns>Null where there is no file: nothing, a folder, or a link to nothing.</returns>
    /// <exception cref="IOException">The file cannot be looked at.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder above the file may not be entered.</exception>
    public static FileStamp? FindFile(IFileSystem fileSystem, string path) => LinuxStatus.Serves(fileSystem)
        ? ReadLinux(path, isFolder: false)
        : Read(fileSystem.FileInfo.New(path), isFolder: false);

    /// <summary>The stamp of a folder, or of the folder that a link leads to.</summary>
    /// <inheritdoc cref="FindFile" path="/exception"/>
    /// <returns>Null where there is no folder.</returns>
    public static FileStamp? FindFolder(IFileSystem fileSystem, string path) => LinuxStatus.Serves(fileSystem)
        ? ReadLinux(path, isFolder: true)
        : Read(fileSystem.DirectoryInfo.New(path), isFolder: true);

    /// <summary>
    /// Whether a later change is bound to show as another stamp. It is not while the last write is so recent that a next one may get the
    /// same time, so what was read then has to be read again.
    /// </summary>
    /// <param name="now">The time at which the stamp was taken.</param>
    public bool IsSettled(DateTimeOffset now) => now.UtcDateTime - LastWrite > CoarsestClock;

    private static FileStamp? ReadLinux(string path, bool isFolder) =>
        FromLinux(LinuxStatus.Read(path, out var status), in status, isFolder);

    internal static FileStamp? FromLinux(int result, in LinuxStatus status, bool isFolder) => result switch
    {
        0 when status.IsFolder != isFolder => null,
        0 when isFolder => new(0, status.LastWrite, new UInt128(((ulong)status.DeviceMajor << 32) | status.DeviceMinor, status.Inode)),
        0 => new((long)status.Length, status.LastWrite),
        var error when LinuxError.IsMissing(error) => null,
        var error => throw LinuxError.ToException(error),
    };

    private static FileStamp? Read(IFileSystemInfo info, bool isFolder)
    {
        var target = Follow(info, out var attributes);
        return target is null || attributes.HasFlag(FileAttributes.Directory) != isFolder
            ? null
            : new FileStamp(target is IFileInfo file ? file.Length : 0, target.LastWriteTimeUtc);
    }

    // The times and the length that .NET gives for a link are the link's own, while it is the target that changes.
    private static IFileSystemInfo? Follow(IFileSystemInfo info, out FileAttributes attributes)
    {
        try
        {
            attributes = info.Attributes;
            if (Exists(attributes) && attributes.HasFlag(FileAttributes.ReparsePoint) && info.LinkTarget is not null)
            {
                info = FindTarget(info);
                attributes = info.Attributes;
            }

            return Exists(attributes) ? info : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            attributes = default;
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
}
