namespace Hermes.Core.Skills;

/// <summary>All skills at one moment. Immutable and safe for use from any thread.</summary>
internal sealed class SkillSnapshot
{
    private readonly Dictionary<string, Skill> _byName = new(StringComparer.Ordinal);

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
                _byName.TryAdd(name(skill), skill);
        }
    }

    /// <summary>The skills in order.</summary>
    public IReadOnlyList<Skill> Skills { get; }

    /// <summary>The first skill of this name; else of this category and name, of this folder's path, of this folder's name.</summary>
    public Skill? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The skills of a category that have all words of a text in what describes them, in either case.</summary>
    /// <param name="category">Exactly this category; null is all.</param>
    /// <param name="text">The words; null is none.</param>
    public IReadOnlyList<Skill> Search(string? category, string? text)
    {
        var words = text?.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries) ?? [];
        return [.. Skills.Where(skill => (category is null || skill.Category == category) && words.All(word => Has(skill, word)))];
    }

    // Not in the skill's text: nearly every word is in some long text, so the list would find everything.
    private static bool Has(Skill skill, string word) =>
        ((IEnumerable<string>)[skill.Name, skill.Description, skill.Category, skill.Author, .. skill.Tags, .. skill.Triggers])
            .Any(text => text.Contains(word, StringComparison.OrdinalIgnoreCase));
}
