using System.Text.RegularExpressions;

namespace Hermes.Core.Configuration;

/// <summary>Tells what a generator made (keys, tokens) from names that people made: models, versions, paths, times.</summary>
internal static partial class SecretShape
{
    private const int MinLength = 16;
    private const int MaxWordLength = 32;
    private const int MinTokenLetters = 20;
    private const int MaxNumberLength = 8;
    private const int MaxDigits = 12;

    /// <summary>Whether any word of a text has the shape of a token.</summary>
    public static bool HasToken(ReadOnlySpan<char> text)
    {
        foreach (var range in text.SplitAny(" \t\r\n"))
        {
            if (IsToken(text[range]))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Whether a word without white space begins as services' keys do, has 16 or more characters that mix letters with digits or marks and is
    /// no known format of names, or is 20 or more letters without any separator, in whatever case.
    /// </summary>
    public static bool IsToken(ReadOnlySpan<char> word)
    {
        if (IsService(word) || word.Contains("-----BEGIN", StringComparison.Ordinal))
            return true;

        if (word.Length < MinLength || Time.IsMatch(word))
            return false;

        // What looks random in a path opens nothing while it is short.
        return PathStart.IsMatch(word) ? HasTokenSegment(word) : !IsName(word);
    }

    /// <summary>Whether it begins as a known service's keys do.</summary>
    public static bool IsService(ReadOnlySpan<char> word) => KnownPrefix.IsMatch(word);

    /// <summary>Whether it is an app password as its maker shows it: four groups of four lower-case letters.</summary>
    public static bool IsAppPassword(ReadOnlySpan<char> text) => AppPassword.IsMatch(text);

    private static bool HasTokenSegment(ReadOnlySpan<char> path)
    {
        foreach (var range in path.SplitAny('/', '\\'))
        {
            if (path[range].Length >= MinLength && !IsName(path[range]))
                return true;
        }

        return false;
    }

    private static bool IsName(ReadOnlySpan<char> word)
    {
        int words = 0, mixed = 0, digits = 0, segments = 0, length = 0;
        var isEven = true;
        foreach (var range in word.SplitAny(Separators))
        {
            var segment = word[range];
            if (segment.IsEmpty)
                continue;

            segments++;
            isEven &= length == 0 || segment.Length == length;
            length = segment.Length;
            switch (KindOf(segment, isAlone: segment.Length == word.Length))
            {
                case SegmentKind.Word:
                    words += segment.Length > 2 ? 1 : 0;
                    break;
                case SegmentKind.Number:
                    digits += segment.Length;
                    break;
                case SegmentKind.Mixed:
                    mixed++;
                    break;
                default:
                    return false;
            }
        }

        // Groups of the same length are how licence keys, recovery codes and card numbers are written.
        var isGrouped = isEven && segments > 2 && length > 3;
        return !isGrouped && digits <= MaxDigits && mixed <= (2 * words) + 2 && !(digits > 0 && IsMarked(word));
    }

    // "prod-password-2024" says itself what it is, and "plain-text-MARK_034" is no way to write a name. Names of variables only say where a secret is.
    private static bool IsMarked(ReadOnlySpan<char> word) =>
        !VariableName.IsMatch(word) && (UpperSnake.IsMatch(word) || SecretNames.IsSecret(word.ToString()));

    private static SegmentKind KindOf(ReadOnlySpan<char> segment, bool isAlone)
    {
        int letters = 0, cased = 0, digits = 0;
        foreach (var character in segment)
        {
            letters += char.IsLetter(character) || char.GetUnicodeCategory(character) is System.Globalization.UnicodeCategory.NonSpacingMark ? 1 : 0;
            cased += char.IsUpper(character) || char.IsLower(character) ? 1 : 0;
            digits += char.IsAsciiDigit(character) ? 1 : 0;
        }

        if (letters + digits < segment.Length)
            return SegmentKind.Other;

        // Scripts without case are written without blanks: there, many letters are a sentence.
        var isWord = segment.Length <= MaxWordLength && (cased < MinTokenLetters || (!isAlone && CamelCase.IsMatch(segment)));
        return digits == 0 ? (isWord ? SegmentKind.Word : SegmentKind.Other)
            : letters == 0 ? (segment.Length <= MaxNumberLength ? SegmentKind.Number : SegmentKind.Other)
            : NameWithNumber.IsMatch(segment) ? SegmentKind.Mixed
            : SegmentKind.Other;
    }

    private enum SegmentKind
    {
        Other,
        Word,
        Number,
        Mixed,
    }

    private static readonly System.Buffers.SearchValues<char> Separators = System.Buffers.SearchValues.Create("-_./:@~#,()+'\\&");

    // llama3, Qwen3, gpt4o, A22B, q4, 70b, 8x22B, DeepSeekV3, w4a16
    [GeneratedRegex(@"^(?:[A-Z]?[a-z]{0,11}[0-9]{1,3}(?:[a-z]{1,2}|[A-Z])?|[A-Z]{1,6}[0-9]{1,3}[a-zA-Z]{0,2}|[0-9]{1,4}(?:[a-z]{1,4}|[A-Z]{1,2})|[0-9]{1,2}x[0-9]{1,3}[bB]|(?:[A-Z][a-z]+){2,3}[A-Z]?[0-9]{1,2}|[a-z][0-9]{1,2}[a-z][0-9]{1,2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameWithNumber { get; }

    // AvaMultilingualNeural
    [GeneratedRegex(@"^(?:[A-Z][a-z]{2,14})+\z", RegexOptions.CultureInvariant)]
    private static partial Regex CamelCase { get; }

    [GeneratedRegex(@"^\s*[a-z]{4}(?:[ \u00A0][a-z]{4}){3}\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex AppPassword { get; }

    [GeneratedRegex(@"^[A-Z][A-Z0-9_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex VariableName { get; }

    [GeneratedRegex("[A-Z]{3}_[A-Z0-9]{2}", RegexOptions.CultureInvariant)]
    private static partial Regex UpperSnake { get; }

    [GeneratedRegex(@"^(?:~?/|\.\.?/|[A-Za-z]:[\\/])", RegexOptions.CultureInvariant)]
    private static partial Regex PathStart { get; }

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Time { get; }

    [GeneratedRegex(
        """
        (?<![A-Za-z0-9])(?:
            (?:sk|pk|rk)[-_](?!SK-)(?:[A-Za-z0-9_-]{6}|[A-Za-z0-9_-]{0,5}[0-9]) | gh[oprsu]_ | github_pat_ | gl(?:pat|ptt|dt|rt|cbt|agent|soat|ft|imt|oas|sa)[-_] | xox[a-z][-.] | xapp-
          | (?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{8} | AIza | ATATT | EAAC[A-Za-z0-9]{6} | ya29\. | 1//0[A-Za-z0-9_-]{8} | GOCSPX-
          | (?:hf|r8|gsk|npm|rubygems|lin_api|phc|phx|sbp|sntrys|sntryu|figd|whsec|dckr_pat|shpat|shpss|shpca|do[opr]_v1|tgp_v1|bb_live)_ | (?:nvapi|tskey|pypi|csk|sq0csp|sq0atp)-
          | (?:hf|xai|pplx|tvly|jina|lsv2|ntn)[-_][A-Za-z0-9_]{0,80}[0-9][A-Za-z0-9_-]{5}
          | SG\.(?:[A-Za-z0-9_-]{8}|[A-Za-z0-9_-]+\.) | AGE-SECRET-KEY | (?:bot)?[0-9]{6,12}:[A-Za-z0-9_-]{8} | eyJ[A-Za-z0-9_-]{6}
        )
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex KnownPrefix { get; }
}
