using Hermes.Core.IO;
using Hermes.Core.Text;

namespace Hermes.Core.Skills;

/// <summary>The files that belong to a skill: those below four folders beside its <c>SKILL.md</c>. Safe for use from any thread.</summary>
/// <remarks>No path is ever put together of a client's text: the skill's folders are listed and names compared, so what cannot be listed
/// cannot be read. Folders that are links are not entered; a file that is a link counts where it ends in one of the same skill's four
/// folders. Pipes, devices and <c>.env</c> files do not.</remarks>
internal sealed class SkillFiles(HermesHome home, IFileSystem fileSystem)
{
    private const int MaxBytes = 1024 * 1024;
    private readonly SecretFiles _secrets = new(home.EnvironmentFile, fileSystem);

    /// <summary>The folders, in the order in which they are shown.</summary>
    public static IReadOnlyList<string> Folders { get; } = ["references", "templates", "assets", "scripts"];

    /// <summary>Whether a text has the form of a path that <see cref="Read"/> could know.</summary>
    public static bool IsPath(string text)
    {
        var segments = text.Split('/');
        return text == SkillWalk.FileName
            || (segments.Length > 1 && Folders.Contains(segments[0])
                && segments.All(segment => segment is not ("" or "." or ".."))
                && !text.Any(character => character == '\\' || char.IsControl(character)));
    }

    /// <summary>The paths of the files below one of the folders, relative to the skill's, in code-point order.</summary>
    /// <remarks>Folders that cannot be listed, or go away meanwhile, have no files.</remarks>
    public IReadOnlyList<string> List(Skill skill, string folder) =>
        [.. Find(skill, path => path.StartsWith($"{folder}/", StringComparison.Ordinal)).Select(file => file.Path).Order(CodePointComparer.Instance)];

    /// <summary>Reads a file of a skill by its path, as <see cref="List"/> gives it, or <c>SKILL.md</c>; null where the skill has no such file.</summary>
    /// <exception cref="SkillsUnavailableException">The file is there but cannot be read.</exception>
    public Content? Read(Skill skill, string path)
    {
        try
        {
            // The catalog has read it, with what it makes of bytes that are no text.
            if (path == SkillWalk.FileName && FileStatus.FindFile(fileSystem, fileSystem.Path.Join(skill.FolderPath, path)) is { } own)
                return new(skill.Content, own.Length, IsBinary: false, IsTruncated: own.Length > MaxBytes);

            var found = Find(skill, part => part == path || (part.EndsWith('/') && path.StartsWith(part, StringComparison.Ordinal)));
            if (!IsPath(path) || found.FirstOrDefault().File is not { } link) return null;

            var realPath = RealPath.Resolve(fileSystem, link.FullName);
            if (FileStatus.FindFile(fileSystem, realPath) is not { } status) return null;

            // What has no length is not opened: it may be a pipe or a device.
            var file = status.Length == 0 ? TextFile.Empty : TextFile.Read(fileSystem, realPath, MaxBytes);
            return file.IsValid && !file.Text.Contains('\0')
                ? new(file.Text, status.Length, IsBinary: false, file.IsCut)
                : new("", status.Length, IsBinary: true, IsTruncated: false);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SkillsUnavailableException("The file cannot be read: allow the server's user to read it, or check the disk", exception);
        }
    }

    // The path of a folder ends with a slash.
    private IEnumerable<(string Path, IFileSystemInfo File)> Find(Skill skill, Func<string, bool> isWanted, string below = "")
    {
        var folder = fileSystem.DirectoryInfo.New(fileSystem.Path.Join(skill.FolderPath, below));
        return FileErrors.Ignore(() => folder.EnumerateFileSystemInfos().ToList(), otherwise: []).SelectMany(entry => (below + entry.Name, entry) switch
        {
            (var path, IDirectoryInfo inner) => inner.LinkTarget is null && !SkillWalk.NotEntered.Contains(inner.Name) && isWanted($"{path}/")
                ? Find(skill, isWanted, $"{path}/") : [],
            (var path, _) => isWanted(path) && FileErrors.Ignore(() => BelongsTo(skill, entry), otherwise: false) ? [(path, entry)] : [],
        });
    }

    private bool BelongsTo(Skill skill, IFileSystemInfo file) =>
        FileStatus.Find(fileSystem, file.FullName) is { IsRegularFile: true } status && !_secrets.Contains(file.FullName, status)
        && (file.LinkTarget is null || LeadsInto(skill, file.FullName));

    private bool LeadsInto(Skill skill, string link)
    {
        var realPath = RealPath.Resolve(fileSystem, link);
        var skillPath = RealPath.Resolve(fileSystem, skill.FolderPath);
        var separator = fileSystem.Path.DirectorySeparatorChar;
        return Folders.Any(folder => realPath.StartsWith(fileSystem.Path.Join(skillPath, folder) + separator, StringComparison.Ordinal));
    }

    /// <summary>A file of a skill: its text with line ends as <c>\n</c>, at most 1 MB of it, and none where it is no UTF-8; and its length in bytes.</summary>
    internal sealed record Content(string Text, long Size, bool IsBinary, bool IsTruncated);
}
