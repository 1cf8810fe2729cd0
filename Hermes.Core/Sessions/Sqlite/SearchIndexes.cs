using System.Buffers;
using System.Text.RegularExpressions;
using Hermes.Core.Sessions.Search;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The search indexes of a file that this version knows how to ask. Others are never touched: their tokenizer may not be loaded here.</summary>
/// <remarks>Immutable.</remarks>
internal sealed partial class SearchIndexes
{
    public const string Words = "messages_fts", Trigrams = "messages_fts_trigram";

    // The fewest code points that an index of trigrams can find.
    private const int Trigram = 3;

    private readonly Dictionary<string, string> _tables;

    private SearchIndexes(Dictionary<string, string> tables)
    {
        _tables = tables;
        (HasWords, HasTrigrams) = (IsIndex(Words, PlainWords()), IsIndex(Trigrams, PlainTrigrams()));
    }

    public static SearchIndexes None { get; } = new([]);
    /// <summary>There is an index of words, of whatever columns, that splits text as a <see cref="SearchExpression.Term"/> does.</summary>
    public bool HasWords { get; }
    /// <summary>There is an index of every three characters.</summary>
    public bool HasTrigrams { get; }

    public static SearchIndexes Probe(Connection connection)
    {
        var tables = new Dictionary<string, string>(StringComparer.Ordinal);
        connection.Query(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name GLOB 'messages_fts*'",
            table => tables[Encoding.UTF8.GetString(table.Utf8(0))] = Encoding.UTF8.GetString(table.Utf8(1)));
        return new SearchIndexes(tables);
    }

    /// <summary>The table that has a row for each message that is in an index; null where there is no such table.</summary>
    public string? SizesOf(string index) => _tables.ContainsKey(index + "_docsize") ? index + "_docsize" : null;

    /// <summary>What finds the messages whose words answer one of the alternatives, in the language of FTS5; null where words cannot answer any.</summary>
    /// <remarks>Everything is quoted, and nothing in quotes has a quote: no text makes it invalid. What is absent, and what are no words, is looked for in what it finds.</remarks>
    public static string? WordQuery(SearchExpression expression)
    {
        var alternatives = expression.Alternatives
            .Where(alternative => alternative.Required.TrueForAll(term => term.IsWords || term.IsLiteral) && alternative.Required.Exists(term => term.IsWords))
            .Select(alternative => $"({string.Join(" AND ", alternative.Required.Where(term => term.IsWords).Select(TermQuery))})");
        return string.Join(" OR ", alternatives) is { Length: > 0 } query ? query : null;
    }

    /// <summary>What finds the messages that have a text of each alternative at any place, in the language of FTS5; null where trigrams cannot answer all of them.</summary>
    public static string? TrigramQuery(SearchExpression expression)
    {
        var alternatives = expression.Alternatives
            .Select(alternative => alternative.Required.SelectMany(term => term.SpacelessTexts).Where(text => text.EnumerateRunes().Count() >= Trigram).ToList()).ToList();
        return alternatives.Exists(texts => texts.Count == 0) ? null
            : string.Join(" OR ", alternatives.Select(texts => $"({string.Join(" AND ", texts.Select(text => $"\"{text}\""))})"));
    }

    /// <summary>Whether a content is a gap in an index of words, and in one of trigrams: they have it otherwise than a search compares it.</summary>
    /// <remarks>The index of words takes a run of letters for one word, so it has none of the words of a Chinese sentence, nor the English
    /// ones within; it breaks words at marks that some scripts write vowels with; and it has JSON with its escapes. Agents also leave
    /// messages out of an index: <see cref="SizesOf"/> tells.</remarks>
    public static (bool InWords, bool InTrigrams) FindGaps(ReadOnlySpan<byte> content)
    {
        if (StoredContent.IsStructured(content)) return (true, true);

        var inWords = false;
        while (content.IndexOfAnyExceptInRange((byte)0, (byte)0x7F) is >= 0 and var next)
        {
            content = content[next..];
            if (Rune.DecodeFromUtf8(content, out var rune, out var consumed) is not OperationStatus.Done || FoldedText.IsIgnored(rune))
                return (true, true);

            content = content[consumed..];
            inWords = inWords || IsUnlikeUnicode61(rune);
        }

        return (inWords, false);
    }

    private bool IsIndex(string name, Regex tokenizer) =>
        _tables.TryGetValue(name, out var sql) && FullTextTable().IsMatch(sql)
        && tokenizer.IsMatch(Tokenizer().Match(sql) is { Success: true } named ? named.Groups["name"].Value : "");

    // Planes above the first: many letters there are newer than the tokenizer's Unicode 6.1.
    private static bool IsUnlikeUnicode61(Rune rune) =>
        SearchCharacters.Of(rune) is var kind and not SearchCharacters.Kind.Separator
        && (kind is SearchCharacters.Kind.Spaceless || !rune.IsBmp || SearchCharacters.IsMark(rune));

    // Where vowel points or diacritics are written, the index may have the word with or without them.
    private static string TermQuery(SearchExpression.Term term)
    {
        var star = term.IsPrefix ? "*" : "";
        return term.Words.Equals(term.FoldedWords, StringComparison.OrdinalIgnoreCase)
            ? $"\"{term.Words}\"{star}"
            : $"(\"{term.Words}\"{star} OR \"{term.FoldedWords}\"{star})";
    }

    [GeneratedRegex(@"\bUSING\s+fts5\b", RegexOptions.IgnoreCase)]
    private static partial Regex FullTextTable();

    [GeneratedRegex("""\btokenize\s*=\s*(?:"(?<name>[^"]*)"|'(?<name>[^']*)'|(?<name>\w+))""", RegexOptions.IgnoreCase)]
    private static partial Regex Tokenizer();

    [GeneratedRegex(@"^\s*(porter\b\s*)?(unicode61\b\s*)?(remove_diacritics\s+'?[012]'?\s*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex PlainWords();

    [GeneratedRegex(@"^\s*trigram\s*(case_sensitive\s+'?0'?\s*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex PlainTrigrams();
}
