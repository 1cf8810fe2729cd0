namespace Hermes.Providers;

/// <summary>Joins surrogate pairs that were cut between the segments of a text.</summary>
/// <remarks>For one text and one thread.</remarks>
internal sealed class SurrogateJoiner
{
    private char? _high;

    /// <summary>The next segment, with the high surrogate that was held back; one at its end is held back. One whose low surrogate never comes is dropped or becomes U+FFFD.</summary>
    public string Join(string segment)
    {
        if (segment.Length == 0) return segment;

        var text = _high is { } high ? high + segment : segment;
        _high = char.IsHighSurrogate(text[^1]) ? text[^1] : null;
        return _high is null ? text : text[..^1];
    }
}
