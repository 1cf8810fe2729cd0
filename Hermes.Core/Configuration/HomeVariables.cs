using System.Text.RegularExpressions;
using Hermes.Core.IO;

namespace Hermes.Core.Configuration;

/// <summary>The variables of a home's <c>.env</c>, where the agent's keys are. They never come into an answer of the API.</summary>
/// <remarks>Read as the agent does (python-dotenv): <c>NAME=value</c>, with or without <c>export</c> and quotes; <c>${NAME}</c> stands for
/// a variable above it or of the process. The file is read at each call, also after a change. Safe for use from any thread.</remarks>
/// <param name="home">The home; its <c>.env</c> need not exist.</param>
/// <param name="fileSystem">Where the home lies.</param>
public sealed partial class HomeVariables(HermesHome home, IFileSystem fileSystem)
{
    private const long MaxLength = 1024 * 1024;

    /// <summary>Reads the variables by name, which are compared exactly; none where there is no file. A repeated one has its last value.</summary>
    /// <exception cref="IOException">The file cannot be read, is no regular file, or larger than 1 MiB: put a file of variables in its place.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read: allow the process to read it.</exception>
    public IReadOnlyDictionary<string, string> Read()
    {
        try
        {
            return FileStatus.FindRegularFile(fileSystem, home.EnvironmentFile) switch
            {
                { Length: > MaxLength } => throw new IOException("It is larger than 1 MiB."),
                { Length: > 0 } => Parse(fileSystem.File.ReadAllText(home.EnvironmentFile), Environment.GetEnvironmentVariable),
                _ => new Dictionary<string, string>(),
            };
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // Gone meanwhile.
            return new Dictionary<string, string>();
        }
    }

    // Values in quotes may have several lines and any character; without, they end at the line's end or at white space with a # behind it.
    // ${NAME} and ${NAME:-default} stand for variables above, else for what the other source has. What is no assignment is skipped.
    internal static Dictionary<string, string> Parse(string text, Func<string, string?> environment)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var match in AssignmentOrLine.Matches(text.TrimStart('\uFEFF')).Where(match => match.Groups["name"].Success))
            variables[match.Groups["name"].Value] = Reference.Replace(Value(match), reference => Find(reference.Groups["name"].Value) ?? reference.Groups["default"].Value);

        return variables;

        string? Find(string name) => variables.GetValueOrDefault(name) ?? environment(name);
    }

    private static string Value(Match match) =>
        match.Groups["single"] is { Success: true } single ? EscapeInSingle.Replace(single.Value, Unescape)
        : match.Groups["double"] is { Success: true } quoted ? EscapeInDouble.Replace(quoted.Value, Unescape)
        : Comment.Replace(match.Groups["plain"].Value, "").TrimEnd();

    private static string Unescape(Match escape) =>
        "abfnrtv".IndexOf(escape.Value[1]) is >= 0 and var index ? "\a\b\f\n\r\t\v"[index..(index + 1)] : escape.Value[1..];

    [GeneratedRegex("""
        \G(?:\s*(?:export[^\S\r\n]+)?(?:'(?<name>[^'\r\n]+)'|(?<name>[^=\#\s]+))[^\S\r\n]*=[^\S\r\n]*
        (?:(?:'(?<single>(?:\\'|[^'])*)'|"(?<double>(?:\\"|[^"])*)")(?:[^\S\r\n]*\#[^\r\n]*)?|(?<plain>(?!['"])[^\r\n]*))
        [^\S\r\n]*(?:\r\n|\n|\r|\z)|\s*[^\r\n]*(?:\r\n|\n|\r|\z))
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex AssignmentOrLine { get; }
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
