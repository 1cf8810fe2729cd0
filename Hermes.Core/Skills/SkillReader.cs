using Hermes.Core.IO;
using Hermes.Core.Yaml;

namespace Hermes.Core.Skills;

/// <summary>Reads and parses each <c>SKILL.md</c> once for each state of it; what is wrong with one, its skill says. For one thread at a time.</summary>
internal sealed class SkillReader(HermesHome home, IFileSystem fileSystem)
{
    private const int MaxBytes = 1024 * 1024;

    private static readonly string Platform =
        OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsMacOS() ? "macos" : OperatingSystem.IsWindows() ? "windows" : "";

    private readonly SecretFiles _secrets = new(home.EnvironmentFile, fileSystem);
    private Dictionary<string, ReadFile> _known = [];

    /// <summary>The skills as their files have them. Of a file that is as before, the same object.</summary>
    public List<Skill> Read(IEnumerable<SkillWalk.Location> locations)
    {
        List<ReadFile> files = [.. locations.Select(location => Read(location, _known.GetValueOrDefault(location.FolderPath))).OfType<ReadFile>()];
        _known = files.DistinctBy(file => file.Location.FolderPath).ToDictionary(file => file.Location.FolderPath);
        return files.ConvertAll(file => file.Skill);
    }

    /// <summary>Whether a skill for some platforms works on one. Naming none means all.</summary>
    internal static bool IsFor(IReadOnlyList<string> platforms, string current) =>
        platforms.Count == 0 || platforms.Any(platform => platform.Trim().ToLowerInvariant() switch
        {
            // Besides the documented names the reference accepts those of Python's sys.platform.
            "darwin" => "macos",
            "win32" => "windows",
            var name => name,
        } == current);

    private ReadFile? Read(SkillWalk.Location location, ReadFile? known)
    {
        var path = fileSystem.Path.Join(location.FolderPath, SkillWalk.FileName);
        var now = DateTimeOffset.UtcNow;
        FileStatus? token = null;
        var text = TextFile.Empty;
        string? error;
        try
        {
            // Whatever a link is changed to: nothing but a skill's file is ever shown as one.
            var realPath = location.IsLink ? RealPath.Resolve(fileSystem, path) : path;
            if (FileStatus.FindFile(fileSystem, path) is not { } status || fileSystem.Path.GetFileName(realPath) != SkillWalk.FileName) return null;
            if (known is not null && known.Token == status && known.Location == location) return known;
            if (_secrets.Contains(realPath, status)) return null;

            // What has no length is not opened: where .NET cannot tell, it may be a pipe.
            text = status.Length == 0 ? text : TextFile.Read(fileSystem, realPath, MaxBytes);
            error = status.IsRegularFile ? null : "The file is a pipe or a device: put a file in its place.";
            token = status.IsSettled(now) ? status : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            error = exception is UnauthorizedAccessException ? "The file cannot be read: allow the server's user to read it."
                : "The file cannot be read just now: see whether a link or the disk is broken.";
        }

        return known is not null && (known.Location, known.Text, known.Error) == (location, text, error)
            ? known with { Token = token }
            : new(location, text, error, token, Parse(location, text, error));
    }

    private static Skill Parse(SkillWalk.Location location, TextFile file, string? error)
    {
        var (values, problem) = FrontMatter.Read(file.Text);
        problem = error ?? problem
            ?? (file.IsCut ? "The file is larger than 1 MB: only its beginning is read."
                : file.IsValid ? null : "The file is not UTF-8: save it as UTF-8. Bytes that cannot be read stand as U+FFFD.");
        var name = FrontMatter.AsScalar(values?["name"])?.Trim();
        if (string.IsNullOrEmpty(name))
        {
            name = Path.GetFileName(location.FolderPath);
            problem ??= values?["name"] is null or string ? null : "The name is not a text: write it as one line.";
        }

        var category = FrontMatter.AsText(values?["category"]).Trim();
        var tags = FrontMatter.AsList(values?["tags"]);
        var moreTags = FrontMatter.AsList(((values?["metadata"] as YamlMapping)?["hermes"] as YamlMapping)?["tags"]).Except(tags, StringComparer.Ordinal);
        return new Skill
        {
            Name = name,
            Description = FrontMatter.AsText(values?["description"]),
            Author = FrontMatter.AsText(values?["author"]),
            Tags = [.. tags, .. moreTags],
            Triggers = FrontMatter.AsList(values?["triggers"]),
            Category = category.Length > 0 ? category : location.RelativeFolder.Split('/')[0],
            Enabled = IsFor(FrontMatter.AsList(values?["platforms"]), Platform),
            SourcePath = location.SourcePath,
            Content = file.Text,
            Problem = problem,
            FolderPath = location.FolderPath,
            RelativeFolder = location.RelativeFolder.TrimEnd('/'),
        };
    }

    /// <summary>A file, why it was not read if it was not, its version token (null where it has to be read again), and the skill that was made of it.</summary>
    private sealed record ReadFile(SkillWalk.Location Location, TextFile Text, string? Error, FileStatus? Token, Skill Skill);
}
