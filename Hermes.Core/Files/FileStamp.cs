using System.IO.Abstractions;

namespace Hermes.Core.Files;

/// <summary>What tells one state of a file or folder from the next without opening it.</summary>
/// <param name="Length">The length in bytes; 0 for what is no regular file.</param>
/// <param name="LastWrite">When the content (of a folder: the set of its entries) last changed, UTC.</param>
/// <param name="Kind">What it is.</param>
internal readonly record struct FileStamp(long Length, DateTime LastWrite, FileKind Kind)
{
    // The coarsest clock among file systems in use is FAT's.
    private static readonly TimeSpan CoarsestClock = TimeSpan.FromSeconds(2);

    /// <summary>When anything of it last changed, in nanoseconds; unlike <see cref="LastWrite"/> no program sets it. 0 where .NET does not give it.</summary>
    public long LastChange { get; init; }

    /// <summary>The device and the inode: what another file that took the name has differently. 0 where .NET does not give them.</summary>
    public UInt128 Identity { get; init; }

    /// <summary>Whether it is a regular file: what may be opened without waiting for anybody, and replaced.</summary>
    public bool IsRegularFile => Kind is FileKind.Regular;

    /// <summary>The stamp of what has a path, or of what a link of that name leads to.</summary>
    /// <returns>Null where there is nothing: no such name, or a link to nothing or in a circle.</returns>
    /// <exception cref="IOException">The system cannot say.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder above may not be entered.</exception>
    public static FileStamp? Find(IFileSystem fileSystem, string path) => LinuxStatus.Serves(fileSystem)
        ? ReadLinux(path)
        : Read(fileSystem.FileInfo.New(path)) ?? Read(fileSystem.DirectoryInfo.New(path));

    /// <summary>The stamp of a file, or of the file that a link leads to.</summary>
    /// <inheritdoc cref="Find" path="/exception"/>
    /// <returns>Null where there is no file: nothing, a folder, or a link to nothing.</returns>
    public static FileStamp? FindFile(IFileSystem fileSystem, string path) =>
        Find(fileSystem, path) is { Kind: not FileKind.Folder } stamp ? stamp : null;

    /// <summary>The stamp of a file that is to be read or replaced, or of the one that a link leads to.</summary>
    /// <inheritdoc cref="Find" path="/exception"/>
    /// <returns>Null where nothing has the name: not even a link.</returns>
    /// <exception cref="NotRegularFileException">What has the name is no regular file, and leads to none.</exception>
    public static FileStamp? FindRegularFile(IFileSystem fileSystem, string path) => Find(fileSystem, path) switch
    {
        null when fileSystem.FileInfo.New(path).LinkTarget is not null => throw new NotRegularFileException("a link that leads nowhere"),
        { Kind: FileKind.Folder } => throw new NotRegularFileException("a folder"),
        { Kind: FileKind.Other } => throw new NotRegularFileException("a pipe or a device"),
        var stamp => stamp,
    };

    /// <summary>The stamp of a folder, or of the folder that a link leads to.</summary>
    /// <inheritdoc cref="Find" path="/exception"/>
    /// <returns>Null where there is no folder.</returns>
    public static FileStamp? FindFolder(IFileSystem fileSystem, string path) =>
        Find(fileSystem, path) is { Kind: FileKind.Folder } stamp ? stamp : null;

    /// <summary>
    /// Whether a later change is bound to show as another stamp. It is not while the last write is so recent that a next one may get the
    /// same time, so what was read then has to be read again.
    /// </summary>
    /// <param name="now">The time at which the stamp was taken.</param>
    public bool IsSettled(DateTimeOffset now) => now.UtcDateTime - LastWrite > CoarsestClock;

    private static FileStamp? ReadLinux(string path) => LinuxStatus.Read(path, out var status) switch
    {
        0 => new(status.IsRegularFile ? (long)status.Length : 0, status.LastWrite, KindOf(in status))
        {
            LastChange = status.LastChange,
            Identity = status.Identity,
        },
        var error when LinuxError.IsMissing(error) => null,
        var error => throw LinuxError.ToException(error),
    };

    private static FileKind KindOf(in LinuxStatus status) =>
        status.IsFolder ? FileKind.Folder : status.IsRegularFile ? FileKind.Regular : FileKind.Other;

    // .NET tells no pipe from a file; but what has no length is read by nobody.
    private static FileStamp? Read(IFileSystemInfo info)
    {
        var target = Follow(info, out var attributes);
        return target is null
            ? null
            : new FileStamp(
                target is IFileInfo file && !attributes.HasFlag(FileAttributes.Directory) ? file.Length : 0,
                target.LastWriteTimeUtc,
                attributes.HasFlag(FileAttributes.Directory) ? FileKind.Folder : FileKind.Regular);
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
