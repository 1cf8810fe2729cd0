namespace Hermes.Core.Skills;

/// <summary>A <c>SKILL.md</c> and what it says. Another object stands for every other text of the file.</summary>
internal sealed class SkillFile(string relativePath, Skill skill)
{
    /// <summary>The path below the root, with <c>/</c>: what the list is sorted by.</summary>
    public string RelativePath { get; } = relativePath;

    /// <summary>The skill as its file has it; config.yaml may still disable it.</summary>
    public Skill Skill { get; } = skill;
}
