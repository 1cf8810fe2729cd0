namespace Hermes.Core.Skills;

/// <summary>A folder below which every <c>SKILL.md</c> is a skill.</summary>
/// <param name="Path">Its absolute path with every link on the way followed, so that each folder has but one.</param>
/// <param name="SourcePath">What stands before a skill's relative path in <see cref="Skill.SourcePath"/>.</param>
internal sealed record SkillRoot(string Path, string SourcePath);
