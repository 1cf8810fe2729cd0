namespace Hermes.Core.Sessions.Search;

internal sealed partial class SearchExpression
{
    private const int SnippetLength = 200;
    private const int LeadIn = 50;
    private const int MaxHits = 1000;
    private const string Cut = "...";

    /// <summary>The part of a text with the most hits, each of which is marked; its beginning where nothing of the expression stands in it.</summary>
    public string CreateSnippet(string text)
    {
        var hits = FindHits(text);
        var (start, end) = Window(text, hits);
        var snippet = new StringBuilder(start > 0 ? Cut : "", SnippetLength + 100);
        var at = start;
        foreach (var hit in hits.Where(hit => hit.Start >= start && hit.End <= end))
        {
            snippet.Append(text, at, hit.Start - at).Append(">>>").Append(text, hit.Start, hit.End - hit.Start).Append("<<<");
            at = hit.End;
        }

        return snippet.Append(text, at, end - at).Append(end < text.Length ? Cut : "").ToString();
    }

    /// <summary>Whether anything of the expression stands in the text.</summary>
    public bool HasHit(string text)
    {
        var folded = FoldedText.Fold(text).Text;
        return Terms.Any(term => term.IsIn(folded));
    }

    /// <summary>The beginning of a text, of at most so many characters.</summary>
    public static string Beginning(string text, int length) => text[..WholeRune(text, Math.Min(text.Length, length))];

    private List<(int Start, int End)> FindHits(string text)
    {
        var folded = FoldedText.Fold(text);
        var hits = new List<(int Start, int End)>();
        foreach (var term in Terms)
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

    // The part with the most hits, the first of several.
    private static (int Start, int End) Window(string text, List<(int Start, int End)> hits)
    {
        if (text.Length <= SnippetLength) return (0, text.Length);

        var (best, most) = (0, 0);
        for (int first = 0, last = 0; first < hits.Count; first++)
        {
            while (last < hits.Count && hits[last].End <= hits[first].Start + SnippetLength - LeadIn)
                last++;

            if (last - first > most)
                (best, most) = (first, last - first);
        }

        var start = hits.Count == 0 ? 0 : Math.Clamp(hits[best].Start - LeadIn, 0, text.Length - SnippetLength);
        var end = Math.Max(start + SnippetLength, hits.Count == 0 ? 0 : hits[best].End);
        return (WholeRune(text, start), WholeRune(text, Math.Min(end, text.Length)));
    }

    private static int WholeRune(string text, int index) =>
        index > 0 && index < text.Length && char.IsLowSurrogate(text[index]) && char.IsHighSurrogate(text[index - 1]) ? index - 1 : index;
}
