using System.Text.RegularExpressions;

namespace Hermes.Core.Configuration;

/// <summary>Reads the text of a <c>.env</c> file as the agent does (python-dotenv).</summary>
/// <remarks>
/// <c>NAME=value</c>, with or without <c>export</c> before it. Values in single or double quotes may have several lines and any character; without
/// quotes they end at the line's end or at white space with a <c>#</c> behind it. <c>${NAME}</c> and <c>${NAME:-default}</c> stand for variables
/// above and of the environment. What is no assignment is skipped.
/// </remarks>
internal static partial class DotEnv
{
    /// <summary>The variables by name; a repeated one takes its last value.</summary>
    /// <param name="text">The file's text, with or without a byte order mark.</param>
    /// <param name="variable">The value of a variable that the file does not set; null for none.</param>
    public static Dictionary<string, string> Parse(string text, Func<string, string?> variable)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        text = text.TrimStart('\uFEFF');
        for (var index = 0; index < text.Length;)
        {
            if (Assignment.Match(text, index) is { Success: true } match)
            {
                variables[match.Groups["name"].Value] = Reference.Replace(
                    Value(match), reference => Find(reference.Groups["name"].Value) ?? reference.Groups["default"].Value);
                index += match.Length;
            }
            else
            {
                index += Line.Match(text, index).Length;
            }
        }

        return variables;

        string? Find(string name) => variables.GetValueOrDefault(name) ?? variable(name);
    }

    private static string Value(Match match) =>
        match.Groups["single"] is { Success: true } single ? EscapeInSingle.Replace(single.Value, Unescape)
        : match.Groups["double"] is { Success: true } quoted ? EscapeInDouble.Replace(quoted.Value, Unescape)
        : Comment.Replace(match.Groups["plain"].Value, "").TrimEnd();

    private static string Unescape(Match escape) => escape.Value[1] switch
    {
        'a' => "\a",
        'b' => "\b",
        'f' => "\f",
        'n' => "\n",
        'r' => "\r",
        't' => "\t",
        'v' => "\v",
        var other => other.ToString(),
    };

    [GeneratedRegex(
        """
        \G\s*(?:export[^\S\r\n]+)?(?:'(?<name>[^'\r\n]+)'|(?<name>[^=\#\s]+))[^\S\r\n]*=[^\S\r\n]*
        (?:(?:'(?<single>(?:\\'|[^'])*)'|"(?<double>(?:\\"|[^"])*)")(?:[^\S\r\n]*\#[^\r\n]*)?|(?<plain>(?!['"])[^\r\n]*))
        [^\S\r\n]*(?:\r\n|\n|\r|\z)
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Assignment { get; }

    [GeneratedRegex(@"\G\s*[^\r\n]*(?:\r\n|\n|\r|\z)")]
    private static partial Regex Line { get; }

    // A # begins a comment only behind white space: keys hold it.
    [GeneratedRegex(@"\s+#.*")]
    private static partial Regex Comment { get; }

    [GeneratedRegex(@"\\[\\']")]
    private static partial Regex EscapeInSingle { get; }

    [GeneratedRegex("""\\[\\'"abfnrtv]""")]
    private static partial Regex EscapeInDouble { get; }

    [GeneratedRegex(@"\$\{(?<name>[^}:]*)(?::-(?<default>[^}]*))?\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Reference { get; }
}
