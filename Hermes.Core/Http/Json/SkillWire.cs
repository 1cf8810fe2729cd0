using System.Globalization;
using System.Text.Json.Serialization;
using Hermes.Core.Skills;

namespace Hermes.Core.Http.Json;

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

    /// <summary>True.</summary>
    [JsonPropertyName("success")]
    public required bool Success { get; init; }

    /// <summary>How many are in this answer.</summary>
    [JsonPropertyName("count")]
    public required int Count { get; init; }

    /// <summary>The names of the categories that the found ones are in, sorted.</summary>
    [JsonPropertyName("categories")]
    public required IReadOnlyList<string> Categories { get; init; }

    /// <summary>The list of what was found.</summary>
    /// <param name="found">The skills.</param>
    /// <param name="limit">How many of them are shown at most.</param>
    /// <param name="withContent">Whether the files' texts are part of it.</param>
    /// <param name="keys">The keys under which the skills stand, each with all of them.</param>
    public static SkillList From(IReadOnlyList<Skill> found, int limit, bool withContent, ListKeys keys)
    {
        SkillObject[] shown = [.. found.Take(limit).Select(skill => SkillObject.From(skill, withContent))];
        return new()
        {
            Object = "list",
            Items = keys is ListKeys.Data ? null : shown,
            Data = keys is ListKeys.Items ? null : shown,
            Total = found.Count,
            Success = true,
            Count = shown.Length,
            Categories = SkillCategories.Names(found),
        };
    }
}

/// <summary>A skill: a folder with a <c>SKILL.md</c>.</summary>
internal sealed record SkillObject
{
    /// <summary>The same as <c>name</c>.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>The name from the front matter, else the folder's.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>What it is for; empty where the front matter does not say.</summary>
    [JsonPropertyName("description")]
    public required string Description { get; init; }

    /// <summary>Who wrote it; empty where the front matter does not say.</summary>
    [JsonPropertyName("author")]
    public required string Author { get; init; }

    /// <summary>Tags.</summary>
    [JsonPropertyName("tags")]
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Words that call for it.</summary>
    [JsonPropertyName("triggers")]
    public required IReadOnlyList<string> Triggers { get; init; }

    /// <summary>The category from the front matter, else the first folder; empty where there is neither.</summary>
    [JsonPropertyName("category")]
    public required string Category { get; init; }

    /// <summary>Always true: it lies in the home or in an external folder of it.</summary>
    [JsonPropertyName("installed")]
    public required bool Installed { get; init; }

    /// <summary>False where <c>skills.disabled</c> names it, or where it is for other platforms.</summary>
    [JsonPropertyName("enabled")]
    public required bool Enabled { get; init; }

    /// <summary>Where its file lies, relative to the home where it lies in it.</summary>
    [JsonPropertyName("sourcePath")]
    public required string SourcePath { get; init; }

    /// <summary>The file's text; missing where <c>content=0</c> was asked for.</summary>
    [JsonPropertyName("content")]
    public string? Content { get; init; }

    /// <summary>What is wrong with its front matter; missing where nothing is.</summary>
    [JsonPropertyName("problem")]
    public string? Problem { get; init; }

    /// <summary>A skill as it is shown.</summary>
    public static SkillObject From(Skill skill, bool withContent) => new()
    {
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
        Content = withContent ? skill.Content : null,
        Problem = skill.Problem,
    };
}

/// <summary>One skill, or one of its files.</summary>
internal sealed record SkillDetail
{
    /// <summary>True.</summary>
    [JsonPropertyName("success")]
    public required bool Success { get; init; }

    /// <summary>The skill's name.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>The text of SKILL.md or of the file that was asked for, at most 1 MB of it; of a binary file a note of its size.</summary>
    [JsonPropertyName("content")]
    public required string Content { get; init; }

    /// <summary>The same as <c>name</c>. Like all that follows up to <c>linked_files</c>, missing where a file was asked for.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

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

    /// <summary>What is wrong with its front matter; missing where nothing is.</summary>
    [JsonPropertyName("problem")]
    public string? Problem { get; init; }

    /// <summary>
    /// The files that belong to the skill, as <c>file_path</c> takes them: sorted lists for <c>references</c>, <c>templates</c>,
    /// <c>assets</c> and <c>scripts</c>, empty where there are none.
    /// </summary>
    [JsonPropertyName("linked_files")]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? LinkedFiles { get; init; }

    /// <summary>The file that was asked for. Like all that follows, missing where none was.</summary>
    [JsonPropertyName("file")]
    public string? File { get; init; }

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
    public static SkillDetail From(Skill skill, SkillFiles files) => new()
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
        LinkedFiles = SkillFiles.Folders.ToDictionary(folder => folder, folder => files.List(skill, folder)),
    };

    /// <summary>A file of a skill.</summary>
    public static SkillDetail From(Skill skill, string path, SkillFileContent file) => new()
    {
        Success = true,
        Name = skill.Name,
        Content = file.IsBinary ? string.Create(CultureInfo.InvariantCulture, $"[Binary file of {file.Size} bytes]") : file.Text,
        File = path,
        FileType = Path.GetExtension(path),
        Size = file.Size,
        IsBinary = file.IsBinary,
        IsTruncated = file.IsTruncated,
    };
}

/// <summary>The categories of the skills, sorted by name.</summary>
internal sealed record SkillCategoryList(
    [property: JsonPropertyName("success")] bool Success,
    [property: JsonPropertyName("categories")] IReadOnlyList<SkillCategoryObject> Categories)
{
    /// <summary>The categories as they are shown.</summary>
    public static SkillCategoryList From(IEnumerable<SkillCategory> categories) => new(
        Success: true,
        [.. categories.Select(category => new SkillCategoryObject { Name = category.Name, Description = category.Description, Count = category.Count })]);
}

/// <summary>A category of skills.</summary>
internal sealed record SkillCategoryObject
{
    /// <summary>The name.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>What its folder's DESCRIPTION.md says; empty where there is none.</summary>
    [JsonPropertyName("description")]
    public required string Description { get; init; }

    /// <summary>How many skills are in it.</summary>
    [JsonPropertyName("count")]
    public required int Count { get; init; }
}
