using System.Numerics;
using Hermes.Core.Yaml;

namespace Hermes.Core.Skills;

/// <summary>Turns what YAML made of a value into the text that was meant, with numbers and times spelled as Python's <c>str</c> does.</summary>
internal static class FrontMatterValue
{
    /// <summary>The text of a single value; null for none, and for lists and mappings.</summary>
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
            string text => Unwrap(text.Trim()).Split(',').Select(item => item.Trim().Trim('"', '\'')),
            IEnumerable<object?> list => list.Select(AsScalar),
            _ => [AsScalar(value)],
        };
        return items.OfType<string>().Where(text => !string.IsNullOrWhiteSpace(text)).ToList().AsReadOnly();
    }

    private static string Unwrap(string text) => text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;

    private static string? AsItem(object? value) => AsScalar(value is YamlMapping mapping ? mapping["name"] : value);

    private static string Fraction(DateTime time) => time.Ticks % TimeSpan.TicksPerSecond == 0 ? "" : ".ffffff";

    // Both languages write the shortest digits that read back as the same number, but Python always with a point or an exponent,
    // and with the exponent only from 1e16 on.
    private static string Spell(double number)
    {
        if (!double.IsFinite(number))
            return double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";

        var text = number.ToString(CultureInfo.InvariantCulture);
        if (!text.Contains('E'))
            return text.Contains('.') ? text : text + ".0";

        return Math.Abs(number) is >= 1 and < 1e16 ? number.ToString("F1", CultureInfo.InvariantCulture) : text.Replace('E', 'e');
    }
}
