namespace Hermes.Core.Sessions;

/// <summary>The rules that every stored title obeys, the reference's.</summary>
public static class SessionTitle
{
    /// <summary>The longest title, in Unicode code points.</summary>
    public const int MaxLength = 100;

    /// <summary>What stands between a title and the number of its continuation: <c>T #2</c>.</summary>
    internal const string LineageMark = " #";

    /// <summary>Cleans a title: control and invisible characters go, runs of white space become one space, the ends are trimmed.</summary>
    /// <returns>The cleaned title; null where nothing is left.</returns>
    /// <exception cref="SessionValidationException">It is longer than <see cref="MaxLength"/>, or holds a lone surrogate, which no UTF-8 text can.</exception>
    public static string? Clean(string? title)
    {
        if (title is null) return null;
        if (!SessionId.IsWellFormed(title)) throw new SessionValidationException("Invalid title: it is not well-formed Unicode text");

        var words = string.Concat(title.Where(c => !IsRemoved(c))).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var cleaned = string.Join(' ', words);
        var length = cleaned.EnumerateRunes().Count();
        if (length > MaxLength) throw new SessionValidationException($"Title too long ({length} chars, max {MaxLength})");

        return length == 0 ? null : cleaned;
    }

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

    // Tab, line feed and carriage return stay: they are white space. U+0085 is white space too, the other C1 characters stay.
    private static bool IsRemoved(char c) => c
        is (>= '\x00' and <= '\x08') or '\x0B' or '\x0C' or (>= '\x0E' and <= '\x1F') or '\x7F'
        or (>= '\u200B' and <= '\u200F') or (>= '\u2028' and <= '\u202E') or (>= '\u2060' and <= '\u2069')
        or '\uFEFF' or '\uFFFC' or (>= '\uFFF9' and <= '\uFFFB');
}
