using System.Text.RegularExpressions;

namespace Hermes.Core.Sessions.Search;

/// <summary>What a search's text asks for, and whether a message answers it.</summary>
/// <remarks>Every text is a valid query: an operator that has nothing to work on is a word. Immutable.</remarks>
internal sealed partial class SearchExpression(IReadOnlyList<SearchExpression.Alternative> alternatives)
{
    private const int SnippetLength = 200, LeadIn = 50, MaxHits = 1000;
    private const string Cut = "...";

    /// <summary>What a message can answer it with; none where the text names nothing.</summary>
    public IReadOnlyList<Alternative> Alternatives => alternatives;

    // Every term that is to be found, of all alternatives.
    private IEnumerable<Term> Terms => alternatives.SelectMany(alternative => alternative.Required);

    public static SearchExpression Parse(string text)
    {
        // A phrase or a word, whether it is the beginning of one, and which operator it may be; empty for none.
        var tokens = Token().Matches(text).Select(match => match.Groups["word"] is { Success: true, Value: var word }
            ? (Text: word, IsPrefix: word.EndsWith('*'), Operator: word is "AND" or "OR" or "NOT" ? word : "")
            : (Text: match.Groups["phrase"].Value, IsPrefix: match.Groups["star"].Success, Operator: "")).ToList();
        List<Alternative> alternatives = [new([], [])];
        var excludes = false;
        for (var i = 0; i < tokens.Count; i++)
        {
            var current = alternatives[^1];
            var next = i + 1 < tokens.Count ? tokens[i + 1].Operator : null;
            switch (current.Required.Count > 0 ? tokens[i].Operator : "")
            {
                case "AND" when next is "" or "NOT":
                    continue;
                case "OR" when next is "":
                    alternatives.Add(new([], []));
                    continue;
                case "NOT" when next is "":
                    excludes = true;
                    continue;
            }

            if (Term.Parse(tokens[i].Text, tokens[i].IsPrefix) is { } term)
                (excludes ? current.Excluded : current.Required).Add(term);

            excludes = false;
        }

        return new SearchExpression(alternatives.FindAll(alternative => alternative.Required.Count > 0));
    }

    /// <summary>Whether a text answers it.</summary>
    public bool Matches(string text)
    {
        var folded = FoldedText.Fold(text).Text;
        return alternatives.Any(
            alternative => alternative.Required.TrueForAll(term => term.IsIn(folded)) && !alternative.Excluded.Exists(term => term.IsIn(folded)));
    }

    /// <summary>Whether anything of the expression stands in the text.</summary>
    public bool HasHit(string text) => FindHits(text).Count > 0;

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

        var apart = new List<(int Start, int End)>(hits.Count);
        foreach (var hit in hits.Order())
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

        var best = hits.Count == 0 ? default : hits[Enumerable.Range(0, hits.Count).MaxBy(CountFrom)];
        var start = Math.Clamp(best.Start - LeadIn, 0, text.Length - SnippetLength);
        return (WholeRune(text, start), WholeRune(text, Math.Min(Math.Max(start + SnippetLength, best.End), text.Length)));

        int CountFrom(int first) => hits.Skip(first).TakeWhile(hit => hit.End <= hits[first].Start + SnippetLength - LeadIn).Count();
    }

    private static int WholeRune(string text, int index) =>
        index > 0 && index < text.Length && char.IsLowSurrogate(text[index]) && char.IsHighSurrogate(text[index - 1]) ? index - 1 : index;

    [GeneratedRegex("""
        "(?<phrase>[^"]*)("(?<star>\*)?)?|(?<word>[^\s"]+)
        """, RegexOptions.ExplicitCapture)]
    private static partial Regex Token();

    /// <summary>Terms that are all to be there, and terms of which none is.</summary>
    public sealed record Alternative(List<Term> Required, List<Term> Excluded);
}
