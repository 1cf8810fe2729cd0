using Hermes.Core.IO;
using Hermes.Core.Text;

namespace Hermes.Core.Skills;

/// <summary>A category of skills. Immutable.</summary>
/// <param name="Name">The name.</param>
/// <param name="Description">What it is about; empty where nothing says.</param>
/// <param name="Count">How many skills are in it, disabled ones included.</param>
internal sealed record SkillCategory(string Name, string Description, int Count);

/// <summary>Counts skills by category, and reads what the folder of each says about it. Safe for use from any thread.</summary>
internal sealed class SkillCategories(HermesHome home, IFileSystem fileSystem)
{
    private readonly SecretFiles _secrets = new(home.EnvironmentFile, fileSystem);

    private const string DescriptionFile = "DESCRIPTION.md";

    private const int MaxBytes = 64 * 1024;

    /// <summary>The names of the categories that skills are in, in code-point order.</summary>
    public static IReadOnlyList<string> Names(IEnumerable<Skill> skills) =>
        [.. skills.Select(skill => skill.Category).Where(category => category.Length > 0).Distinct(StringComparer.Ordinal).Order(CodePointComparer.Instance)];

    /// <summary>The categories, in the order of their names. Skills without one are in none.</summary>
    public IReadOnlyList<SkillCategory> Read(IReadOnlyList<Skill> skills)
    {
        var byCategory = skills.ToLookup(skill => skill.Category, StringComparer.Ordinal);
        return [.. Names(skills).Select(name => new SkillCategory(name, Describe(name, byCategory[name]), byCategory[name].Count()))];
    }

    // The name may come from a front matter, so it makes no path: it is compared with folders that skills were found in.
    private string Describe(string name, IEnumerable<Skill> skills) => skills
        .Select(FirstFolderPath)
        .Distinct(StringComparer.Ordinal)
        .Where(folder => folder.Length > 0 && fileSystem.Path.GetFileName(folder) == name)
        .Select(ReadDescription)
        .FirstOrDefault(description => description.Length > 0) ?? "";

    // Of the path below the skills folder, what is behind its first segment does not count.
    private static string FirstFolderPath(Skill skill) => skill.RelativeFolder.IndexOf('/') switch
    {
        < 0 => skill.RelativeFolder.Length == 0 ? "" : skill.FolderPath,
        var first => skill.FolderPath[..^(skill.RelativeFolder.Length - first)],
    };

    private string ReadDescription(string folder)
    {
        var path = fileSystem.Path.Join(folder, DescriptionFile);
        try
        {
            // A link could show any file of the machine. What has no length is not opened: it may be a pipe.
            var isOwnFile = fileSystem.FileInfo.New(path).LinkTarget is null;
            return isOwnFile && FileStatus.FindFile(fileSystem, path) is { IsRegularFile: true, Length: > 0 } status
                && !_secrets.Contains(path, status)
                ? Describe(TextFile.Read(fileSystem, path, MaxBytes).Text)
                : "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string Describe(string text)
    {
        var said = FrontMatterValue.AsText(FrontMatter.Read(text).Values?["description"]).Trim();
        return said.Length > 0 ? said : FirstLine(FrontMatter.SkipIn(text));
    }

    private static string FirstLine(ReadOnlySpan<char> body)
    {
        foreach (var range in body.Split('\n'))
        {
            var line = body[range].Trim();
            if (!line.IsEmpty && line[0] != '#')
                return line.ToString();
        }

        return "";
    }
}
