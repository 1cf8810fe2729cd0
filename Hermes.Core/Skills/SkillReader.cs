using System.IO.Abstractions;
using Hermes.Core.Files;

namespace Hermes.Core.Skills;

/// <summary>Reads and parses each <c>SKILL.md</c> once for each state of it. Not safe for use from several threads at once.</summary>
/// <remarks>What is wrong with a file is said by its skill. A link that leads to no <c>SKILL.md</c>, or to nothing, is no skill.</remarks>
internal sealed class SkillReader(HermesHome home, IFileSystem fileSystem)
{
    private const int MaxBytes = 1024 * 1024;

    private readonly SecretFiles _secrets = new(home.EnvironmentFile, fileSystem);
    private Dictionary<string, ReadFile> _known = new(StringComparer.Ordinal);

    /// <summary>Reads the files at some places.</summary>
    /// <returns>The skills as their files have them. Of a file that is as before, the same object.</returns>
    public List<Skill> Read(IEnumerable<SkillLocation> locations)
    {
        var files = new Dictionary<string, ReadFile>(StringComparer.Ordinal);
        var skills = new List<Skill>();
        foreach (var location in locations)
        {
            var path = fileSystem.Path.Join(location.FolderPath, SkillLocation.FileName);
            if (Read(location, path, _known.GetValueOrDefault(path)) is { } file)
            {
                files[path] = file;
                skills.Add(file.Skill);
            }
        }

        _known = files;
        return skills;
    }

    private ReadFile? Read(SkillLocation location, string path, ReadFile? known)
    {
        var now = DateTimeOffset.UtcNow;
        try
        {
            if (FileStamp.FindFile(fileSystem, path) is not { } stamp)
            {
                return null;
            }

            // Whatever a link is changed to: nothing but a skill's file is ever shown as one.
            var realPath = location.IsLink ? RealPath.Resolve(fileSystem, path) : path;
            if (fileSystem.Path.GetFileName(realPath) != SkillLocation.FileName)
            {
                return null;
            }

            if (known is { IsSettled: true } && known.Stamp == stamp && known.Location == location)
            {
                return known;
            }

            if (_secrets.Contains(realPath, stamp))
            {
                return null;
            }

            // What has no length is not opened: where .NET cannot tell, it may be a pipe.
            var text = stamp.Length == 0 ? TextFile.Empty : TextFile.Read(fileSystem, realPath, MaxBytes);
            return Parse(location, text, stamp.IsRegularFile ? null : "The file is a pipe or a device: put a file in its place.", known) with
            {
                Stamp = stamp,
                IsSettled = stamp.IsSettled(now),
            };
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return Parse(location, TextFile.Empty, "The file cannot be read: allow the server's user to read it.", known);
        }
        catch (IOException)
        {
            return Parse(location, TextFile.Empty, "The file cannot be read just now: look whether a link or the disk is broken.", known);
        }
    }

    private static ReadFile Parse(SkillLocation location, TextFile text, string? error, ReadFile? known)
    {
        if (known is not null && known.Text == text && known.Error == error && known.Location == location)
        {
            return known with { IsSettled = false };
        }

        var skill = SkillParser.Parse(location, text, SkillPlatform.Current);
        return new(location, text, error, error is null ? skill : skill with { Problem = error });
    }

    /// <summary>A file and what was made of it.</summary>
    private sealed record ReadFile(SkillLocation Location, TextFile Text, string? Error, Skill Skill)
    {
        public FileStamp Stamp { get; init; }

        /// <summary>Whether an equal stamp proves that the file is still the same.</summary>
        public bool IsSettled { get; init; }
    }
}
