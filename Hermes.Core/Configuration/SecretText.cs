using System.Buffers;
using System.Text.RegularExpressions;

namespace Hermes.Core.Configuration;

/// <summary>Cuts what may be a secret out of free text: credentials of addresses, what is given to a secret's name, and what a generator
/// made (keys, tokens), which it tells from names that people made: models, versions, paths, times.</summary>
/// <remarks>Rather too much than too little. Each pattern begins at a word and reads a bounded way ahead, so that no text makes it slow.</remarks>
internal static partial class SecretText
{
    /// <summary>What stands where something is not shown. Never accept it as a value: it would overwrite what it hides.</summary>
    public const string Mark = "[hidden]";
    // More than people write, and short enough for the patterns.
    private const int MaxLength = 64 * 1024;
    private const int MinTokenLength = 16, MaxWordLength = 32, MinTokenLetters = 20, MaxNumberLength = 8, MaxDigits = 12;
    private static readonly SearchValues<char> Separators = SearchValues.Create("-_./:@~#,()+'\\&");

    /// <summary>The text without what may be a secret.</summary>
    public static string Redact(string text)
    {
        if (text.Length > MaxLength || AppPassword.IsMatch(text)) return Mark;

        text = PrivateKey.Replace(text, Mark);
        text = Word.Replace(text, match => RedactWord(match.Value));
        text = Markup.Replace(text, match => SecretNames.IsSecret(match.Groups["name"].Value) ? $"{match.Groups["lead"].Value}{Mark}" : match.Value);
        text = Netrc.Replace(text, $"${{lead}}{Mark}");
        text = Given.Replace(text, CutValue);
        text = Assignment.Replace(text, CutValue);
        text = Following.Replace(text, match => PlainWord.IsMatch(match.Groups["value"].Value) ? match.Value : CutValue(match));
        text = Scheme.Replace(text, $"${{lead}}{Mark}");
        return Preceding.Replace(text, $"{Mark}${{tail}}");
    }

    /// <summary>Whether a text is a reference to a variable, which is shown as written: <c>${NAME}</c>.</summary>
    public static bool IsVariable(ReadOnlySpan<char> text) => Variable.IsMatch(text) && !HasToken(text[2..^1]);

    /// <summary>Whether any word of a text has the shape of a token.</summary>
    public static bool HasToken(ReadOnlySpan<char> text)
    {
        foreach (var range in text.SplitAny(" \t\r\n"))
            if (IsToken(text[range])) return true;

        return false;
    }

    /// <summary>Whether a word without white space begins as services' keys do, has 16 or more characters that mix letters with digits or
    /// marks and is no known format of names, or is 20 or more letters without any separator, in whatever case.</summary>
    public static bool IsToken(ReadOnlySpan<char> word)
    {
        if (IsService(word) || word.Contains("-----BEGIN", StringComparison.Ordinal)) return true;
        if (word.Length < MinTokenLength || Time.IsMatch(word)) return false;

        // What looks random in a path opens nothing while it is short.
        return PathStart.IsMatch(word) ? HasTokenSegment(word) : !IsName(word);
    }

    public static bool IsService(ReadOnlySpan<char> word) => KnownPrefix.IsMatch(word);

    private static string RedactWord(string word)
    {
        var inner = word.AsSpan().TrimStart("\"'`([{<").TrimEnd("\"'`.,;:!?)]}>").ToString();

        // user:password@host
        var isCredential = inner.LastIndexOf('@') is > 0 and var at && inner.AsSpan(0, at).Contains(':');
        var shown = inner.Contains("://", StringComparison.Ordinal) ? ShownUrl.Of(inner) ?? Mark : isCredential || IsToken(inner) ? Mark : inner;
        return shown == inner ? word : word.Replace(inner, shown, StringComparison.Ordinal);
    }

    private static string CutValue(Match match) => IsVariable(match.Groups["value"].Value) ? match.Value : $"{match.Groups["lead"].Value}{Mark}";

