using System.IO.Abstractions;
using System.Text.RegularExpressions;
using Hermes.Core.Files;

namespace Hermes.Core.Skills;

/// <summary>Finds the folders that skills lie in: the home's own, then the external ones in the order of config.yaml.</summary>
internal sealed partial class SkillRoots(HermesHome home, IFileSystem fileSystem)
{
    /// <summary>The folders, each once, whichever way its path is written. They need not exist.</summary>
    /// <param name="externalFolders">As config.yaml has them: with <c>~</c> and variables, relative to the home.</param>
    public IReadOnlyList<SkillRoot> Find(IEnumerable<string> externalFolders)
    {
        var homePath = RealPath.Resolve(fileSystem, home.Path);
        var roots = new List<SkillRoot> { new(RealPath.Resolve(fileSystem, home.SkillsFolder), "skills/") };
        foreach (var folder in externalFolders)
        {
            var expanded = HermesHome.ExpandTilde(ExpandVariables(folder));
            if (expanded.Contains('\0'))
            {
                continue;
            }

            var path = RealPath.Resolve(
                fileSystem, fileSystem.Path.IsPathRooted(expanded) ? expanded : fileSystem.Path.Join(home.Path, expanded));
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
}
