namespace Hermes.Core.IO;

/// <summary>Replaces a file whole: whoever reads it sees the old content or the new one, never a part, also after a power failure.</summary>
/// <remarks>The content is on the disk before it takes the name. .NET cannot flush a folder, so a power failure in the seconds after may leave the old content, whole.</remarks>
internal static class AtomicFile
{
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes the file, or the one that a link of this name leads to: the link stays. A new one is its owner's alone; one that exists keeps its mode.</summary>
    /// <remarks>Its folder has to exist. Where it is not written, the file is as it was. <c>isOwnersAlone</c> takes the rights of everybody
    /// but its owner from one that exists. <c>isWanted</c> is asked with the content on the disk already; false is given back.</remarks>
    /// <exception cref="NotRegularFileException">It is a folder, a pipe or a device, or a link to one of these or to nothing.</exception>
    public static async Task<bool> WriteAsync(
        IFileSystem fileSystem, string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken,
        bool isOwnersAlone = false, Func<bool>? isWanted = null)
    {
        // A rename would put a file in a link's place, and cut off where the user keeps it. And it would put one in the place of
        // whatever else has the name.
        var exists = FileStatus.FindRegularFile(fileSystem, path) is not null;
        var target = exists ? RealPath.Resolve(fileSystem, fileSystem.Path.GetFullPath(path)) : path;
        var folder = fileSystem.Path.GetDirectoryName(target)!;
        var temporary = fileSystem.Path.Join(folder, $".{fileSystem.Path.GetFileName(target)}.{fileSystem.Path.GetRandomFileName()}.tmp");
        try
        {
            await WriteNewAsync(fileSystem, temporary, content, cancellationToken).ConfigureAwait(false);
            if (!OperatingSystem.IsWindows() && exists)
            {
                var mode = fileSystem.File.GetUnixFileMode(target);
                fileSystem.File.SetUnixFileMode(temporary, isOwnersAlone ? mode & OwnerAlone : mode);
            }

            if (isWanted?.Invoke() is false) return false;

            fileSystem.File.Move(temporary, target, overwrite: true);
            return true;
        }
        finally
        {
            // It is gone already where it took the name.
            TryDelete(fileSystem, temporary);
        }
    }

    /// <summary>Makes a folder, where there is none, that is its owner's alone.</summary>
    public static void CreateFolder(IFileSystem fileSystem, string path)
    {
        if (OperatingSystem.IsWindows())
            fileSystem.Directory.CreateDirectory(path);
        else
            fileSystem.Directory.CreateDirectory(path, OwnerAlone | UnixFileMode.UserExecute);
    }

    private static async Task WriteNewAsync(IFileSystem fileSystem, string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerAlone;

        await using var stream = fileSystem.FileStream.New(path, options);
        await stream.WriteAsync(content, cancellationToken).ConfigureAwait(false);
        stream.Flush(flushToDisk: true);
    }

    private static void TryDelete(IFileSystem fileSystem, string path)
    {
        try
        {
            fileSystem.File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What went wrong before is what the caller has to know.
        }
    }
}
