using System.Numerics;
using System.Text.RegularExpressions;
using Hermes.Core.Yaml;

namespace Hermes.Core.Skills;

/// <summary>The YAML at the head of a Markdown file, between two lines <c>---</c>.</summary>
/// <remarks>The reference takes any <c>---</c> for the end, also one inside a value; here only a line of its own. Where it is no YAML, the
/// values are what stands before and behind the first colon of each line, and the problem says what is wrong and what cures it.</remarks>
internal sealed partial record FrontMatter(YamlMapping? Values, string? Problem)
{
    private static readonly FrontMatter None = new(Values: null, Problem: null);

    /// <summary>Reads the front matter of a text whose line ends are <c>\n</c>.</summary>
    public static FrontMatter Read(string text) =>
        Whole.Match(text) is { Success: true } match ? Parse(match.Groups["yaml"].Value)
        : Opening.IsMatch(text) ? new(Values: null, "The front matter is not closed: add a line --- after it.")
        : None;

    /// <summary>The text after the front matter; all of it where there is none.</summary>
    public static string SkipIn(string text) =>
        Whole.Match(text) is { Success: true } match ? match.Groups["body"].Value : text.TrimStart('\uFEFF');

    /// <summary>The text that was meant by a single value, numbers and times spelled as Python's <c>str</c> does; null for none, and for lists and mappings.</summary>
    public static string? AsScalar(object? value) => value switch
    {
        string text => text,
        bool flag => flag ? "True" : "False",
        long or BigInteger => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        double number => Spell(number),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss" + Fraction(time), CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("yyyy-MM-dd HH:mm:ss" + Fraction(time.DateTime) + "zzz", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToBase64String(bytes),
        _ => null,
    };

    /// <summary>One text of anything: of a list its items with commas between, of a mapping its <c>name</c>; empty where there is nothing to show.</summary>
    public static string AsText(object? value) => value is IEnumerable<object?> items
        ? string.Join(", ", items.Select(AsItem).Where(text => !string.IsNullOrWhiteSpace(text)))
        : AsItem(value) ?? "";

    /// <summary>A list of texts: of a list its items, of a text what commas part in it, also where it is a list in quotes. Empty items are left out.</summary>
    public static IReadOnlyList<string> AsList(object? value)
    {
        var items = value switch
        {
            string text => (text.Trim() is ['[', .. var inner, ']'] ? inner : text).Split(',').Select(item => item.Trim().Trim('"', '\'')),
            IEnumerable<object?> list => list.Select(AsScalar),
            _ => [AsScalar(value)],
        };
        return items.OfType<string>().Where(text => !string.IsNullOrWhiteSpace(text)).ToList().AsReadOnly();
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
    private static YamlMapping SplitLines(string yaml) => new(
        yaml.Split('\n').Select(line => line.Split(':', 2)).Where(parts => parts is [not "", _])
            .Select(parts => ((object?)parts[0].Trim(), (object?)parts[1].Trim())));

    private static string? AsItem(object? value) => AsScalar(value is YamlMapping mapping ? mapping["name"] : value);
    private static string Fraction(DateTime time) => time.Ticks % TimeSpan.TicksPerSecond == 0 ? "" : ".ffffff";

    // Both languages write the shortest digits that read back as the same number, but Python always with a point or an exponent,
    // and with the exponent only from 1e16 on.
    private static string Spell(double number)
    {
        if (!double.IsFinite(number)) return double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";

        var text = number.ToString(CultureInfo.InvariantCulture);
        if (!text.Contains('E')) return text.Contains('.') ? text : text + ".0";

        return Math.Abs(number) is >= 1 and < 1e16 ? number.ToString("F1", CultureInfo.InvariantCulture) : text.Replace('E', 'e');
    }

    // A longer rule of dashes is Markdown. What follows on the first line is the beginning of the YAML (a comment, as a rule).
    [GeneratedRegex(@"\A\uFEFF?---(?:[ \t\n]|\z)")]
    private static partial Regex Opening { get; }
    [GeneratedRegex(@"\A\uFEFF?---(?<yaml>(?=[ \t\n])[^\n]*\n(?:[^\n]*\n)*?)---[^\S\n]*$(?<body>[\s\S]*)", RegexOptions.Multiline)]
    private static partial Regex Whole { get; }
}
