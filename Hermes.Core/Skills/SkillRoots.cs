using System.IO.Abstractions;
using System.Text.RegularExpressions;

namespace Hermes.Core.Skills;

/// <summary>Finds the folders that skills lie in: the home's own, then the external ones in the order of config.yaml.</summary>
internal sealed partial class SkillRoots(HermesHome home, IFileSystem fileSystem)
{
    // As many as Linux follows before it gives up on a path.
    private const int MaxLinks = 40;

    private static readonly char[] Separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <summary>The folders, each once, whichever way its path is written. They need not exist.</summary>
    /// <param name="externalFolders">As config.yaml has them: with <c>~</c> and variables, relative to the home.</param>
    public IReadOnlyList<SkillRoot> Find(IEnumerable<string> externalFolders)
    {
        var homePath = FollowLinks(home.Path);
        var roots = new List<SkillRoot> { new(FollowLinks(home.SkillsFolder), "skills/") };
        foreach (var folder in externalFolders)
        {
            var expanded = HermesHome.ExpandTilde(ExpandVariables(folder));
            if (expanded.Contains('\0'))
            {
                continue;
            }

            var path = FollowLinks(fileSystem.Path.IsPathRooted(expanded) ? expanded : fileSystem.Path.Join(home.Path, expanded));
            if (roots.TrueForAll(root => root.Path != path))
            {
                roots.Add(new(path, SourcePath(homePath, path)));
            }
        }

        return roots;
    }

    // As Python's expandvars: a variable that is not set stays as it is written.
    private static string ExpandVariables(string text) => text.Contains('$')
        ? Variable().Replace(text, match => Environment.GetEnvironmentVariable(match.Groups["name"].Value) ?? match.Value)
        : text;

    [GeneratedRegex(@"\$(?:(?<name>[A-Za-z0-9_]+)|\{(?<name>[^}]+)\})", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();

    private static string SourcePath(string homePath, string path)
    {
        var relative = Path.GetRelativePath(homePath, path).Replace('\\', '/');
        if (relative == ".")
        {
            return "";
        }

        var isOutside = Path.IsPathRooted(relative) || relative == ".." || relative.StartsWith("../", StringComparison.Ordinal);
        return (isOutside ? path.Replace('\\', '/').TrimEnd('/') : relative) + "/";
    }

    // What .NET has for this follows the last part of a path alone; a folder above it can be a link too.
    private string FollowLinks(string path)
    {
        var resolved = fileSystem.Path.GetPathRoot(path)!;
        var pending = new Stack<string>();
        Push(pending, path[resolved.Length..]);
        var links = 0;
        while (pending.TryPop(out var part))
        {
            if (part == "..")
            {
                resolved = fileSystem.Path.GetDirectoryName(resolved) ?? resolved;
                continue;
            }

            var next = fileSystem.Path.Join(resolved, part);
            if (links < MaxLinks && FindLinkTarget(next) is { } target)
            {
                links++;
                var root = fileSystem.Path.GetPathRoot(target) ?? "";
                resolved = root.Length > 0 ? root : resolved;
                Push(pending, target[root.Length..]);
            }
            else
            {
                resolved = next;
            }
        }

        return resolved;
    }

    private static void Push(Stack<string> pending, string path)
    {
        foreach (var part in path.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            if (part != ".")
            {
                pending.Push(part);
            }
        }
    }

    private string? FindLinkTarget(string path)
    {
        try
        {
            return fileSystem.DirectoryInfo.New(path).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
