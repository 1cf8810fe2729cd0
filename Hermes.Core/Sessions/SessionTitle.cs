namespace Hermes.Core.Sessions;

/// <summary>The rules that every stored title obeys, the reference's.</summary>
public static class SessionTitle
{
    /// <summary>The longest title, in Unicode code points.</summary>
    public const int MaxLength = 100;

    /// <summary>Cleans a title: control and invisible characters go, runs of white space become one space, the ends are trimmed.</summary>
    /// <returns>The cleaned title; null where nothing is left.</returns>
    /// <exception cref="SessionValidationException">
    /// The cleaned title is longer than <see cref="MaxLength"/>, or holds a lone surrogate, which no UTF-8 text can.
    /// </exception>
    public static string? Clean(string? title)
    {
        if (title is null) return null;
        if (!SessionId.IsWellFormed(title)) throw new SessionValidationException("Invalid title: it is not well-formed Unicode text");

        var cleaned = new StringBuilder(title.Length);
        var (length, pendingSpace) = (0, false);
        foreach (var rune in title.EnumerateRunes().Where(rune => !IsRemoved(rune.Value)))
        {
            if (Rune.IsWhiteSpace(rune))
            {
                pendingSpace = length > 0;
                continue;
            }

            cleaned.Append(pendingSpace ? " " : "").Append(rune.ToString());
            length += pendingSpace ? 2 : 1;
            pendingSpace = false;
        }

        if (length > MaxLength) throw new SessionValidationException($"Title too long ({length} chars, max {MaxLength})");

        return length == 0 ? null : cleaned.ToString();
    }

    /// <summary>What stands between a title and the number of its continuation: <c>T #2</c>.</summary>
    internal const string LineageMark = " #";

    internal static string InLineage(string stem, long number) => string.Create(CultureInfo.InvariantCulture, $"{stem}{LineageMark}{number}");

    /// <summary>The number of a title that continues <paramref name="stem"/>; null where it does not.</summary>
    internal static long? LineageNumber(string title, string stem) =>
        title.StartsWith(stem + LineageMark, StringComparison.Ordinal)
        && long.TryParse(title.AsSpan(stem.Length + LineageMark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number < long.MaxValue
            ? number
            : null;

    /// <summary>A title without the number of its continuation, and no longer than this many code points.</summary>
    internal static string Stem(string title, int maxLength)
    {
        var mark = title.LastIndexOf(LineageMark, StringComparison.Ordinal);
        var stem = mark > 0 && LineageNumber(title, title[..mark]) is not null ? title[..mark] : title;
        var runes = stem.EnumerateRunes().ToList();
        return runes.Count <= maxLength ? stem : string.Concat(runes.Take(maxLength)).TrimEnd();
    }

    internal static SessionValidationException Taken(string title, string by) => new($"Title '{title}' is already in use by session {by}");

    // Tab, line feed and carriage return stay: they are white space. U+0085 is white space too, the other C1 characters stay.
    private static bool IsRemoved(int c) => c
        is (>= 0x00 and <= 0x08) or 0x0B or 0x0C or (>= 0x0E and <= 0x1F) or 0x7F
        or (>= 0x200B and <= 0x200F) or (>= 0x2028 and <= 0x202E) or (>= 0x2060 and <= 0x2069)
        or 0xFEFF or 0xFFFC or (>= 0xFFF9 and <= 0xFFFB);
}
