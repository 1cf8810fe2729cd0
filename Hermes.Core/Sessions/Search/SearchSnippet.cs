namespace Hermes.Core.Sessions.Search;

/// <summary>Cuts the part out of a text that shows what was found, and marks it.</summary>
internal static class SearchSnippet
{
    private const int Length = 200;
    private const int LeadIn = 50;
    private const int MaxHits = 1000;
    private const string Before = ">>>";
    private const string After = "<<<";
    private const string Cut = "...";

    /// <summary>The snippet of a text; its beginning where nothing of the expression stands in it.</summary>
    public static string Create(string text, SearchExpression expression)
    {
        var hits = FindHits(text, expression);
        var (start, end) = Window(text, hits);
        var snippet = new StringBuilder(Length + 100);
        snippet.Append(start > 0 ? Cut : "");
        var at = start;
        foreach (var hit in hits.Where(hit => hit.Start >= start && hit.End <= end))
        {
            snippet.Append(text, at, hit.Start - at).Append(Before).Append(text, hit.Start, hit.End - hit.Start).Append(After);
            at = hit.End;
        }

        return snippet.Append(text, at, end - at).Append(end < text.Length ? Cut : "").ToString();
    }

    /// <summary>Whether anything of the expression stands in the text.</summary>
    public static bool HasHit(string text, SearchExpression expression)
    {
        var folded = FoldedText.Fold(text).Text;
        return expression.Terms.Any(term => term.TryFind(folded, 0, out _, out _));
    }

    /// <summary>The beginning of a text, of at most so many characters.</summary>
    public static string Beginning(string text, int length) => text.Length <= length ? text : text[..WholeRune(text, length)];

    private static List<(int Start, int End)> FindHits(string text, SearchExpression expression)
    {
        var folded = FoldedText.Fold(text);
        var hits = new List<(int Start, int End)>();
        foreach (var term in expression.Terms)
        {
            for (var from = 0; hits.Count < MaxHits && term.TryFind(folded.Text, from, out var start, out var end); from = end)
                hits.Add((folded.Origin(start), folded.Origin(end)));
        }

        hits.Sort();
        var apart = new List<(int Start, int End)>(hits.Count);
        foreach (var hit in hits)
        {
            if (apart.Count > 0 && hit.Start < apart[^1].End)
                apart[^1] = (apart[^1].Start, Math.Max(apart[^1].End, hit.End));
            else
                apart.Add(hit);
        }

        return apart;
    }

    /// <summary>The part with the most hits, the first of several.</summary>
    private static (int Start, int End) Window(string text, List<(int Start, int End)> hits)
    {
        if (text.Length <= Length)
            return (0, text.Length);

        var (best, most) = (0, 0);
        for (int first = 0, last = 0; first < hits.Count; first++)
        {
            while (last < hits.Count && hits[last].End <= hits[first].Start + Length - LeadIn)
                last++;

            if (last - first > most)
                (best, most) = (first, last - first);
        }

        var start = hits.Count == 0 ? 0 : Math.Clamp(hits[best].Start - LeadIn, 0, text.Length - Length);
        var end = Math.Max(start + Length, hits.Count == 0 ? 0 : hits[best].End);
        return (WholeRune(text, start), WholeRune(text, Math.Min(end, text.Length)));
    }

    private static int WholeRune(string text, int index) =>
        index > 0 && index < text.Length && char.IsLowSurrogate(text[index]) && char.IsHighSurrogate(text[index - 1]) ? index - 1 : index;
}
