using System.Text.RegularExpressions;

namespace Hermes.Host.Chat;

/// <summary>Reads a <c>.env</c> file as python-dotenv does, but for values over several lines.</summary>
internal static partial class DotEnv
{
    /// <summary>The variables by name; a repeated one takes its last value. Lines that are no assignment are skipped.</summary>
    public static Dictionary<string, string> Parse(string text)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.TrimStart('\uFEFF').EnumerateLines())
        {
            if (Assignment().Match(line.ToString()) is { Success: true } match)
            {
                variables[match.Groups["name"].Value] = Value(match);
            }
        }

        return variables;
    }

    private static string Value(Match match) =>
        match.Groups["single"] is { Success: true } single ? single.Value.Replace(@"\'", "'", StringComparison.Ordinal)
        : match.Groups["double"] is { Success: true } quoted ? Unescape(quoted.Value)
        : match.Groups["plain"].Value.TrimEnd();

    private static string Unescape(string text) => Escape().Replace(text, match => match.Value[1] switch
    {
        'n' => "\n",
        'r' => "\r",
        't' => "\t",
        var other => other.ToString(),
    });

    // A # begins a comment only behind white space: keys hold it.
    [GeneratedRegex("""^\s*(?:export\s+)?(?<name>[^\s=#'"]+)\s*=[^\S\n]*(?:'(?<single>(?:[^'\\]|\\.)*)'|"(?<double>(?:[^"\\]|\\.)*)"|(?<plain>.*?))\s*(?:(?<=\s)#.*)?$""")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"\\[\\'""nrt]")]
    private static partial Regex Escape();
}
