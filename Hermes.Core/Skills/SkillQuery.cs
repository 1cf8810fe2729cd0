namespace Hermes.Core.Skills;

/// <summary>Which skills are asked for.</summary>
/// <param name="Category">Only those of exactly this category; null is all.</param>
/// <param name="Text">Only those that have each word of this text somewhere in what describes them, in either case; null is all.</param>
/// <param name="Limit">How many at most; null is all.</param>
internal sealed record SkillQuery(string? Category, string? Text, int? Limit)
{
    /// <summary>Whether every skill is asked for.</summary>
    public bool IsEverything => Category is null && Text is null && Limit is null;

    /// <summary>Finds the skills, in the order of the list, whatever the limit.</summary>
    public IReadOnlyList<Skill> Find(IReadOnlyList<Skill> skills)
    {
        var words = Text?.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries) ?? [];
        return [.. skills.Where(skill => (Category is null || skill.Category == Category) && Array.TrueForAll(words, word => Has(skill, word)))];
    }

    // Not in the skill's text: nearly every word is in some long text, so the list would find everything.
    private static bool Has(Skill skill, string word) =>
        Has(skill.Name, word) || Has(skill.Description, word) || Has(skill.Category, word) || Has(skill.Author, word)
        || skill.Tags.Any(tag => Has(tag, word)) || skill.Triggers.Any(trigger => Has(trigger, word));

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
