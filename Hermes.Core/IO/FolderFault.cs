namespace Hermes.Core.IO;

/// <summary>What has the name of a folder without being one.</summary>
internal static class FolderFault
{
    /// <summary>Says in words what stands where a folder should: a link that leads nowhere, a pipe or a device, a file.</summary>
    /// <returns>Null for a folder, or a link to one, and where nothing has the name.</returns>
    /// <exception cref="IOException">The system cannot say.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder above may not be entered.</exception>
    public static string? Find(IFileSystem fileSystem, string path) => FileStatus.Find(fileSystem, path) switch
    {
        null => fileSystem.FileInfo.New(path).LinkTarget is null ? null : "a link that leads nowhere",
        { Kind: FileKind.Folder } => null,
        { Kind: FileKind.Other } => "a pipe or a device",
        _ => "a file",
    };

    /// <summary>The same of a path and of the folders above it, as far as they are to be made: where it says nothing, the path is a folder's or can become one's.</summary>
    /// <inheritdoc cref="Find" path="/exception"/>
    public static string? FindInPath(IFileSystem fileSystem, string path)
    {
        for (var part = path; part is not null; part = fileSystem.Path.GetDirectoryName(part))
        {
            if (FileStatus.FindFolder(fileSystem, part) is not null)
                return null;

            if (Find(fileSystem, part) is { } fault)
                return fault;
        }

        return null;
    }
}