    private static bool HasTokenSegment(ReadOnlySpan<char> path)
    {
        foreach (var range in path.SplitAny('/', '\\'))
            if (path[range].Length >= MinTokenLength && !IsName(path[range])) return true;

        return false;
    }

    private static bool IsName(ReadOnlySpan<char> word)
    {
        int words = 0, mixed = 0, digits = 0, segments = 0, length = 0;
        var isEven = true;
        foreach (var range in word.SplitAny(Separators))
        {
            var segment = word[range];
            if (segment.IsEmpty) continue;

            segments++;
            isEven &= length == 0 || segment.Length == length;
            length = segment.Length;
            var kind = KindOf(segment, isAlone: segment.Length == word.Length);
            if (kind is SegmentKind.Other) return false;

            words += kind is SegmentKind.Word && segment.Length > 2 ? 1 : 0;
            digits += kind is SegmentKind.Number ? segment.Length : 0;
            mixed += kind is SegmentKind.Mixed ? 1 : 0;
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
            letters += char.IsLetter(character) || char.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark ? 1 : 0;
            cased += char.IsUpper(character) || char.IsLower(character) ? 1 : 0;
            digits += char.IsAsciiDigit(character) ? 1 : 0;
        }

        if (letters + digits < segment.Length) return SegmentKind.Other;

        // Scripts without case are written without blanks: there, many letters are a sentence.
        var isWord = segment.Length <= MaxWordLength && (cased < MinTokenLetters || (!isAlone && CamelCase.IsMatch(segment)));
        return digits == 0 ? (isWord ? SegmentKind.Word : SegmentKind.Other)
            : letters == 0 ? (segment.Length <= MaxNumberLength ? SegmentKind.Number : SegmentKind.Other)
            : NameWithNumber.IsMatch(segment) ? SegmentKind.Mixed
            : SegmentKind.Other;
    }

    private enum SegmentKind { Other, Word, Number, Mixed }

    private const string NounOfText =
        "(?:" + SecretNames.Nouns + @"|(?<![\p{L}\p{N}])(?:pins?|pwd|pw|otp|psk|clave|creds?|pat|llave|chave|dsn|jwt|code|login|auth|key|(?<=_)pass)(?![\p{L}]))";

