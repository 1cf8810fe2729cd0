namespace Hermes.Core.Chat;

/// <summary>Counts what a turn says and keeps, characters and bytes of memory, so that an agent without end comes to one. For one thread.</summary>
internal sealed class AnswerLimit(int maxLength, long maxBytes)
{
    // An object or two in the log, and a share of what the steps of the agent keep of each update until the model's message ends (about
    // 500 bytes). They keep an update that says nothing as well, so it counts like any other.
    private const int ContentSize = 128;

    private int _length;
    private long _bytes;

    /// <summary>Whether there was more than fits: the turn is to end.</summary>
    public bool IsReached { get; private set; }

    /// <summary>Counts an update of this many contents; one without any is an update too.</summary>
    public void CountUpdate(int contents) => Count(ContentSize * (long)Math.Max(1, contents));

    /// <summary>Counts a text of the answer, and gives as much of its beginning as fits, never a lone surrogate.</summary>
    public string Take(string text)
    {
        var fits = IsReached ? 0 : (int)Math.Min(Math.Min(text.Length, maxLength - _length), (maxBytes - _bytes) / sizeof(char));
        if (fits < text.Length)
        {
            IsReached = true;
            fits -= fits > 0 && char.IsHighSurrogate(text[fits - 1]) ? 1 : 0;
            text = text[..fits];
        }

        _length += fits;
        _bytes += sizeof(char) * (long)fits;
        return text;
    }

    /// <summary>Counts a text of which a part would be of no use, such as the arguments of a call; false where it does not fit.</summary>
    public bool TakeWhole(string text) => Take(text).Length == text.Length && !IsReached;
    /// <summary>Counts what a tool answered, which has happened whether or not it fits.</summary>
    public void CountResult(string text) => Count(sizeof(char) * (long)text.Length);

    private void Count(long bytes)
    {
        _bytes += bytes;
        IsReached |= _bytes > maxBytes;
    }
}
