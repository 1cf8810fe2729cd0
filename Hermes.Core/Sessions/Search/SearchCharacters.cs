using System.Buffers;

namespace Hermes.Core.Sessions.Search;

/// <summary>Tells apart what characters are to a search for words.</summary>
internal static class SearchCharacters
{
    /// <summary>A separator stands between words: spaces, punctuation, symbols, emoji. A word ends where its characters end; but in scripts without
    /// spaces between words, or (Korean) with particles glued to them, it may begin and end anywhere.</summary>
    public enum Kind { Separator, Word, Spaceless }

    // The blocks of scripts without spaces between words, in the order of their code points.
    private static readonly (int First, int Last)[] SpacelessBlocks =
    [
        // Thai and Lao; Myanmar; Hangul letters; Khmer; Tai Le and New Tai Lue; Tai Tham; Balinese
        (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x1950, 0x19DF), (0x1A20, 0x1AAF), (0x1B00, 0x1B7F),
        // Han radicals; marks of repetition, zero and numerals; Kana, Bopomofo, Hangul letters, Han, Yi; Hangul letters
        (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3035), (0x3038, 0x303C), (0x3040, 0xA4CF), (0xA960, 0xA97F),
        // Javanese and Myanmar; Myanmar; Hangul; Han; Kana and Hangul of half width; Kana; Han
        (0xA980, 0xA9FF), (0xAA60, 0xAA7F), (0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0xFF66, 0xFFDC), (0x1AFF0, 0x1B16F), (0x20000, 0x3FFFF),
    ];

    public static Kind Of(Rune rune)
    {
        if (rune.IsAscii) return char.IsAsciiLetterOrDigit((char)rune.Value) ? Kind.Word : Kind.Separator;

        // A variation selector is a mark that says how the emoji before it is drawn.
        var isOfWord = Rune.IsLetter(rune) || Rune.IsNumber(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.PrivateUse
            || (IsMark(rune) && rune.Value is not ((>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF)));
        return !isOfWord ? Kind.Separator : IsSpaceless(rune.Value) ? Kind.Spaceless : Kind.Word;
    }

    /// <summary>The kind of the character that begins at an index; a separator at the end and for a lone surrogate.</summary>
    public static Kind At(ReadOnlySpan<char> text, int index) =>
        Rune.DecodeFromUtf16(text[index..], out var rune, out _) is OperationStatus.Done ? Of(rune) : Kind.Separator;
    /// <summary>The kind of the character that ends before an index; a separator at the start and for a lone surrogate.</summary>
    public static Kind Before(ReadOnlySpan<char> text, int index) =>
        Rune.DecodeLastFromUtf16(text[..index], out var rune, out _) is OperationStatus.Done ? Of(rune) : Kind.Separator;

    /// <summary>Whether the character is written on or around another one.</summary>
    public static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    // Called for each letter beyond ASCII: the blocks are in order.
    private static bool IsSpaceless(int c)
    {
        foreach (var (first, last) in SpacelessBlocks)
            if (c <= last) return c >= first;

        return false;
    }
}