    [GeneratedRegex(@"\S+")]
    private static partial Regex Word { get; }
    // Of letters, in quotes or before a mark; a capital is its first.
    [GeneratedRegex(@"^(?>[""'`(\[{<]*)(?>\p{Lu}?[-\p{L}'’/-[\p{Lu}]]*)(?>[""'`.,;:!?)\]}>]*)\z")]
    private static partial Regex PlainWord { get; }
    [GeneratedRegex(@"^\$\{[A-Za-z_][A-Za-z0-9_]*\}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Variable { get; }
    [GeneratedRegex(@"-----BEGIN[\s\S]*?(?:-----END[^\n]*|\z)")]
    private static partial Regex PrivateKey { get; }
    // <password>X</password>, <add key="password" value="X"/>
    [GeneratedRegex(@"(?<lead><(?<name>[^<>\s]{1,80})[^<>]{0,200}>)(?<value>[^<]{1,2000})|(?<lead>=\s?[""'](?<name>[^""'<>\n]{1,80})[""']\s{1,9}[\w.-]{1,30}\s?=\s?)(?:""[^""\n]{1,2000}""|'[^'\n]{1,2000}')", RegexOptions.ExplicitCapture)]
    private static partial Regex Markup { get; }
    // machine X login Y password Z
    [GeneratedRegex(@"(?<lead>\b(?:login|machine|user|username|account)\s{1,9}\S{1,200}\s{1,9}(?:password|passwd|pass|account)\s{1,9})\S+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Netrc { get; }
    // "password: X", "The admin password is X", "API key for prod = X": to the end of the clause.
    [GeneratedRegex(
        "(?<lead>" + NounOfText + @"[^\n=:：]{0,40}?(?:\b(?:is|was|are|be|to|ist|war|lautet|sind|es|era|est|sont|jest|это|och|är|er|on)\b(?!\s*(?:a|the|not)\b)|:=|=>|->|(?<=\s)=|[:：]|\bè|\bé|は|是|为|為|는|은)\s*)(?!\s)(?<value>[^\n](?:[^\n.,;!?]|[.,;!?](?!\s|\z))*)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Given { get; }
    [GeneratedRegex(@"(?<lead>(?<![\p{L}\p{N}_.])[\p{L}_][\p{L}\p{N}_.-]{0,80}[""']?\s?(?:=>|:=|=(?!=))\s?)(?<value>""[^""\n]*""|'[^'\n]*'|[^\s""']\S*)", RegexOptions.ExplicitCapture)]
    private static partial Regex Assignment { get; }
    // "password hunter2", "--token X1", "PIN 4711"
    [GeneratedRegex("(?<lead>" + NounOfText + @"s?[""']?\s{1,3})(?<value>\S{1,400})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Following { get; }
    [GeneratedRegex(@"(?<lead>\b(?:bearer|basic)\s{1,3})(?=\S*[0-9A-Z+/=_-])\S{8,}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Scheme { get; }
    // "hunter2 is the password"
    [GeneratedRegex(@"(?<!\S)(?=\S{0,80}[0-9$!%&*#])[^\s\[]{1,80}(?<tail>\s{1,3}(?:is|as|=|ist|als|es|est)\s{1,3}(?:\p{L}{1,20}\s{1,3}){0,3}" + NounOfText + ")", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Preceding { get; }
    // llama3, Qwen3, gpt4o, A22B, q4, 70b, 8x22B, DeepSeekV3, w4a16
    [GeneratedRegex(@"^(?:[A-Z]?[a-z]{0,11}[0-9]{1,3}(?:[a-z]{1,2}|[A-Z])?|[A-Z]{1,6}[0-9]{1,3}[a-zA-Z]{0,2}|[0-9]{1,4}(?:[a-z]{1,4}|[A-Z]{1,2})|[0-9]{1,2}x[0-9]{1,3}[bB]|(?:[A-Z][a-z]+){2,3}[A-Z]?[0-9]{1,2}|[a-z][0-9]{1,2}[a-z][0-9]{1,2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameWithNumber { get; }
    // AvaMultilingualNeural
    [GeneratedRegex(@"^(?:[A-Z][a-z]{2,14})+\z", RegexOptions.CultureInvariant)]
    private static partial Regex CamelCase { get; }
    // As its maker shows it: four groups of four lower-case letters.
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
    [GeneratedRegex("""
        (?<![A-Za-z0-9])(?:
            (?:sk|pk|rk)[-_](?!SK-)(?:[A-Za-z0-9_-]{6}|[A-Za-z0-9_-]{0,5}[0-9]) | gh[oprsu]_ | github_pat_ | gl(?:pat|ptt|dt|rt|cbt|agent|soat|ft|imt|oas|sa)[-_] | xox[a-z][-.] | xapp-
          | (?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{8} | AIza | ATATT | EAAC[A-Za-z0-9]{6} | ya29\. | 1//0[A-Za-z0-9_-]{8} | GOCSPX-
          | (?:hf|r8|gsk|npm|rubygems|lin_api|phc|phx|sbp|sntrys|sntryu|figd|whsec|dckr_pat|shpat|shpss|shpca|do[opr]_v1|tgp_v1|bb_live)_ | (?:nvapi|tskey|pypi|csk|sq0csp|sq0atp)-
          | (?:hf|xai|pplx|tvly|jina|lsv2|ntn)[-_][A-Za-z0-9_]{0,80}[0-9][A-Za-z0-9_-]{5}
          | SG\.(?:[A-Za-z0-9_-]{8}|[A-Za-z0-9_-]+\.) | AGE-SECRET-KEY | (?:bot)?[0-9]{6,12}:[A-Za-z0-9_-]{8} | eyJ[A-Za-z0-9_-]{6}
        )
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex KnownPrefix { get; }
}
