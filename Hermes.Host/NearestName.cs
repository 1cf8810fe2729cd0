namespace Hermes.Host;

/// <summary>Guesses what was meant by a name that is none.</summary>
internal static class NearestName
{
    private const int MaxLength = 100;

    // Below it, the letters are alike by chance.
    private const double LeastLikeness = 0.6;

    /// <summary>The name that keeps the most of the written letters in their order; of several, that whose last word is as long. Null where none is alike.</summary>
    /// <remarks>So a letter that is missing, wrong, too much or swapped finds the name, and so does the beginning or the last word of a long one.</remarks>
    /// <param name="written">What was written.</param>
    /// <param name="known">The names, and how each is shown.</param>
    public static string? Find(string written, IEnumerable<(string Name, string Shown)> known)
    {
        var text = written[..Math.Min(written.Length, MaxLength)].ToLowerInvariant();
        var (name, shown) = known
            .OrderByDescending(candidate => CountCommon(text, candidate.Name.ToLowerInvariant()))
            .ThenBy(candidate => Math.Abs(LastWord(candidate.Name).Length - LastWord(text).Length)).FirstOrDefault();
        return name is not null && text.Length > 0 && CountCommon(text, name.ToLowerInvariant()) >= LeastLikeness * text.Length ? shown : null;
    }

    private static string LastWord(string name) => name[(name.LastIndexOf(':') + 1)..];

    // The length of the longest common subsequence.
    private static int CountCommon(string a, string b)
    {
        var counts = new int[b.Length + 1];
        foreach (var letter in a)
        {
            var diagonal = 0;
            for (var i = 1; i <= b.Length; i++)
            {
                var above = counts[i];
                counts[i] = letter == b[i - 1] ? diagonal + 1 : Math.Max(above, counts[i - 1]);
                diagonal = above;
            }
        }

        return counts[^1];
    }
}
