namespace Hermes.Core.Sessions.Sqlite;

/// <summary>Says a search in the language of FTS5. Everything is quoted, and nothing in quotes has a quote: no text makes it invalid.</summary>
internal static class IndexQuery
{
    /// <summary>The fewest code points that an index of trigrams can find.</summary>
    private const int Trigram = 3;

    /// <summary>Finds the messages whose words answer one of the alternatives; null where words cannot answer any.</summary>
    /// <remarks>What is to be absent, and what are no words, is left to be looked for in what this finds.</remarks>
    public static string? OfWords(SearchExpression expression)
    {
        var alternatives = expression.Alternatives
            .Where(alternative => alternative.Required.TrueForAll(term => term.IsWords || term.IsLiteral)
                && alternative.Required.Exists(term => term.IsWords))
            .Select(alternative => string.Join(" AND ", alternative.Required.Where(term => term.IsWords).Select(OfWord)))
            .ToList();
        return alternatives.Count == 0 ? null : string.Join(" OR ", alternatives.Select(alternative => $"({alternative})"));
    }

    /// <summary>Finds the messages that have a text of each alternative at any place; null where trigrams cannot answer all of them.</summary>
    public static string? OfTrigrams(SearchExpression expression)
    {
        var alternatives = expression.Alternatives
            .Select(alternative => string.Join(" AND ", alternative.Required
                .SelectMany(term => term.SpacelessTexts)
                .Where(text => text.EnumerateRunes().Count() >= Trigram)
                .Select(text => $"\"{text}\"")))
            .ToList();
        return alternatives.Contains("") ? null : string.Join(" OR ", alternatives.Select(alternative => $"({alternative})"));
    }

    // Where vowel points or diacritics are written, the index may have the word with or without them.
    private static string OfWord(SearchTerm term)
    {
        var star = term.IsPrefix ? "*" : "";
        return term.Words.Equals(term.FoldedWords, StringComparison.OrdinalIgnoreCase)
            ? $"\"{term.Words}\"{star}"
            : $"(\"{term.Words}\"{star} OR \"{term.FoldedWords}\"{star})";
    }
}
