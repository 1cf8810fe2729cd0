using System.Buffers;
using System.Text;
using Hermes.Core.Sessions.Search;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>What the search indexes of a file cannot see: they have it otherwise than a search compares it.</summary>
/// <remarks>
/// The index of words takes a run of letters for one word, so it has none of the words of a Chinese sentence, nor the English ones
/// within; it breaks words at marks that some scripts write vowels with; and it has the text of JSON with its escapes.
/// Agents also leave messages out of an index, for a time or for good.
/// </remarks>
internal static class IndexGaps
{
    /// <summary>Whether a content is a gap in an index of words, and in one of trigrams.</summary>
    public static (bool InWords, bool InTrigrams) Find(ReadOnlySpan<byte> content)
    {
        if (StoredContent.IsStructured(content))
        {
            return (true, true);
        }

        var inWords = false;
        while (content.IndexOfAnyExceptInRange((byte)0, (byte)0x7F) is >= 0 and var next)
        {
            content = content[next..];
            if (Rune.DecodeFromUtf8(content, out var rune, out var consumed) is not OperationStatus.Done || FoldedText.IsIgnored(rune))
            {
                return (true, true);
            }

            content = content[consumed..];
            inWords = inWords || IsUnlikeUnicode61(rune);
        }

        return (inWords, false);
    }

    // Planes above the first: many letters there are newer than the tokenizer's Unicode 6.1.
    private static bool IsUnlikeUnicode61(Rune rune) => CharacterKinds.Of(rune) switch
    {
        CharacterKind.Spaceless => true,
        CharacterKind.Word => !rune.IsBmp || CharacterKinds.IsMark(rune),
        _ => false,
    };
}
