using System.Text.RegularExpressions;
using Hermes.Core.IO;
using Hermes.Core.Yaml;

namespace Hermes.Core.Skills;

/// <summary>What config.yaml says about skills.</summary>
/// <param name="ExternalFolders">The entries of <c>skills.external_dirs</c> as they are written.</param>
/// <param name="Disabled">The names in <c>skills.disabled</c> and <c>skills.platform_disabled.api_server</c>.</param>
internal sealed partial record SkillSettings(IReadOnlyList<string> ExternalFolders, IReadOnlySet<string> Disabled)
{
    /// <summary>Takes the settings out of config.yaml; what has another shape than it should says nothing.</summary>
    public static SkillSettings From(YamlMapping config)
    {
        var section = config["skills"] as YamlMapping;
        var here = (section?["platform_disabled"] as YamlMapping)?["api_server"];
        return new(Texts(section?["external_dirs"]), Texts(section?["disabled"]).Concat(Texts(here)).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>The folders that skills lie in: the home's own, then the external ones in their order, each once, whichever way its path is written.</summary>
    /// <returns>The absolute path of each without links, and what stands before a relative path in <see cref="Skill.SourcePath"/>. They need not exist.</returns>
    public IReadOnlyList<(string Path, string SourcePath)> FindRoots(HermesHome home, IFileSystem fileSystem)
    {
        var homePath = RealPath.Resolve(fileSystem, home.Path);
        var roots = new List<(string Path, string SourcePath)> { (RealPath.Resolve(fileSystem, home.SkillsFolder), "skills/") };
        foreach (var folder in ExternalFolders)
        {
            // As Python's expandvars: a variable that is not set stays as it is written.
            var expanded = HermesHome.ExpandTilde(
                Variable.Replace(folder, match => Environment.GetEnvironmentVariable(match.Groups["name"].Value) ?? match.Value));
            if (expanded.Contains('\0'))
                continue;

            var path = RealPath.Resolve(
                fileSystem, fileSystem.Path.IsPathRooted(expanded) ? expanded : fileSystem.Path.Join(home.Path, expanded));
            if (!roots.Exists(root => root.Path == path))
                roots.Add((path, SourcePath(homePath, path)));
        }

        return roots;
    }

    private static string SourcePath(string homePath, string path)
    {
        var relative = Path.GetRelativePath(homePath, path).Replace('\\', '/');
        if (relative == ".")
            return "";

        var isOutside = Path.IsPathRooted(relative) || relative == ".." || relative.StartsWith("../", StringComparison.Ordinal);
        return (isOutside ? path.Replace('\\', '/').TrimEnd('/') : relative) + "/";
    }

    // A path may have a comma in it: unlike in a front matter, one text is one entry.
    private static List<string> Texts(object? value) =>
        [.. (value is IEnumerable<object?> list ? list : [value])
            .Select(FrontMatterValue.AsScalar)
            .OfType<string>()
            .Select(text => text.Trim())
            .Where(text => text.Length > 0)];

    [GeneratedRegex(@"\$(?:(?<name>[A-Za-z0-9_]+)|\{(?<name>[^}]+)\})", RegexOptions.CultureInvariant)]
    private static partial Regex Variable { get; }
}
