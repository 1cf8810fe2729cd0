using System.Globalization;
using System.Text.Json.Serialization;
using Hermes.Core.Skills;

namespace Hermes.Core.Http.Wire;

/// <summary>The agent's skills.</summary>
internal sealed record SkillList
{
    /// <summary>Always <c>list</c>.</summary>
    [JsonPropertyName("object")]
    public required string Object { get; init; }

    /// <summary>The skills, the home's own before those of external folders, sorted by path. Missing where <c>Hermes:Api:ListKeys</c> is <c>Data</c>.</summary>
    [JsonPropertyName("items")]
    public IReadOnlyList<SkillObject>? Items { get; init; }

    /// <summary>The same skills again, as newer clients read them. Missing where <c>Hermes:Api:ListKeys</c> is <c>Items</c>.</summary>
    [JsonPropertyName("data")]
    public IReadOnlyList<SkillObject>? Data { get; init; }

    /// <summary>How many the query finds, without its limit.</summary>
    [JsonPropertyName("total")]
    public required long Total { get; init; }

    /// <summary>Always true.</summary>
    [JsonPropertyName("success")]
    public required bool Success { get; init; }

    /// <summary>How many are in this answer.</summary>
    [JsonPropertyName("count")]
    public required int Count { get; init; }

    /// <summary>The names of the categories that the found ones are in, sorted.</summary>
    [JsonPropertyName("categories")]
    public required IReadOnlyList<string> Categories { get; init; }

    /// <summary>The list of found skills, of which some are shown.</summary>
    public static SkillList From(IReadOnlyList<Skill> found, int? limit, bool withContent, ListKeys keys)
    {
        var rows = found.Take(limit ?? int.MaxValue).Select(skill => SkillObject.From(skill, withContent)).ToList();
        return new SkillList
        {
            Object = "list",
            Items = keys is ListKeys.Data ? null : rows,
            Data = keys is ListKeys.Items ? null : rows,
            Total = found.Count,
            Success = true,
            Count = rows.Count,
            Categories = SkillCategories.Names(found),
        };
    }
}

/// <summary>A skill: a folder with a <c>SKILL.md</c>.</summary>
/// <param name="Id">The same as <c>name</c>.</param>
/// <param name="Name">The name from the front matter, else the folder's.</param>
/// <param name="Description">What it is for; empty where the front matter does not say.</param>
/// <param name="Author">Who wrote it; empty where the front matter does not say.</param>
/// <param name="Tags">Tags.</param>
/// <param name="Triggers">Words that call for it.</param>
/// <param name="Category">The category from the front matter, else the first folder; empty where there is neither.</param>
/// <param name="Installed">Always true: it lies in the home or in an external folder of it.</param>
/// <param name="Enabled">False where <c>skills.disabled</c> names it, or where it is for other platforms.</param>
/// <param name="SourcePath">Where its file lies, relative to the home where it lies in it.</param>
/// <param name="Content">The file's text; missing where <c>content=0</c> was asked for.</param>
/// <param name="Problem">What is wrong with its front matter; missing where nothing is.</param>
internal sealed record SkillObject(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("description")] string Description,
    [property: JsonPropertyName("author")] string Author,
    [property: JsonPropertyName("tags")] IReadOnlyList<string> Tags,
    [property: JsonPropertyName("triggers")] IReadOnlyList<string> Triggers,
    [property: JsonPropertyName("category")] string Category,
    [property: JsonPropertyName("installed")] bool Installed,
    [property: JsonPropertyName("enabled")] bool Enabled,
    [property: JsonPropertyName("sourcePath")] string SourcePath,
    [property: JsonPropertyName("content")] string? Content = null,
    [property: JsonPropertyName("problem")] string? Problem = null)
{
    public static SkillObject From(Skill skill, bool withContent) => new(
        skill.Name, skill.Name, skill.Description, skill.Author, skill.Tags, skill.Triggers, skill.Category, Installed: true, skill.Enabled,
        skill.SourcePath, withContent ? skill.Content : null, skill.Problem);
}

/// <summary>One skill, or one of its files.</summary>
internal sealed record SkillDetail
{
    /// <summary>Always true.</summary>
    [JsonPropertyName("success")]
    public required bool Success { get; init; }

