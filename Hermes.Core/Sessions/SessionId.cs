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
        if (trimmed.Length == 0)
            throw new SessionValidationException("Invalid id: it is empty");

        if (trimmed is "." or ".." || trimmed.Contains("%2F", StringComparison.OrdinalIgnoreCase))
            throw new SessionValidationException("Invalid id: no path can name '.', '..', or an id with %2F in it, which stands for a slash there");

        if (!Utf16.IsWellFormed(trimmed))
            throw new SessionValidationException("Invalid id: it is not well-formed Unicode text");

        var length = 0;
        foreach (var rune in trimmed.EnumerateRunes())
        {
            if (Rune.IsControl(rune))
                throw new SessionValidationException("Invalid id: it contains control characters");

            length++;
        }

        return length <= MaxLength
            ? trimmed
            : throw new SessionValidationException($"Invalid id: it is too long ({length} chars, max {MaxLength})");
    }
}
