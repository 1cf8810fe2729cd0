namespace Hermes.Core.Skills;

/// <summary>A skill: a <c>SKILL.md</c> with what its front matter says about it.</summary>
/// <remarks>Immutable and safe for use from any thread.</remarks>
public sealed record Skill
{
    /// <summary>The name in the front matter, else that of the skill's folder. Two skills may have the same one.</summary>
    public required string Name { get; init; }
    /// <summary>What the skill is for; empty where the front matter does not say.</summary>
    public string Description { get; init; } = "";
    /// <summary>Who wrote it; empty where the front matter does not say. Several authors are joined by commas.</summary>
    public string Author { get; init; } = "";
    /// <summary>The words that it is filed under, from <c>tags</c> and <c>metadata.hermes.tags</c>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
    /// <summary>The words at which an agent should think of it.</summary>
    public IReadOnlyList<string> Triggers { get; init; } = [];
    /// <summary>The category in the front matter, else the first folder below the skills folder; empty for a <c>SKILL.md</c> right in it.</summary>
    public string Category { get; init; } = "";
    /// <summary>False where <c>skills.disabled</c> or <c>skills.platform_disabled.api_server</c> of config.yaml names it, or where it is for other platforms.</summary>
    public bool Enabled { get; init; } = true;
    /// <summary>The file's path with <c>/</c>: relative to the home where the file lies in it, else absolute.</summary>
    public required string SourcePath { get; init; }
    /// <summary>The file's text, front matter included, with line ends as <c>\n</c>; at most the first 1 MB of it.</summary>
    public string Content { get; init; } = "";
    /// <summary>What is wrong with the file and what cures it; null where nothing is. A broken front matter leaves the other values at their defaults.</summary>
    public string? Problem { get; init; }
    /// <summary>The absolute path of the folder that the file lies in.</summary>
    internal string FolderPath { get; init; } = "";
    /// <summary>The path of that folder below the skills folder, with <c>/</c>; empty for a <c>SKILL.md</c> right in it.</summary>
    internal string RelativeFolder { get; init; } = "";
}
