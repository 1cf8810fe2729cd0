using System.IO.Abstractions;
using System.Runtime.InteropServices;
using System.Text;

namespace Hermes.Core.Files;

/// <summary>A folder that is looked at again and again, with the files in it.</summary>
/// <remarks>
/// <para>Where the system can, it is kept open: finding the way from the root of the file system each time takes longer than the look itself.
/// What is looked at is then the folder that was opened, also when it is moved or deleted, so whoever keeps one has to notice that another
/// folder has its name now. Nothing in a folder that is open so is kept from being changed.</para>
/// <para>Safe for use from any thread until it is disposed.</para>
/// </remarks>
internal sealed class OpenFolder : IDisposable
{
    // Connections need descriptors too, and some systems give a process no more than 1,024. Folders above this number are looked for by path.
    private static readonly DescriptorLimit Limit = new(512);

    private readonly IFileSystem _fileSystem;
    private readonly string _path;
    private readonly SafeHandle? _handle;

    private OpenFolder(IFileSystem fileSystem, string path, SafeHandle? handle)
    {
        _fileSystem = fileSystem;
        _path = path;
        _handle = handle;
    }

    /// <summary>Opens a folder. One that cannot be opened is looked for anew each time, and each look says what is wrong.</summary>
    public static OpenFolder Open(IFileSystem fileSystem, string path) =>
        new(fileSystem, path, LinuxStatus.Serves(fileSystem) ? Limit.TryOpen(path, LinuxFile.TryOpenFolder) : null);

    /// <inheritdoc cref="FileStamp.FindFolder"/>
    /// <summary>The stamp of the folder.</summary>
    public FileStamp? Find() => _handle is { } handle
        ? FileStamp.FromLinux(LinuxStatus.Read(handle, "\0"u8, out var status), in status)
        : FileStamp.FindFolder(_fileSystem, _path);

    /// <inheritdoc cref="FileStamp.FindFile"/>
    /// <summary>The stamp of a file in the folder, or of the file that a link of this name leads to.</summary>
    public FileStamp? FindFile(string name)
    {
        if (_handle is not { } handle)
        {
            return FileStamp.FindFile(_fileSystem, _fileSystem.Path.Join(_path, name));
        }

        // Longer names than 255 bytes there are none.
        Span<byte> utf8 = stackalloc byte[256];
        if (!Encoding.UTF8.TryGetBytes(name, utf8[..^1], out var length))
        {
            return null;
        }

        utf8[length] = 0;
        return FileStamp.FromLinux(LinuxStatus.Read(handle, utf8[..(length + 1)], out var status), in status) is { Kind: not FileKind.Folder } stamp ? stamp : null;
    }

    public void Dispose() => _handle?.Dispose();
}
