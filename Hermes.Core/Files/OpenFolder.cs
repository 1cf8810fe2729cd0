using System.IO.Abstractions;
using System.Runtime.InteropServices;

namespace Hermes.Core.Files;

/// <summary>A folder below which many files are looked at one after the other.</summary>
/// <remarks>
/// Where the system can, a look begins at the open folder instead of the root of the file system: finding the way there again for each of
/// several hundred files takes longer than the looks themselves. What is looked at is the folder that was opened, also if it is moved meanwhile.
/// </remarks>
internal sealed partial class OpenFolder : IDisposable
{
    private readonly IFileSystem _fileSystem;
    private readonly FolderHandle? _handle;

    private OpenFolder(IFileSystem fileSystem, FolderHandle? handle)
    {
        _fileSystem = fileSystem;
        _handle = handle;
    }

    /// <summary>Opens a folder. One that cannot be opened is looked for anew each time, and each look says what is wrong.</summary>
    public static OpenFolder Open(IFileSystem fileSystem, string path)
    {
        var handle = LinuxStatus.Serves(fileSystem) ? OpenLinux(path) : null;
        return new(fileSystem, handle is { IsInvalid: false } ? handle : null);
    }

    /// <inheritdoc cref="FileStamp.FindFile"/>
    public FileStamp? FindFile(PathBelow path) => _handle is null ? FileStamp.FindFile(_fileSystem, path.Full) : Find(_handle, path, isFolder: false);

    /// <inheritdoc cref="FileStamp.FindFolder"/>
    public FileStamp? FindFolder(PathBelow path) => _handle is null ? FileStamp.FindFolder(_fileSystem, path.Full) : Find(_handle, path, isFolder: true);

    public void Dispose() => _handle?.Dispose();

    private static FileStamp? Find(FolderHandle folder, PathBelow path, bool isFolder) =>
        FileStamp.FromLinux(LinuxStatus.Read(folder, path.Utf8, out var status), in status, isFolder);

    private static FolderHandle OpenLinux(string path)
    {
        // O_PATH, which needs no right to read the folder, and O_CLOEXEC.
        const int PathAndNotForChildren = 0x200000 | 0x80000;
        return Open(path, PathAndNotForChildren);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial FolderHandle Open(string path, int flags);

    private sealed partial class FolderHandle : SafeHandle
    {
        public FolderHandle()
            : base(invalidHandleValue: -1, ownsHandle: true)
        {
        }

        // A descriptor is an int: -1 comes back as a number of 32 bits.
        public override bool IsInvalid => (int)handle < 0;

        protected override bool ReleaseHandle() => Close((int)handle) == 0;

        [LibraryImport("libc", EntryPoint = "close")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static partial int Close(int descriptor);
    }
}
