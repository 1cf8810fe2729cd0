using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>Writes loaded YAML as JSON, with strings for what JSON has no word for.</summary>
internal static class YamlJson
{
    /// <summary>Writes one value.</summary>
    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool boolean:
                writer.WriteBooleanValue(boolean);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case BigInteger or double when IsFinite(value):
                writer.WriteRawValue(Text(value), skipInputValidation: true);
                break;
            case YamlMapping mapping:
                WriteMapping(writer, mapping);
                break;
            case IEnumerable<object?> items:
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteStringValue(Text(value));
                break;
        }
    }

    private static void WriteMapping(Utf8JsonWriter writer, YamlMapping mapping)
    {
        // Keys of different kinds can have the same text ("1" and 1): as with a repeated key, the last one wins.
        var entries = new OrderedDictionary<string, object?>(mapping.Count);
        foreach (var (key, value) in mapping.Entries)
        {
            entries[Text(key)] = value;
        }

        writer.WriteStartObject();
        foreach (var (key, value) in entries)
        {
            writer.WritePropertyName(key);
            Write(writer, value);
        }

        writer.WriteEndObject();
    }

    private static bool IsFinite(object value) => value is not double number || double.IsFinite(number);

    private static string Text(object? value) => value switch
    {
        null => "null",
        true => "true",
        false => "false",
        string text => text,
        double number => FloatText(number),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFzzz", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToBase64String(bytes),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"YAML has no {value.GetType().Name}."),
    };

    // A float stays one: 1.0, not 1.
    private static string FloatText(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return !double.IsFinite(number) || text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }
}
