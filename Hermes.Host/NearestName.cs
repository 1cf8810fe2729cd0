namespace Hermes.Host;

/// <summary>Guesses what was meant by a name that is none.</summary>
internal static class NearestName
{
    private const int MaxLength = 100;

    /// <summary>The name that takes the fewest letters to change, at most a third of those of the written name's last word. Null where none is as near.</summary>
    /// <remarks>
    /// A letter that is missing, wrong, too much, or swapped with the next is one. A name without colons is compared with the last words too, so that
    /// <c>--port</c> finds <c>Hermes:Api:Port</c>; one with colons may be the beginning of a name.
    /// </remarks>
    /// <param name="written">What was written.</param>
    /// <param name="known">The names, and how each is shown.</param>
    public static string? Find(string written, IEnumerable<(string Name, string Shown)> known)
    {
        var text = written[..Math.Min(written.Length, MaxLength)].ToLowerInvariant();
        var limit = LastWord(text).Length / 3;
        return known
            .Select(candidate => (candidate.Shown, Distance: DistanceTo(text, candidate.Name.ToLowerInvariant())))
            .Where(candidate => candidate.Distance <= limit)
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Shown.Length)
            .FirstOrDefault().Shown;
    }

    private static int DistanceTo(string text, string name)
    {
        if (!text.Contains(':')) return Math.Min(Distances(text, name)[^1], Distances(text, LastWord(name))[^1]);

        return text.StartsWith($"{name}:", StringComparison.Ordinal) ? 0 : Distances(text, name).Min();
    }

    private static string LastWord(string name) => name[(name.LastIndexOf(':') + 1)..];

    /// <summary>How many letters it takes to change a text into each beginning of a name; the last is the whole name.</summary>
    private static int[] Distances(string text, string name)
    {
        int[] before = [], row = [.. Enumerable.Range(0, name.Length + 1)];
        for (var i = 1; i <= text.Length; i++)
        {
            var next = new int[name.Length + 1];
            next[0] = i;
            for (var j = 1; j <= name.Length; j++)
            {
                next[j] = Math.Min(Math.Min(row[j], next[j - 1]) + 1, row[j - 1] + (text[i - 1] == name[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && text[i - 1] == name[j - 2] && text[i - 2] == name[j - 1])
                    next[j] = Math.Min(next[j], before[j - 2] + 1);
            }

            (before, row) = (row, next);
        }

        return row;
    }
}