    /// <summary>The same as <c>name</c>. Missing, like the fields that describe the skill, where a file was asked for.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>The skill's name.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>The file that was asked for. Missing, like the fields that describe a file, where none was.</summary>
    [JsonPropertyName("file")]
    public string? File { get; init; }

    /// <summary>What it is for; empty where the front matter does not say.</summary>
    [JsonPropertyName("description")]
    public string? Description { get; init; }

    /// <summary>Who wrote it; empty where the front matter does not say.</summary>
    [JsonPropertyName("author")]
    public string? Author { get; init; }

    /// <summary>Tags.</summary>
    [JsonPropertyName("tags")]
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Words that call for it.</summary>
    [JsonPropertyName("triggers")]
    public IReadOnlyList<string>? Triggers { get; init; }

    /// <summary>The category from the front matter, else the first folder; empty where there is neither.</summary>
    [JsonPropertyName("category")]
    public string? Category { get; init; }

    /// <summary>Always true: it lies in the home or in an external folder of it.</summary>
    [JsonPropertyName("installed")]
    public bool? Installed { get; init; }

    /// <summary>False where <c>skills.disabled</c> names it, or where it is for other platforms.</summary>
    [JsonPropertyName("enabled")]
    public bool? Enabled { get; init; }

    /// <summary>Where its file lies, relative to the home where it lies in it.</summary>
    [JsonPropertyName("sourcePath")]
    public string? SourcePath { get; init; }

    /// <summary>The text of SKILL.md or of the file that was asked for, at most 1 MB of it; of a binary file a note of its size.</summary>
    [JsonPropertyName("content")]
    public required string Content { get; init; }

    /// <summary>What is wrong with its front matter; missing where nothing is.</summary>
    [JsonPropertyName("problem")]
    public string? Problem { get; init; }

    /// <summary>
    /// The files that belong to the skill, as <c>file_path</c> takes them: sorted lists for <c>references</c>, <c>templates</c>,
    /// <c>assets</c> and <c>scripts</c>, empty where there are none.
    /// </summary>
    [JsonPropertyName("linked_files")]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? LinkedFiles { get; init; }

    /// <summary>The file's extension, with its dot; empty where it has none.</summary>
    [JsonPropertyName("file_type")]
    public string? FileType { get; init; }

    /// <summary>The file's length in bytes.</summary>
    [JsonPropertyName("size")]
    public long? Size { get; init; }

    /// <summary>Whether it is no UTF-8 text, so that its content is not shown.</summary>
    [JsonPropertyName("is_binary")]
    public bool? IsBinary { get; init; }

    /// <summary>Whether the file goes on behind the content.</summary>
    [JsonPropertyName("is_truncated")]
    public bool? IsTruncated { get; init; }

    /// <summary>A skill with the files that belong to it.</summary>
    public static SkillDetail From(Skill skill, IReadOnlyDictionary<string, IReadOnlyList<string>> linkedFiles) => new()
    {
        Success = true,
        Id = skill.Name,
        Name = skill.Name,
        Description = skill.Description,
        Author = skill.Author,
        Tags = skill.Tags,
        Triggers = skill.Triggers,
        Category = skill.Category,
        Installed = true,
        Enabled = skill.Enabled,
        SourcePath = skill.SourcePath,
        Content = skill.Content,
        Problem = skill.Problem,
        LinkedFiles = linkedFiles,
    };

    /// <summary>A file of a skill.</summary>
    public static SkillDetail From(Skill skill, string path, SkillFileContent file) => new()
    {
        Success = true,
        Name = skill.Name,
        File = path,
        Content = file.IsBinary ? string.Create(CultureInfo.InvariantCulture, $"[Binary file of {file.Size} bytes]") : file.Text,
        FileType = Path.GetExtension(path),
        Size = file.Size,
        IsBinary = file.IsBinary,
        IsTruncated = file.IsTruncated,
    };
}

/// <summary>The categories of the skills, sorted by name.</summary>
internal sealed record SkillCategoryList(
    [property: JsonPropertyName("success")] bool Success,
    [property: JsonPropertyName("categories")] IReadOnlyList<SkillCategoryObject> Categories);

/// <summary>A category of skills.</summary>
/// <param name="Name">The name.</param>
/// <param name="Description">What its folder's DESCRIPTION.md says; empty where there is none.</param>
/// <param name="Count">How many skills are in it.</param>
internal sealed record SkillCategoryObject(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("description")] string Description,
    [property: JsonPropertyName("count")] int Count);
