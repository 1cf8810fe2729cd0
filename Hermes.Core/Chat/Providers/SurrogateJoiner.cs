namespace Hermes.Core.Chat.Providers;

/// <summary>Puts a character together that was cut in two between the pieces of a text.</summary>
/// <remarks>For one text and one thread.</remarks>
internal sealed class SurrogateJoiner
{
    private char? _half;

    /// <summary>The next piece, with the half that was held back; a half at its end is held back. A half whose other one never comes is dropped or becomes U+FFFD.</summary>
    public string Join(string piece)
    {
        if (piece.Length == 0)
        {
            return piece;
        }

        var text = _half is { } half ? half + piece : piece;
        _half = char.IsHighSurrogate(text[^1]) ? text[^1] : null;
        return _half is null ? text : text[..^1];
    }
}
