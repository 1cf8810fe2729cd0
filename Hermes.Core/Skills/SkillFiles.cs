using Hermes.Core.IO;
using Hermes.Core.Text;

namespace Hermes.Core.Skills;

/// <summary>The files that belong to a skill: those below four folders beside its <c>SKILL.md</c>. Safe for use from any thread.</summary>
/// <remarks>
/// No path is ever put together of a client's text. A file is found by listing the skill's folders and comparing names, so what
/// cannot be listed cannot be read, whatever the text holds and however the file system takes it. Folders that are links are not
/// entered; a file that is a link counts where it ends in one of the same skill's four folders. Pipes, devices and <c>.env</c> files do not.
/// </remarks>
internal sealed class SkillFiles(HermesHome home, IFileSystem fileSystem)
{
    private const int MaxBytes = 1024 * 1024;

    private readonly SecretFiles _secrets = new(home.EnvironmentFile, fileSystem);

    /// <summary>The folders, in the order in which they are shown.</summary>
    public static IReadOnlyList<string> Folders { get; } = ["references", "templates", "assets", "scripts"];

    /// <summary>Whether a text has the form of a path that <see cref="Read(Skill, string)"/> could know.</summary>
    public static bool IsPath(string text)
    {
        var segments = text.Split('/');
        return text == SkillLocation.FileName
            || (segments.Length > 1
                && Folders.Contains(segments[0])
                && segments.All(segment => segment is not ("" or "." or ".."))
                && !text.Any(character => character == '\\' || char.IsControl(character)));
    }

    /// <summary>The paths of the files below one of the folders, relative to the skill's, in code-point order.</summary>
    /// <remarks>Folders that cannot be listed, or go away meanwhile, have no files.</remarks>
    public IReadOnlyList<string> List(Skill skill, string folder)
    {
        var paths = new List<string>();
        if (FindFolder(fileSystem.DirectoryInfo.New(skill.FolderPath), folder) is { } found)
            Collect(skill, found, $"{folder}/", paths);

        paths.Sort(CodePointComparer.Instance);
        return paths;
    }

    /// <summary>Reads a file of a skill.</summary>
    /// <param name="skill">The skill.</param>
    /// <param name="path">The path, as <see cref="List"/> gives it, or <c>SKILL.md</c>.</param>
    /// <returns>Null where the skill has no such file.</returns>
    /// <exception cref="SkillFileUnavailableException">The file is there but cannot be read.</exception>
    public SkillFileContent? Read(Skill skill, string path)
    {
        try
        {
            if (path == SkillLocation.FileName)
            {
                // The catalog has read it, with what it makes of bytes that are no text.
                return FileStatus.FindFile(fileSystem, fileSystem.Path.Join(skill.FolderPath, path)) is { } own
                    ? new(skill.Content, own.Length, IsBinary: false, IsTruncated: own.Length > MaxBytes)
                    : null;
            }

            if (!IsPath(path) || FindFile(skill, path.Split('/')) is not { } file)
                return null;

            var realPath = RealPath.Resolve(fileSystem, file.FullName);
            return FileStatus.FindFile(fileSystem, realPath) is { } status ? Read(realPath, status) : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SkillFileUnavailableException(exception);
        }
    }

    private SkillFileContent Read(string realPath, FileStatus status)
    {
        // What has no length is not opened: it may be a pipe or a device.
        var file = status.Length == 0 ? TextFile.Empty : TextFile.Read(fileSystem, realPath, MaxBytes);
        return file.IsValid && !file.Text.Contains('\0')
            ? new(file.Text, status.Length, IsBinary: false, file.IsCut)
            : new("", status.Length, IsBinary: true, IsTruncated: false);
    }

    private void Collect(Skill skill, IDirectoryInfo folder, string relativePath, List<string> paths)
    {
        foreach (var entry in Entries(folder))
        {
            if (entry is not IDirectoryInfo)
            {
                if (BelongsTo(skill, entry))
                    paths.Add(relativePath + entry.Name);
            }
            else if (entry.LinkTarget is null && !SkillWalk.NotEntered.Contains(entry.Name))
            {
                Collect(skill, (IDirectoryInfo)entry, $"{relativePath}{entry.Name}/", paths);
            }
        }
    }

    private IFileSystemInfo? FindFile(Skill skill, string[] segments)
    {
        var folder = fileSystem.DirectoryInfo.New(skill.FolderPath);
        foreach (var segment in segments[..^1])
        {
            if (FindFolder(folder, segment) is not { } next)
                return null;

            folder = next;
        }

        return Entries(folder).Find(entry => entry is not IDirectoryInfo && entry.Name == segments[^1] && BelongsTo(skill, entry));
    }

    private static IDirectoryInfo? FindFolder(IDirectoryInfo folder, string name) => Entries(folder).OfType<IDirectoryInfo>()
        .FirstOrDefault(entry => entry.Name == name && entry.LinkTarget is null && !SkillWalk.NotEntered.Contains(name));

    private bool BelongsTo(Skill skill, IFileSystemInfo file)
    {
        try
        {
            return FileStatus.Find(fileSystem, file.FullName) is { IsRegularFile: true } status
                && !_secrets.Contains(file.FullName, status)
                && (file.LinkTarget is null || LeadsInto(skill, file.FullName));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private bool LeadsInto(Skill skill, string link)
    {
        var realPath = RealPath.Resolve(fileSystem, link);
        var skillPath = RealPath.Resolve(fileSystem, skill.FolderPath);
        return Folders.Any(folder => realPath.StartsWith(
            fileSystem.Path.Join(skillPath, folder) + fileSystem.Path.DirectorySeparatorChar, StringComparison.Ordinal));
    }

    private static List<IFileSystemInfo> Entries(IDirectoryInfo folder)
    {
        try
        {
            return [.. folder.EnumerateFileSystemInfos()];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}

/// <summary>A file of a skill. Immutable.</summary>
/// <param name="Text">The text with line ends as <c>\n</c>, at most 1 MB of it; empty where the file is no text.</param>
/// <param name="Size">The file's length in bytes.</param>
/// <param name="IsBinary">Whether it is no UTF-8 text.</param>
/// <param name="IsTruncated">Whether the file goes on behind the text.</param>
internal sealed record SkillFileContent(string Text, long Size, bool IsBinary, bool IsTruncated);

/// <summary>A file of a skill is there but cannot be read. The message is fit to be shown to a client.</summary>
internal sealed class SkillFileUnavailableException(Exception inner)
    : Exception("The file cannot be read: allow the server's user to read it, or check the disk", inner);
