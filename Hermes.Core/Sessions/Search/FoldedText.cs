using System.Buffers;

namespace Hermes.Core.Sessions.Search;

/// <summary>A text as searches compare it: without case, without diacritics of Latin letters and without the vowel points that Arabic and Hebrew may leave out.</summary>
/// <remarks>Close to SQLite's tokenizer <c>unicode61</c>. Not by normalization, which an application that runs without the data of cultures does not have.</remarks>
internal readonly struct FoldedText(string text, int[]? origins)
{
    // The letter that each of these is without its diacritics; a dot for those that are letters of their own.
    private const int FirstLatin = 0xC0, FirstMoreLatin = 0x1E00;
    private const string Latin =
        "aaaaaa.ceeeeiiii.nooooo..uuuuy..aaaaaa.ceeeeiiii.nooooo..uuuuy.yaaaaaaccccccccdd..eeeeeeeeeegggggggghh..iiiiiiiii...jjkk.llllll....nnn" +
        "nnn...oooooo..rrrrrrsssssssstttt..uuuuuuuuuuuuwwyyyzzzzzz.................................oo.............uu..........................." +
        ".aaiioouuuuuuuuuu.aaaa....ggkkoooo..j...gg..nnaa....aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy............................";

    private const string MoreLatin =
        "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv" +
        "wwwwwwwwwwxxxxyyzzzzzzhtwy......aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";

    private static readonly SearchValues<char> Ignored = SearchValues.Create(
    [
        .. Range('\u0300', '\u036F'),
        .. Range('\u0591', '\u05BD'), '\u05BF', '\u05C1', '\u05C2', '\u05C4', '\u05C5', '\u05C7',
        .. Range('\u0610', '\u061A'), '\u0640', .. Range('\u064B', '\u065F'), '\u0670',
        .. Range('\u06D6', '\u06DC'), .. Range('\u06DF', '\u06E4'), '\u06E7', '\u06E8', .. Range('\u06EA', '\u06ED'),
    ]);

    /// <summary>The folded text.</summary>
    public string Text => text;

    public static FoldedText Fold(string text)
    {
        if (!text.AsSpan().ContainsAny(Ignored)) return new FoldedText(string.Create(text.Length, text, Fold), origins: null);

        int[] kept = [.. Enumerable.Range(0, text.Length).Where(i => !Ignored.Contains(text[i]))];
        return new FoldedText(string.Concat(kept.Select(i => Fold(text[i]))), [.. kept, text.Length]);
    }

    /// <summary>The folded text, with the capitals of scripts beyond the first 65,536 characters (Deseret, Adlam, Osage) folded as well.</summary>
    public static string FoldCase(string text) => Fold(text).Text.ToUpperInvariant().ToLowerInvariant();

    /// <summary>Whether a comparison passes over the character.</summary>
    public static bool IsIgnored(Rune rune) => rune.IsBmp && Ignored.Contains((char)rune.Value);

    /// <summary>Where in the text itself the folded character at an index begins.</summary>
    public int Origin(int index) => origins is null ? index : origins[index];

    private static void Fold(Span<char> folded, string text)
    {
        if (Ascii.ToLower(text, folded, out _) is OperationStatus.Done) return;

        for (var i = 0; i < text.Length; i++)
            folded[i] = Fold(text[i]);
    }

    private static char Fold(char c)
    {
        if (char.IsAscii(c)) return char.ToLowerInvariant(c);

        var plain = (c - FirstLatin) is >= 0 and < 400 ? Latin[c - FirstLatin]
            : (c - FirstMoreLatin) is >= 0 and < 256 ? MoreLatin[c - FirstMoreLatin]
            : '.';

        // By way of the capital: both forms of the Greek sigma have one and the same.
        return plain != '.' ? plain : char.ToLowerInvariant(char.ToUpperInvariant(c));
    }

    private static IEnumerable<char> Range(char first, char last) => Enumerable.Range(first, last - first + 1).Select(c => (char)c);
}
