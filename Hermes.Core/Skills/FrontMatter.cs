using Hermes.Core.Yaml;

namespace Hermes.Core.Skills;

/// <summary>The YAML at the head of a Markdown file, between two lines <c>---</c>.</summary>
/// <remarks>
/// The reference takes any <c>---</c> for the end, also one inside a value. Here only a line of its own ends the front matter, and what is
/// wrong with it is said instead of swallowed.
/// </remarks>
/// <param name="Values">The values; null where there are none. Where it is no YAML, what stands before and behind the first colon of each line.</param>
/// <param name="Problem">What is wrong and what cures it; null where nothing is.</param>
internal sealed record FrontMatter(YamlMapping? Values, string? Problem)
{
    private const string Fence = "---";

    private static readonly FrontMatter None = new(Values: null, Problem: null);

    /// <summary>Reads the front matter of a text whose line ends are <c>\n</c>.</summary>
    public static FrontMatter Read(string text)
    {
        var body = text.AsSpan(text.StartsWith('\uFEFF') ? 1 : 0);
        if (!Opens(body))
            return None;

        var yaml = body[Fence.Length..];
        var end = FindEnd(yaml);
        return end < 0
            ? new(Values: null, "The front matter is not closed: add a line --- after it.")
            : Parse(yaml[..end].ToString());
    }

    /// <summary>The text after the front matter; all of it where there is none.</summary>
    public static ReadOnlySpan<char> SkipIn(string text)
    {
        var body = text.AsSpan(text.StartsWith('\uFEFF') ? 1 : 0);
        if (!Opens(body))
            return body;

        var yaml = body[Fence.Length..];
        var end = FindEnd(yaml);
        return end < 0 ? body : yaml[(end + Fence.Length)..];
    }

    // A longer rule of dashes is Markdown. What follows on the first line is the beginning of the YAML (a comment, as a rule).
    private static bool Opens(ReadOnlySpan<char> body) =>
        body.StartsWith(Fence, StringComparison.Ordinal) && (body.Length == Fence.Length || body[Fence.Length] is ' ' or '\t' or '\n');

    private static int FindEnd(ReadOnlySpan<char> yaml)
    {
        var lineStart = yaml.IndexOf('\n') + 1;
        while (lineStart > 0)
        {
            var rest = yaml[lineStart..];
            var length = rest.IndexOf('\n');
            var line = length < 0 ? rest : rest[..length];
            if (line.TrimEnd().SequenceEqual(Fence))
                return lineStart;

            lineStart = length < 0 ? 0 : lineStart + length + 1;
        }

        return -1;
    }

    private static FrontMatter Parse(string yaml)
    {
        try
        {
            return YamlLoader.Load(yaml) switch
            {
                null => None,
                YamlMapping values => new(values, Problem: null),
                _ => new(Values: null, "The front matter is not a mapping: write it as lines of \"key: value\"."),
            };
        }
        catch (YamlLoadException exception)
        {
            return new(SplitLines(yaml), $"The front matter cannot be read: {exception.Message}.");
        }
    }

    // What the agent makes of YAML that is none, so that a skill has the same name here as there.
    private static YamlMapping SplitLines(string yaml)
    {
        var values = new YamlMapping();
        foreach (var line in yaml.Split('\n'))
        {
            var colon = line.IndexOf(':');
            if (colon > 0)
                values.Set(line[..colon].Trim(), line[(colon + 1)..].Trim());
        }

        return values;
    }
}
