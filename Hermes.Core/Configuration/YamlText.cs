using System.Globalization;

namespace Hermes.Core.Configuration;

/// <summary>Loaded YAML scalars as text, in the way of Python's <c>json</c> where that has one.</summary>
internal static class YamlText
{
    /// <summary>The text of a key or value: dates are ISO 8601, binary is base64, a float stays one (<c>1.0</c>).</summary>
    public static string Of(object? value) => value switch
    {
        null => "null",
        true => "true",
        false => "false",
        string text => text,
        double number => OfFloat(number),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFzzz", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToBase64String(bytes),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"YAML has no {value.GetType().Name}."),
    };

    private static string OfFloat(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return !double.IsFinite(number) || text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }
}
