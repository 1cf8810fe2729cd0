using System.Text;
using System.Text.RegularExpressions;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The search indexes of a file that this version knows how to ask. Others are never touched: their tokenizer may not be loaded here.</summary>
/// <remarks>Immutable.</remarks>
internal sealed partial class SearchIndexes
{
    public const string Words = "messages_fts";
    public const string Trigrams = "messages_fts_trigram";

    private readonly Dictionary<string, string> _tables;

    private SearchIndexes(Dictionary<string, string> tables)
    {
        _tables = tables;
        HasWords = IsIndex(Words, PlainWords());
        HasTrigrams = IsIndex(Trigrams, PlainTrigrams());
    }

    public static SearchIndexes None { get; } = new([]);

    /// <summary>There is an index of words, of whatever columns, that splits text as <see cref="SearchTerm"/> does.</summary>
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

    private bool IsIndex(string name, Regex tokenizer) =>
        _tables.TryGetValue(name, out var sql) && FullTextTable().IsMatch(sql)
        && tokenizer.IsMatch(Tokenizer().Match(sql) is { Success: true } named ? named.Groups["name"].Value : "");

    [GeneratedRegex(@"\bUSING\s+fts5\b", RegexOptions.IgnoreCase)]
    private static partial Regex FullTextTable();

    [GeneratedRegex("""\btokenize\s*=\s*(?:"(?<name>[^"]*)"|'(?<name>[^']*)'|(?<name>\w+))""", RegexOptions.IgnoreCase)]
    private static partial Regex Tokenizer();

    [GeneratedRegex(@"^\s*(porter\b\s*)?(unicode61\b\s*)?(remove_diacritics\s+'?[012]'?\s*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex PlainWords();

    [GeneratedRegex(@"^\s*trigram\s*(case_sensitive\s+'?0'?\s*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex PlainTrigrams();
}
