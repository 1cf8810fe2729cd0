namespace Hermes.Core.Sessions;

/// <summary>The rules that the id of a new session obeys. Sessions that other writers stored may have other ids.</summary>
internal static class SessionId
{
    /// <summary>The longest id, in Unicode code points.</summary>
    public const int MaxLength = 256;

    /// <summary>Trims an id and checks it.</summary>
    /// <exception cref="SessionValidationException">
    /// It is empty, too long, holds control characters or a lone surrogate, or is one that no path of the HTTP API can name: <c>.</c>, <c>..</c>,
    /// and what has <c>%2F</c> in it, which stands for a slash there.
    /// </exception>
    public static string Clean(string id)
    {
        var trimmed = id.Trim();
        if (trimmed.Length == 0) throw new SessionValidationException("Invalid id: it is empty");

        if (trimmed is "." or ".." || trimmed.Contains("%2F", StringComparison.OrdinalIgnoreCase))
            throw new SessionValidationException("Invalid id: no path can name '.', '..', or an id with %2F in it, which stands for a slash there");

        if (!IsWellFormed(trimmed)) throw new SessionValidationException("Invalid id: it is not well-formed Unicode text");
        if (trimmed.Any(char.IsControl)) throw new SessionValidationException("Invalid id: it contains control characters");

        var length = trimmed.EnumerateRunes().Count();
        return length <= MaxLength ? trimmed : throw new SessionValidationException($"Invalid id: it is too long ({length} chars, max {MaxLength})");
    }

    /// <summary>Whether a text has no lone surrogate, so that UTF-8 can hold it unchanged.</summary>
    public static bool IsWellFormed(string text)
    {
        var index = 0;
        while (index < text.Length && Rune.TryGetRuneAt(text, index, out var rune))
            index += rune.Utf16SequenceLength;

        return index == text.Length;
    }
}
