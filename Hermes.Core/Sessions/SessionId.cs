namespace Hermes.Core.Sessions;

/// <summary>The rules that the id of a new session obeys. Sessions that other writers stored may have other ids.</summary>
internal static class SessionId
{
    /// <summary>The longest id, in Unicode code points.</summary>
    public const int MaxLength = 256;

    /// <summary>Trims an id and checks it.</summary>
    /// <exception cref="SessionValidationException">No new session may have it; the message says why.</exception>
    public static string Clean(string id)
    {
        var trimmed = id.Trim();
        var length = trimmed.EnumerateRunes().Count();
        var fault = length == 0 ? "it is empty"
            : trimmed is "." or ".." || trimmed.Contains("%2F", StringComparison.OrdinalIgnoreCase)
                ? "no path can name '.', '..', or an id with %2F in it, which stands for a slash there"
            : !IsWellFormed(trimmed) ? "it is not well-formed Unicode text"
            : trimmed.Any(char.IsControl) ? "it contains control characters"
            : length > MaxLength ? $"it is too long ({length} chars, max {MaxLength})"
            : null;
        return fault is null ? trimmed : throw new SessionValidationException($"Invalid id: {fault}");
    }

    /// <summary>Whether a text has no lone surrogate, so that UTF-8 can hold it unchanged.</summary>
    public static bool IsWellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;
}
