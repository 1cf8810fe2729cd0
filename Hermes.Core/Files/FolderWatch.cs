using System.IO.Abstractions;
using System.Runtime.InteropServices;

namespace Hermes.Core.Files;

/// <summary>Has Linux note what happens in folders (inotify), so that one question answers whether anything did in any of them.</summary>
/// <remarks>
/// <para>An event is there before the call that caused it returns: what happened before the question is in the answer. Not noted is what
/// another machine does in a folder on the network, what is written through another link to a file or through mapped memory, and what
/// happens to the folders above. So nobody may rely on this for long, or on other file systems than <see cref="Serves"/> says.</para>
/// <para>Not safe for use from several threads at once.</para>
/// </remarks>
internal sealed partial class FolderWatch : IDisposable
{
    private const int NotBlocking = 0x800, NotForChildren = 0x80000;

    // Changes of content, of rights and of entries, and what becomes of the folder itself. No folder that a link leads to.
    private const uint Modified = 0x2, Attributes = 0x4, Moved = 0x40 | 0x80, Created = 0x100, Deleted = 0x200, Self = 0x400 | 0x800;
    private const uint FoldersAlone = 0x1000000, NoLinks = 0x2000000;
    private const uint Mask = Modified | Attributes | Moved | Created | Deleted | Self | FoldersAlone | NoLinks;

    // Linux gives each user 128 of them by default, and whatever watches files in .NET takes one too.
    private static readonly DescriptorLimit Limit = new(8);

    // Linux may give a user as few as 8,192 in all, and editors want theirs.
    // The system numbers the folders of a watch from 1, and gives one that it has already its number again.
    private const int MaxFolders = 4_096;

    // On these all that happens goes through this machine's kernel, and each folder has one number whichever way leads to it.
    private static readonly HashSet<string> Local = ["ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "tmpfs"];

    private readonly SafeHandle _queue;

    private FolderWatch(SafeHandle queue) => _queue = queue;

    /// <summary>Whether all that happens in a folder can be noted here.</summary>
    public static bool Serves(IFileSystem fileSystem, string path)
    {
        try
        {
            return LinuxStatus.Serves(fileSystem) && Local.Contains(new DriveInfo(path).DriveFormat);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Begins with no folders.</summary>
    /// <returns>Null where the system, or this process, has as many as it may.</returns>
    public static FolderWatch? TryOpen() => Limit.TryOpen(NotBlocking | NotForChildren, Initialize) is { } queue ? new(queue) : null;

    /// <summary>Notes from now on what happens in a folder: to itself, its entries and the files in it, not below those.</summary>
    /// <returns>False where the folder is missing or may not be read, or the system or this watch notes no more.</returns>
    public bool TryAdd(string path) => !_queue.IsClosed && Add(_queue, path, Mask) is >= 0 and <= MaxFolders;

    /// <summary>Whether anything happened since the last call, or cannot be known not to have.</summary>
    public bool HasChanged()
    {
        if (_queue.IsClosed)
        {
            return true;
        }

        Span<byte> events = stackalloc byte[4096];
        var hasChanged = false;
        while (LinuxFile.TryReadSome(_queue, events, out var count))
        {
            if (count == 0)
            {
                return hasChanged;
            }

            hasChanged = true;
        }

        return true;
    }

    public void Dispose() => _queue.Dispose();

    [LibraryImport("libc", EntryPoint = "inotify_init1")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Initialize(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Add(SafeHandle queue, string path, uint mask);
}
