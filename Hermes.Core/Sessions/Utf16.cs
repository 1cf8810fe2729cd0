using System.Buffers;

namespace Hermes.Core.Sessions;

internal static class Utf16
{
    /// <summary>Whether the text has no lone surrogate, so that UTF-8 can hold it unchanged.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var consumed) != OperationStatus.Done)
                return false;

            text = text[consumed..];
        }

        return true;
    }
}
