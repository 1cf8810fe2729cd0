using Hermes.Core.IO;
using Hermes.Core.Text;

namespace Hermes.Core.Skills;

/// <summary>Counts skills by category, and reads what the folder of each says about it. Safe for use from any thread.</summary>
internal sealed class SkillCategories(HermesHome home, IFileSystem fileSystem)
{
    private const int MaxDescriptionBytes = 64 * 1024;
    private readonly SecretFiles _secrets = new(home.EnvironmentFile, fileSystem);

    /// <summary>The names of the categories that skills are in, in code-point order.</summary>
    public static IReadOnlyList<string> Names(IEnumerable<Skill> skills) =>
        [.. skills.Select(skill => skill.Category).Where(category => category.Length > 0).Distinct(StringComparer.Ordinal).Order(CodePointComparer.Instance)];

    /// <summary>The categories in the order of their names, with what each is about and how many skills it has, disabled ones included. Skills without one are in none.</summary>
    public IReadOnlyList<(string Name, string Description, int Count)> Read(IReadOnlyList<Skill> skills)
    {
        var byCategory = skills.ToLookup(skill => skill.Category, StringComparer.Ordinal);
        return [.. Names(skills).Select(name => (name, Describe(name, byCategory[name]), byCategory[name].Count()))];
    }

    // The name may come from a front matter, so it makes no path: it is compared with folders that skills were found in.
    private string Describe(string name, IEnumerable<Skill> skills) => skills
        .Select(FirstFolderPath).Distinct(StringComparer.Ordinal)
        .Where(folder => folder.Length > 0 && fileSystem.Path.GetFileName(folder) == name)
        .Select(folder => FileErrors.Ignore(() => ReadDescription(folder), otherwise: ""))
        .FirstOrDefault(description => description.Length > 0) ?? "";

    // Of the path below the skills folder, what is behind its first segment does not count.
    private static string FirstFolderPath(Skill skill) => skill.RelativeFolder.IndexOf('/') switch
    {
        < 0 => skill.RelativeFolder.Length == 0 ? "" : skill.FolderPath,
        var first => skill.FolderPath[..^(skill.RelativeFolder.Length - first)],
    };

    private string ReadDescription(string folder)
    {
        // A link could show any file of the machine. What has no length is not opened: it may be a pipe.
        var path = fileSystem.Path.Join(folder, "DESCRIPTION.md");
        if (fileSystem.FileInfo.New(path).LinkTarget is not null) return "";
        if (FileStatus.FindFile(fileSystem, path) is not { IsRegularFile: true, Length: > 0 } status || _secrets.Contains(path, status)) return "";

        var text = TextFile.Read(fileSystem, path, MaxDescriptionBytes).Text;
        return FrontMatter.AsText(FrontMatter.Read(text).Values?["description"]).Trim() is { Length: > 0 } said ? said
            : FrontMatter.SkipIn(text).Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line is not ("" or ['#', ..])) ?? "";
    }
}
