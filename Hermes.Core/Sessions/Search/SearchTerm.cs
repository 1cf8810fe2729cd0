using System.Text;

namespace Hermes.Core.Sessions.Search;

/// <summary>One word or phrase that a search looks for: pieces that follow one another with nothing but punctuation and spaces between.</summary>
/// <remarks>Immutable.</remarks>
internal sealed class SearchTerm
{
    private readonly Piece[] _pieces;
    private readonly string _literal;

    private SearchTerm(Piece[] pieces, string literal, bool isPrefix)
    {
        _pieces = pieces;
        _literal = literal;
        IsPrefix = isPrefix;
    }

    /// <summary>Whether its last word may go on.</summary>
    public bool IsPrefix { get; }

    /// <summary>Whether it is symbols alone, an emoji for example: then it is looked for as it is.</summary>
    public bool IsLiteral => _pieces.Length == 0;

    /// <summary>Whether an index of words can find it wherever words stand apart.</summary>
    public bool IsWords => !IsLiteral && _pieces.All(piece => piece.IsWord);

    /// <summary>The words as they were written.</summary>
    public string Words => string.Join(' ', _pieces.Select(piece => piece.Written));

    /// <summary>The words as they are compared.</summary>
    public string FoldedWords => string.Join(' ', _pieces.Select(piece => piece.Folded));

    /// <summary>Its texts in scripts without spaces, which are found at any place of a text.</summary>
    public IEnumerable<string> SpacelessTexts => _pieces.Where(piece => !piece.IsWord).Select(piece => piece.Written);

    /// <summary>Reads a term.</summary>
    /// <returns>Null where the text names nothing.</returns>
    public static SearchTerm? Parse(string text, bool isPrefix)
    {
        var folded = FoldedText.Fold(text.Trim());
        if (string.IsNullOrWhiteSpace(folded.Text))
        {
            return null;
        }

        var pieces = new List<Piece>();
        var start = 0;
        var kind = CharacterKind.Separator;
        for (var i = 0; i <= folded.Text.Length;)
        {
            var here = CharacterKinds.At(folded.Text, i);
            if (here != kind || i == folded.Text.Length)
            {
                if (kind is not CharacterKind.Separator)
                {
                    pieces.Add(new Piece(
                        folded.Text[start..i], text.Trim()[folded.Origin(start)..folded.Origin(i)], kind is CharacterKind.Word));
                }

                (start, kind) = (i, here);
            }

            i += i < folded.Text.Length && Rune.TryGetRuneAt(folded.Text, i, out var rune) ? rune.Utf16SequenceLength : 1;
        }

        return new SearchTerm([.. pieces], folded.Text, isPrefix);
    }

    /// <summary>Finds the next place of a folded text where it stands.</summary>
    public bool TryFind(ReadOnlySpan<char> folded, int from, out int start, out int end)
    {
        var first = IsLiteral ? _literal : _pieces[0].Folded;
        for (start = from; ; start++)
        {
            var next = folded[start..].IndexOf(first);
            if (next < 0)
            {
                end = 0;
                return false;
            }

            start += next;
            end = start + first.Length;
            if (IsLiteral || (!(_pieces[0].IsWord && CharacterKinds.Before(folded, start) is CharacterKind.Word) && GoesOn(folded, ref end)))
            {
                return true;
            }
        }
    }

    /// <summary>Whether the rest of the pieces follows the first.</summary>
    private bool GoesOn(ReadOnlySpan<char> folded, ref int end)
    {
        for (var i = 0; i < _pieces.Length; i++)
        {
            if (i > 0)
            {
                var next = end;
                while (next < folded.Length && CharacterKinds.At(folded, next) is CharacterKind.Separator)
                {
                    next++;
                }

                if (!folded[next..].StartsWith(_pieces[i].Folded))
                {
                    return false;
                }

                end = next + _pieces[i].Folded.Length;
            }

            var mayGoOn = !_pieces[i].IsWord || (IsPrefix && i == _pieces.Length - 1);
            if (!mayGoOn && CharacterKinds.At(folded, end) is CharacterKind.Word)
            {
                return false;
            }
        }

        return true;
    }

    private readonly record struct Piece(string Folded, string Written, bool IsWord);
}
