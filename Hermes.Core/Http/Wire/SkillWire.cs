using Hermes.Core.Skills;

namespace Hermes.Core.Http.Wire;

/// <summary>The shapes of <c>/api/skills</c>.</summary>
internal static class SkillWire
{
    /// <summary>The agent's skills.</summary>
    /// <param name="Object">Always <c>list</c>.</param>
    /// <param name="Total">How many the query finds, without its limit.</param>
    /// <param name="Success">Always true.</param>
    /// <param name="Count">How many are in this answer.</param>
    /// <param name="Categories">The names of the categories that the found ones are in, sorted.</param>
    /// <param name="Items">The skills, the home's own before those of external folders, sorted by path. Missing where <c>Hermes:Api:ListKeys</c> is <c>Data</c>.</param>
    /// <param name="Data">The same skills again, as newer clients read them. Missing where <c>Hermes:Api:ListKeys</c> is <c>Items</c>.</param>
    internal sealed record SkillList(
        [property: JsonPropertyOrder(-2)] string Object, long Total, bool Success, int Count, IReadOnlyList<string> Categories,
        [property: JsonPropertyOrder(-1)] IReadOnlyList<SkillObject>? Items = null,
        [property: JsonPropertyOrder(-1)] IReadOnlyList<SkillObject>? Data = null)
    {
        public static SkillList From(IReadOnlyList<Skill> found, int? limit, bool withContent, ListKeys keys)
        {
            var rows = found.Take(limit ?? int.MaxValue).Select(skill => SkillObject.From(skill, withContent)).ToList();
            return new SkillList(
                "list", found.Count, Success: true, rows.Count, SkillCategories.Names(found),
                Items: keys is ListKeys.Data ? null : rows, Data: keys is ListKeys.Items ? null : rows);
        }
    }

    /// <summary>A skill: a folder with a <c>SKILL.md</c>.</summary>
    /// <param name="Id">The same as <c>name</c>.</param>
    /// <param name="Name">The name from the front matter, else the folder's.</param>
    /// <param name="Description">What it is for; empty where the front matter does not say.</param>
    /// <param name="Author">Who wrote it; empty where the front matter does not say.</param>
    /// <param name="Tags">The skill's tags.</param>
    /// <param name="Triggers">Words that call for it.</param>
    /// <param name="Category">The category from the front matter, else the first folder; empty where there is neither.</param>
    /// <param name="Installed">Always true: it lies in the home or in an external folder of it.</param>
    /// <param name="Enabled">False where <c>skills.disabled</c> names it, or where it is for other platforms.</param>
    /// <param name="SourcePath">Where its file lies, relative to the home where it lies in it.</param>
    /// <param name="Content">The file's text; missing where <c>content=0</c> was asked for.</param>
    /// <param name="Problem">What is wrong with its front matter; missing where nothing is.</param>
    internal sealed record SkillObject(
        string Id, string Name, string Description, string Author, IReadOnlyList<string> Tags, IReadOnlyList<string> Triggers, string Category,
        bool Installed, bool Enabled, [property: JsonPropertyName("sourcePath")] string SourcePath, string? Content = null, string? Problem = null)
    {
        public static SkillObject From(Skill skill, bool withContent) => new(
            skill.Name, skill.Name, skill.Description, skill.Author, skill.Tags, skill.Triggers, skill.Category, Installed: true, skill.Enabled,
            skill.SourcePath, withContent ? skill.Content : null, skill.Problem);
    }

    /// <summary>One skill, or one of its files.</summary>
    /// <param name="Success">Always true.</param>
    /// <param name="Name">The skill's name.</param>
    /// <param name="Content">The text of SKILL.md or of the file that was asked for, at most 1 MB of it; of a binary file a note of its size.</param>
    /// <param name="Id">The same as <c>name</c>. Missing, like the fields that describe the skill, where a file was asked for.</param>
    /// <param name="File">The file that was asked for. Missing, like the fields that describe a file, where none was.</param>
    /// <param name="Description">What it is for; empty where the front matter does not say.</param>
    /// <param name="Author">Who wrote it; empty where the front matter does not say.</param>
    /// <param name="Tags">The skill's tags.</param>
    /// <param name="Triggers">Words that call for it.</param>
    /// <param name="Category">The category from the front matter, else the first folder; empty where there is neither.</param>
    /// <param name="Installed">Always true: it lies in the home or in an external folder of it.</param>
    /// <param name="Enabled">False where <c>skills.disabled</c> names it, or where it is for other platforms.</param>
    /// <param name="SourcePath">Where its file lies, relative to the home where it lies in it.</param>
    /// <param name="Problem">What is wrong with its front matter; missing where nothing is.</param>
    /// <param name="LinkedFiles">
    /// The files that belong to the skill, as <c>file_path</c> takes them: sorted lists for <c>references</c>, <c>templates</c>,
    /// <c>assets</c> and <c>scripts</c>, empty where there are none.
    /// </param>
    /// <param name="FileType">The file's extension, with its dot; empty where it has none.</param>
    /// <param name="Size">The file's length in bytes.</param>
    /// <param name="IsBinary">Whether it is no UTF-8 text, so that its content is not shown.</param>
    /// <param name="IsTruncated">Whether the file goes on behind the content.</param>
    internal sealed record SkillDetail(
        bool Success, string Name, string Content, string? Id = null, string? File = null, string? Description = null, string? Author = null,
        IReadOnlyList<string>? Tags = null, IReadOnlyList<string>? Triggers = null, string? Category = null, bool? Installed = null,
        bool? Enabled = null, [property: JsonPropertyName("sourcePath")] string? SourcePath = null, string? Problem = null,
        IReadOnlyDictionary<string, IReadOnlyList<string>>? LinkedFiles = null, string? FileType = null, long? Size = null,
        bool? IsBinary = null, bool? IsTruncated = null)
    {
        public static SkillDetail From(Skill skill, IReadOnlyDictionary<string, IReadOnlyList<string>> linkedFiles) => new(
            Success: true, skill.Name, skill.Content, skill.Name, File: null, skill.Description, skill.Author, skill.Tags, skill.Triggers, skill.Category,
            Installed: true, skill.Enabled, skill.SourcePath, skill.Problem, linkedFiles);

        public static SkillDetail From(Skill skill, string path, SkillFiles.Content file) => new(
            Success: true, skill.Name, file.IsBinary ? string.Create(CultureInfo.InvariantCulture, $"[Binary file of {file.Size} bytes]") : file.Text,
            File: path, FileType: Path.GetExtension(path), Size: file.Size, IsBinary: file.IsBinary, IsTruncated: file.IsTruncated);
    }

    /// <summary>The categories of the skills, sorted by name.</summary>
    internal sealed record SkillCategoryList(bool Success, IReadOnlyList<SkillCategoryObject> Categories);

    /// <summary>A category of skills.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="Description">What its folder's DESCRIPTION.md says; empty where there is none.</param>
    /// <param name="Count">How many skills are in it.</param>
    internal sealed record SkillCategoryObject(string Name, string Description, int Count);
}
