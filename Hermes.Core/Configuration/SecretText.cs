using System.Text.RegularExpressions;

namespace Hermes.Core.Configuration;

/// <summary>Cuts what may be a secret out of free text: tokens, credentials of addresses, and what is given to a secret's name.</summary>
/// <remarks>
/// Rather too much than too little. Each pattern begins at a word and reads a bounded way ahead, so that no text makes it slow.
/// </remarks>
internal static partial class SecretText
{
    /// <summary>What stands where something is not shown. Never accept it as a value: it would overwrite what it hides.</summary>
    public const string Mark = "[hidden]";

    // More than people write, and short enough for the patterns.
    private const int MaxLength = 64 * 1024;

    private const string Quotes = "\"'`([{<";

    /// <summary>The text without what may be a secret.</summary>
    public static string Redact(string text)
    {
        if (text.Length > MaxLength || SecretShape.IsAppPassword(text))
            return Mark;

        text = PrivateKey.Replace(text, Mark);
        text = Word.Replace(text, match => RedactWord(match.Value));
        text = Markup.Replace(text, match => Names(match.Groups["name"].Value) ? $"{match.Groups["lead"].Value}{Mark}" : match.Value);
        text = Netrc.Replace(text, $"${{lead}}{Mark}");
        text = Given.Replace(text, CutValue);
        text = Assignment.Replace(text, CutValue);
        text = Following.Replace(text, match => IsPlainWord(match.Groups["value"].Value) ? match.Value : CutValue(match));
        text = Scheme.Replace(text, $"${{lead}}{Mark}");
        return Preceding.Replace(text, $"{Mark}${{tail}}");
    }

    /// <summary>Whether a text is a reference to a variable, which is shown as written: <c>${NAME}</c>.</summary>
    public static bool IsVariable(ReadOnlySpan<char> text) => Variable.IsMatch(text) && !SecretShape.HasToken(text[2..^1]);

    private static string RedactWord(string word)
    {
        var inner = word.AsSpan().TrimStart(Quotes).TrimEnd("\"'`.,;:!?)]}>");
        if (inner.Contains("://", StringComparison.Ordinal))
        {
            var address = inner.ToString();
            return word.Replace(address, ShownUrl.Of(address) ?? Mark, StringComparison.Ordinal);
        }

        // user:password@host
        var at = inner.LastIndexOf('@');
        var isCredential = at > 0 && inner[..at].IndexOf(':') >= 0;
        return isCredential || SecretShape.IsToken(inner) ? word.Replace(inner.ToString(), Mark, StringComparison.Ordinal) : word;
    }

    private static bool Names(string name) => SecretNames.IsSecret(name);

    private static string CutValue(Match match) => IsVariable(match.Groups["value"].Value) ? match.Value : $"{match.Groups["lead"].Value}{Mark}";

    private static bool IsPlainWord(string value)
    {
        var word = value.AsSpan().TrimStart(Quotes).TrimEnd("\"'`.,;:!?)]}>");
        for (var index = 0; index < word.Length; index++)
        {
            if (!(char.IsLetter(word[index]) && (index == 0 || !char.IsUpper(word[index]))) && word[index] is not ('-' or '\'' or '’' or '/'))
                return false;
        }

        return true;
    }

    private const string NounOfText =
        "(?:" + SecretNames.Nouns + @"|(?<![\p{L}\p{N}])(?:pins?|pwd|pw|otp|psk|clave|creds?|pat|llave|chave|dsn|jwt|code|login|auth|key|(?<=_)pass)(?![\p{L}]))";

    [GeneratedRegex(@"\S+")]
    private static partial Regex Word { get; }

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
}
