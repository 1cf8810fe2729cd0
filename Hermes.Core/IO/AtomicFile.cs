namespace Hermes.Core.IO;

/// <summary>Replaces a file whole: whoever reads it sees the old content or the new one, never a part, also after a power failure.</summary>
/// <remarks>
/// The content is on the disk before it takes the name. That it has the name may not be yet: .NET cannot flush a folder, so a power failure
/// in the seconds after may leave the old content, whole. The agent's own writes are no safer.
/// </remarks>
internal static class AtomicFile
{
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes the file, or the one that a link of this name leads to: the link stays. A new one is its owner's alone; one that exists keeps its mode.</summary>
    /// <param name="fileSystem">Where the file lies.</param>
    /// <param name="path">The file, which need not exist; its folder has to.</param>
    /// <param name="content">What is to be in it.</param>
    /// <param name="cancellationToken">Gives up, with the file as it was.</param>
    /// <param name="isOwnersAlone">Whether one that exists loses the rights of everybody but its owner.</param>
    /// <param name="isWanted">Asked at the last moment, with the content on the disk already; null is yes.</param>
    /// <returns>Whether it was wanted. Where not, the file is as it was.</returns>
    /// <exception cref="NotRegularFileException">It is a folder, a pipe or a device, or a link to one of these or to nothing. Nothing was changed.</exception>
    /// <exception cref="IOException">The file cannot be written. It is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to. The file is as it was.</exception>
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

            if (isWanted?.Invoke() is false)
            {
                TryDelete(fileSystem, temporary);
                return false;
            }

            fileSystem.File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            TryDelete(fileSystem, temporary);
            throw;
        }

        return true;
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
