using System.Collections.Concurrent;
using Hermes.Core.Rendering;

namespace Hermes.Core.Skills;

/// <summary>All skills at one moment. Immutable and safe for use from any thread.</summary>
internal sealed class SkillSnapshot
{
    private readonly Dictionary<string, Skill> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(bool WithContent, string RowNames), Lazy<RenderedJson>> _json = new();

    public SkillSnapshot(IReadOnlyList<Skill> skills)
    {
        Skills = skills;
        Func<Skill, string>[] names =
        [
            skill => skill.Name, skill => $"{skill.Category}/{skill.Name}", skill => skill.RelativeFolder, skill => Path.GetFileName(skill.FolderPath),
        ];
        foreach (var name in names)
        {
            foreach (var skill in skills)
            {
                _byName.TryAdd(name(skill), skill);
            }
        }
    }

    /// <summary>The skills in order.</summary>
    public IReadOnlyList<Skill> Skills { get; }

    /// <summary>The list as a UTF-8 JSON object.</summary>
    /// <param name="withContent">Whether the texts of the files are part of it.</param>
    /// <param name="rowNames">The names under which the skills stand; an application has one set of them.</param>
    public RenderedJson Json(bool withContent, IReadOnlyList<string> rowNames) => _json.GetOrAdd(
        (withContent, string.Join(',', rowNames)), _ => new(() => Render(withContent, rowNames))).Value;

    /// <summary>The first skill of this name; else of this category and name, of this folder's path, of this folder's name.</summary>
    public Skill? Find(string name) => _byName.GetValueOrDefault(name);

    private RenderedJson Render(bool withContent, IReadOnlyList<string> rowNames) =>
        RenderedJson.Render(writer => SkillJson.WriteList(writer, Skills, limit: int.MaxValue, withContent, rowNames));
}
