using Hermes.Core.Files;
using Hermes.Core.Yaml;

namespace Hermes.Core.Skills;

/// <summary>Makes a <see cref="Skill"/> of a file's text. Whatever is wrong with the file becomes the skill's problem, never an exception.</summary>
internal static class SkillParser
{
    /// <summary>Reads the skill that <paramref name="file"/> describes.</summary>
    /// <param name="location">Where the file lies.</param>
    /// <param name="file">The file's text.</param>
    /// <param name="platform">The platform that decides whether the skill is enabled.</param>
    public static Skill Parse(SkillLocation location, TextFile file, string platform)
    {
        var (values, problem) = FrontMatter.Read(file.Text);
        problem ??= file.IsCut ? "The file is larger than 1 MB: only its beginning is read." : null;
        problem ??= file.IsValid ? null : "The file is not UTF-8: save it as UTF-8. Bytes that cannot be read stand as U+FFFD.";

        var name = FrontMatterValue.AsScalar(values?["name"])?.Trim();
        if (string.IsNullOrEmpty(name))
        {
            name = location.FolderName;
            problem ??= values?["name"] is null or string ? null : "The name is not a text: write it as one line.";
        }

        var category = FrontMatterValue.AsText(values?["category"]).Trim();
        return new Skill
        {
            Name = name,
            Description = FrontMatterValue.AsText(values?["description"]),
            Author = FrontMatterValue.AsText(values?["author"]),
            Tags = Tags(values),
            Triggers = FrontMatterValue.AsList(values?["triggers"]),
            Category = category.Length > 0 ? category : location.FirstFolder,
            Enabled = SkillPlatform.Includes(FrontMatterValue.AsList(values?["platforms"]), platform),
            SourcePath = location.SourcePath,
            Content = file.Text,
            Problem = problem,
            FolderPath = location.FolderPath,
            RelativeFolder = location.RelativeFolder.TrimEnd('/'),
            FirstFolderPath = location.FirstFolderPath,
        };
    }

    private static IReadOnlyList<string> Tags(YamlMapping? values)
    {
        var own = FrontMatterValue.AsList(values?["tags"]);
        var hermes = (values?["metadata"] as YamlMapping)?["hermes"] as YamlMapping;
        var added = FrontMatterValue.AsList(hermes?["tags"]).Except(own, StringComparer.Ordinal).ToList();
        return added.Count == 0 ? own : [.. own, .. added];
    }
}
