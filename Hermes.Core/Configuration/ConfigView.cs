using System.Numerics;
using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>Writes of a configuration what may be shown, as JSON: what is known to be harmless, and the mark in place of everything else.</summary>
/// <remarks>Mappings and lists are entered everywhere, so that one sees what there is; a secret's own key is left out.</remarks>
internal sealed partial class ConfigView
{
    /// <summary>More than any configuration has. A few kilobytes of aliases can stand for any number of bytes.</summary>
    private const int MaxBytes = 4 * 1024 * 1024;

    private const string ApiKeyFlag = "has_api_key";

    private readonly YamlMapping _root;
    private readonly KnownKeys _keys;
    private readonly ShownValue _shown;

    /// <summary>Shows a configuration.</summary>
    /// <param name="root">The whole file: what is a secret anywhere in it is shown nowhere.</param>
    /// <param name="keys">What may be shown.</param>
    public ConfigView(YamlMapping root, KnownKeys keys)
    {
        _root = root;
        _keys = keys;
        _shown = new ShownValue(HiddenTexts.Of(root));
    }

    /// <summary>Writes the entry of a section, where the file has it.</summary>
    /// <exception cref="ConfigUnreadableException">What is written is larger than an answer may be.</exception>
    public void WriteSection(Utf8JsonWriter writer, string section)
    {
        if (_root.Contains(section))
        {
            writer.WritePropertyName(section);
            Write(writer, _root[section], _keys.Root.Of(section));
        }
    }

    /// <summary>Which model is in effect, as it may be shown.</summary>
    public EffectiveModel Show(EffectiveModel effective) => new(
        ShowName(effective.Model), ShowName(effective.Provider), _shown.Text(effective.BaseUrl, KeyType.Url), ShowName(effective.ApiMode));

    /// <summary>A name out of the configuration, as it may be shown.</summary>
    public string? ShowName(string? name) => _shown.Text(name, KeyType.Name);

    private void Write(Utf8JsonWriter writer, object? value, KnownKeys.Place place)
    {
        switch (value)
        {
            case YamlMapping mapping:
                WriteMapping(writer, mapping, place);
                break;
            case IEnumerable<object?> items:
                WriteList(writer, items, place);
                break;
            default:
                WriteScalar(writer, _shown.Of(value, place.Type));
                break;
        }

        if (writer.BytesCommitted + writer.BytesPending > MaxBytes)
            throw new ConfigUnreadableException($"it is larger than {MaxBytes / 1024 / 1024} MiB where every alias is written out");
    }

    private void WriteMapping(Utf8JsonWriter writer, YamlMapping mapping, KnownKeys.Place place)
    {
        // Keys of different kinds can have the same text ("1" and 1): as with a repeated key, the last one wins.
        var entries = new OrderedDictionary<string, (object? Value, KnownKeys.Place Place)>(mapping.Count);
        var hidden = 0;
        var hasApiKey = false;
        foreach (var (key, value) in mapping.Entries)
        {
            var name = TextOf(key);
            if (IsSecret(name, value, place))
            {
                hasApiKey |= SecretNames.IsApiKey(name) && value is not (null or "" or YamlMapping { Count: 0 } or List<object?> { Count: 0 });
                continue;
            }

            var shown = place.Names(name) || _shown.IsKey(key) ? name : hidden++ == 0 ? SecretText.Mark : $"[hidden {hidden}]";
            entries[shown] = (value, place.Of(name));
        }

        writer.WriteStartObject();
        foreach (var (name, entry) in entries)
        {
            if (!hasApiKey || name != ApiKeyFlag)
            {
                writer.WritePropertyName(name);
                Write(writer, entry.Value, entry.Place);
            }
        }

        if (hasApiKey)
            writer.WriteBoolean(ApiKeyFlag, true);

        writer.WriteEndObject();
    }

    // What has a secret's name and is a boolean, a reference to a variable, or a mapping with keys that are known, is none.
    private static bool IsSecret(string name, object? value, KnownKeys.Place place) =>
        !place.Names(name)
        && SecretNames.IsSecret(name)
        && value is not bool
        && !(value is string text && SecretText.IsVariable(text))
        && !(value is YamlMapping && place.Of(name).HasKeys);

    private void WriteList(Utf8JsonWriter writer, IEnumerable<object?> items, KnownKeys.Place place)
    {
        var elements = place.OfElements();
        var isList = place.Type is KeyType.Any;
        object? previous = null;
        writer.WriteStartArray();
        foreach (var item in items)
        {
            // ["--token", VALUE]
            if (item is string && previous is string flag && HiddenTexts.IsFlag(flag))
                WriteScalar(writer, SecretText.Mark);
            else
                Write(writer, item, isList && item is not (YamlMapping or IEnumerable<object?>) ? place : elements);

            previous = item;
        }

        writer.WriteEndArray();
    }

    private static void WriteScalar(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool boolean:
                writer.WriteBooleanValue(boolean);
                break;
            case long or double or BigInteger:
                writer.WriteRawValue(TextOf(value), skipInputValidation: true);
                break;
            default:
                writer.WriteStringValue((string)value);
                break;
        }
    }

    /// <summary>The text of a key or value, in the way of Python's <c>json</c> where that has one: dates are ISO 8601, binary is base64, a float stays one (<c>1.0</c>).</summary>
    private static string TextOf(object? value) => value switch
    {
        null => "null",
        true => "true",
        false => "false",
        string text => text,
        double number => TextOf(number),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFzzz", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToBase64String(bytes),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"YAML has no {value.GetType().Name}."),
    };

    private static string TextOf(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return !double.IsFinite(number) || text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }
}
