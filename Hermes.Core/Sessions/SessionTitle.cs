using System.Text;

namespace Hermes.Core.Sessions;

/// <summary>The rules that every stored title obeys, the reference's.</summary>
public static class SessionTitle
{
    /// <summary>The longest title, in Unicode code points.</summary>
    public const int MaxLength = 100;

    /// <summary>Cleans a title: control and invisible characters go, runs of white space become one space, the ends are trimmed.</summary>
    /// <returns>The cleaned title; null where nothing is left.</returns>
    /// <exception cref="SessionValidationException">
    /// The cleaned title is longer than <see cref="MaxLength"/>, or holds half of a surrogate pair, which no UTF-8 text can.
    /// </exception>
    public static string? Clean(string? title)
    {
        if (title is null)
        {
            return null;
        }

        var cleaned = new StringBuilder(title.Length);
        var length = 0;
        var pendingSpace = false;
        foreach (var rune in WellFormed(title).EnumerateRunes())
        {
            if (IsRemoved(rune.Value))
            {
                continue;
            }

            if (Rune.IsWhiteSpace(rune))
            {
                pendingSpace = length > 0;
                continue;
            }

            if (pendingSpace)
            {
                cleaned.Append(' ');
                length++;
                pendingSpace = false;
            }

            cleaned.Append(rune.ToString());
            length++;
        }

        if (length > MaxLength)
        {
            throw new SessionValidationException($"Title too long ({length} chars, max {MaxLength})");
        }

        return length == 0 ? null : cleaned.ToString();
    }

    internal static SessionValidationException Taken(string title, string by) =>
        new($"Title '{title}' is already in use by session {by}");

    // Tab, line feed and carriage return stay: they are white space. U+0085 is white space too, the other C1 characters stay.
    private static bool IsRemoved(int c) => c
        is (>= 0x00 and <= 0x08) or 0x0B or 0x0C or (>= 0x0E and <= 0x1F) or 0x7F
        or (>= 0x200B and <= 0x200F) or (>= 0x2028 and <= 0x202E) or (>= 0x2060 and <= 0x2069)
        or 0xFEFF or 0xFFFC or (>= 0xFFF9 and <= 0xFFFB);

    private static string WellFormed(string title) => Utf16.IsWellFormed(title)
        ? title
        : throw new SessionValidationException("Invalid title: it is not well-formed Unicode text");
}
