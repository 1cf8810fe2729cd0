namespace Hermes.Core.Sessions.Search;

/// <summary>What a search's text asks for, and whether a message answers it.</summary>
/// <remarks>Every text is a valid query: an operator that has nothing to work on is a word. Immutable.</remarks>
internal sealed class SearchExpression
{
    private SearchExpression(List<Alternative> alternatives) => Alternatives = alternatives;

    /// <summary>What a message can answer it with; none where the text names nothing.</summary>
    public IReadOnlyList<Alternative> Alternatives { get; }

    /// <summary>Every term that is to be found, of all alternatives.</summary>
    public IEnumerable<SearchTerm> Terms => Alternatives.SelectMany(alternative => alternative.Required);

    public static SearchExpression Parse(string text)
    {
        var tokens = Tokenize(text);
        var alternatives = new List<Alternative>();
        var current = new Alternative([], []);
        var excludes = false;
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            var hasLeft = i > 0 && current.Required.Count > 0;
            var next = i + 1 < tokens.Count ? tokens[i + 1].Operator : Operator.Missing;
            if (token.Operator is Operator.And && hasLeft && next is Operator.None or Operator.Not)
                continue;

            if (token.Operator is Operator.Or && hasLeft && next is Operator.None)
            {
                alternatives.Add(current);
                current = new Alternative([], []);
                continue;
            }

            if (token.Operator is Operator.Not && hasLeft && next is Operator.None)
            {
                excludes = true;
                continue;
            }

            if (SearchTerm.Parse(token.Text, token.IsPrefix) is { } term)
                (excludes ? current.Excluded : current.Required).Add(term);

            excludes = false;
        }

        alternatives.Add(current);
        return new SearchExpression(alternatives.FindAll(alternative => alternative.Required.Count > 0));
    }

    public bool Matches(string folded)
    {
        foreach (var alternative in Alternatives)
        {
            if (alternative.Required.TrueForAll(term => term.TryFind(folded, 0, out _, out _))
                && !alternative.Excluded.Exists(term => term.TryFind(folded, 0, out _, out _)))
            {
                return true;
            }
        }

        return false;
    }

    private static List<Token> Tokenize(string text)
    {
        var tokens = new List<Token>();
        for (var i = 0; i < text.Length;)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
                continue;
            }

            var isPhrase = text[i] == '"';
            var start = isPhrase ? i + 1 : i;
            var end = start;
            while (end < text.Length && text[end] != '"' && (isPhrase || !char.IsWhiteSpace(text[end])))
                end++;

            i = isPhrase && end < text.Length ? end + 1 : end;
            var token = text[start..end];
            if (isPhrase)
            {
                var isPrefix = i < text.Length && text[i] == '*';
                tokens.Add(new Token(token, isPrefix, Operator.None));
                i += isPrefix ? 1 : 0;
            }
            else
            {
                tokens.Add(new Token(token, token.EndsWith('*'), token switch
                {
                    "AND" => Operator.And,
                    "OR" => Operator.Or,
                    "NOT" => Operator.Not,
                    _ => Operator.None,
                }));
            }
        }

        return tokens;
    }

    private enum Operator
    {
        None,
        And,
        Or,
        Not,
        Missing,
    }

    private readonly record struct Token(string Text, bool IsPrefix, Operator Operator);

    /// <summary>Terms that are all to be there, and terms of which none is.</summary>
    internal sealed record Alternative(List<SearchTerm> Required, List<SearchTerm> Excluded);
}
