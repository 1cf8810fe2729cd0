using System.Text;
using System.Text.RegularExpressions;

namespace Hermes.Core.Configuration;

/// <summary>Removes secrets from inside a text: known key formats, addresses, assignments, words that look random.</summary>
/// <remarks>Every pass takes time linear in the text: each character is looked at a bounded number of times.</remarks>
internal static partial class SecretText
{
    private const string Mark = SecretRedactor.Mark;

    /// <summary>The text without secrets.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="isIdentifier">Whether it is known to be an identifier, so that looking random is no sign of a secret.</param>
    public static string Redact(string text, bool isIdentifier = false)
    {
        if (text.Length == 0)
        {
            return text;
        }

        text = PrivateKeyBlocks(text);
        text = KnownFormat.Replace(text, Mark);
        text = SecretUrls.Redact(text);
        text = SecretAssignments.Redact(text);
        return isIdentifier ? text : RandomWords(text);
    }

    /// <summary>Whether the text, as a whole, is a reference to a variable, which is no secret: <c>${NAME}</c>.</summary>
    public static bool IsVariableReference(ReadOnlySpan<char> text) => VariableReference.IsMatch(text);

    /// <summary>Whether the text looks like a variable's name and not like a secret.</summary>
    public static bool IsVariableName(string text) => VariableName.IsMatch(text) && Redact(text) == text;

    private static string PrivateKeyBlocks(string text)
    {
        const string Begin = "-----BEGIN ";
        const string End = "-----END ";
        var start = text.IndexOf(Begin, StringComparison.Ordinal);
        if (start < 0)
        {
            return text;
        }

        var result = new StringBuilder();
        var done = 0;
        while (start >= 0)
        {
            result.Append(text, done, start - done).Append(Mark);
            var end = text.IndexOf(End, start, StringComparison.Ordinal);
            var close = end < 0 ? -1 : text.IndexOf("-----", end + End.Length, StringComparison.Ordinal);
            done = close < 0 ? text.Length : close + "-----".Length;
            start = text.IndexOf(Begin, done, StringComparison.Ordinal);
        }

        return result.Append(text, done, text.Length - done).ToString();
    }

    private static string RandomWords(string text)
    {
        StringBuilder? result = null;
        var done = 0;
        for (var index = 0; index < text.Length;)
        {
            if (!IsOfWord(text[index]))
            {
                index++;
                continue;
            }

            var start = index;
            while (index < text.Length && IsOfWord(text[index]))
            {
                index++;
            }

            // The padding of base64.
            while (index < text.Length && text[index] == '=')
            {
                index++;
            }

            // What looks random in a path (a store, a cache) or in the digest of an image opens nothing.
            if (text[start] is '/' or '~' or '.' || text.AsSpan(0, start).EndsWith("sha256:") || !OpaqueWords.IsOpaque(text.AsSpan(start, index - start)))
            {
                continue;
            }

            (result ??= new StringBuilder()).Append(text, done, start - done).Append(Mark);
            done = index;
        }

        return result?.Append(text, done, text.Length - done).ToString() ?? text;
    }

    private static bool IsOfWord(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.' or '/' or '+' or '~' or '%';

    [GeneratedRegex(@"^\$\{[A-Za-z_][A-Za-z0-9_]*\}\z", RegexOptions.CultureInvariant)]
    private static partial Regex VariableReference { get; }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex VariableName { get; }

    // Each alternative begins with a literal after a boundary and needs nothing behind its last repetition, or the
    // boundary keeps it from being tried within its own repetition: so no text makes it slow.
    [GeneratedRegex(
        """
        (?<![A-Za-z0-9])(?:
            sk-(?:(?=[A-Za-z_-]{0,40}[0-9])[A-Za-z0-9_-]{8,}|[A-Za-z0-9_-]{20,})
          | [srp]k_(?:live|test)_[A-Za-z0-9]{8,}
          | lsv2_(?:pt|sk)_[A-Za-z0-9_]{16,}
          | gh[oprsu]_[A-Za-z0-9_]{10,}
          | github_pat_[A-Za-z0-9_]{10,}
          | gl(?:pat|ptt|dt|rt|cbt|agent|soat|ft|imt|oas)-[A-Za-z0-9_-]{10,}
          | xox[abeoprs]-[A-Za-z0-9-]{8,}
          | xapp-[A-Za-z0-9-]{16,}
          | (?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{12,}
          | AIza[A-Za-z0-9_-]{20,}
          | ya29\.[A-Za-z0-9_-]{16,}
          | 1//0[A-Za-z0-9_-]{20,}
          | GOCSPX-[A-Za-z0-9_-]{16,}
          | (?:hf|r8|gsk|npm|rubygems|dckr_pat|nvapi|xai|pplx|fw|tvly|jina|fc|e2b|ntn|lin_api|phc|phx|glsa|sntrys|sntryu|figd|whsec
              |shpat|shpss|shpca|sq0csp|sq0atp|dop_v1|doo_v1|dor_v1)[-_][A-Za-z0-9]{16,}[A-Za-z0-9_-]*
          | pypi-[A-Za-z0-9_-]{16,}
          | SG\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}
          | AGE-SECRET-KEY-1[A-Z0-9]{16,}
          | [0-9]{6,12}:A[A-Za-z0-9_-]{20,}
          | [MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}
        )
        | (?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)*
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex KnownFormat { get; }
}
