namespace Hermes.Core.Sessions.Search;

/// <summary>What a search's text asks for, and whether a message answers it.</summary>
/// <remarks>Every text is a valid query: an operator that has nothing to work on is a word. Immutable.</remarks>
internal sealed partial class SearchExpression
{
    private SearchExpression(List<Alternative> alternatives) => Alternatives = alternatives;

    private enum Operator
    {
        None,
        And,
        Or,
        Not,
    }

    /// <summary>What a message can answer it with; none where the text names nothing.</summary>
    public IReadOnlyList<Alternative> Alternatives { get; }

    // Every term that is to be found, of all alternatives.
    private IEnumerable<Term> Terms => Alternatives.SelectMany(alternative => alternative.Required);

    public static SearchExpression Parse(string text)
    {
        var tokens = Tokenize(text);
        List<Alternative> alternatives = [new([], [])];
        var excludes = false;
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            var current = alternatives[^1];
            var next = i + 1 < tokens.Count ? tokens[i + 1].Operator : (Operator?)null;
            switch (current.Required.Count > 0 ? token.Operator : Operator.None)
            {
                case Operator.And when next is Operator.None or Operator.Not:
                    continue;
                case Operator.Or when next is Operator.None:
                    alternatives.Add(new([], []));
                    continue;
                case Operator.Not when next is Operator.None:
                    excludes = true;
                    continue;
            }

            if (Term.Parse(token.Text, token.IsPrefix) is { } term)
                (excludes ? current.Excluded : current.Required).Add(term);

            excludes = false;
        }

        return new SearchExpression(alternatives.FindAll(alternative => alternative.Required.Count > 0));
    }

    /// <summary>Whether a text answers it.</summary>
    public bool Matches(string text)
    {
        var folded = FoldedText.Fold(text).Text;
        foreach (var alternative in Alternatives)
        {
            if (alternative.Required.TrueForAll(term => term.IsIn(folded)) && !alternative.Excluded.Exists(term => term.IsIn(folded)))
                return true;
        }

        return false;
    }

    private static List<(string Text, bool IsPrefix, Operator Operator)> Tokenize(string text)
    {
        var tokens = new List<(string, bool, Operator)>();
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
                tokens.Add((token, isPrefix, Operator.None));
                i += isPrefix ? 1 : 0;
                continue;
            }

            tokens.Add((token, token.EndsWith('*'), token switch
            {
                "AND" => Operator.And,
                "OR" => Operator.Or,
                "NOT" => Operator.Not,
                _ => Operator.None,
            }));
        }

        return tokens;
    }

    /// <summary>Terms that are all to be there, and terms of which none is.</summary>
    public sealed record Alternative(List<Term> Required, List<Term> Excluded);
}
