using System.Text.Json.Nodes;

namespace Hermes.Providers;

/// <summary>Reads JSON whose values are of other kinds than they should be.</summary>
internal static class LenientJson
{
    /// <summary>Makes a value changeable. Of a name that repeats, the last value counts: <see cref="JsonObject"/> would throw.</summary>
    public static JsonNode? ToNode(this JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var node = new JsonObject();
                foreach (var property in value.EnumerateObject())
                    node[property.Name] = ToNode(property.Value);

                return node;
            case JsonValueKind.Array:
                return new JsonArray([.. value.EnumerateArray().Select(ToNode)]);
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.String:
                return JsonValue.Create(Unescape(value));
            default:
                return JsonValue.Create(value);
        }
    }

    /// <summary>A string, or a number or truth value as it is written; null for anything else.</summary>
    public static string? Text(this JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.String => node.GetValue<string>(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => node.ToJsonString(),
        _ => null,
    };

    /// <summary>A string that is not blank; null for anything else.</summary>
    public static string? Word(this JsonNode? node) =>
        node?.GetValueKind() is JsonValueKind.String && node.GetValue<string>() is var text && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <summary>A whole number, also one that is written with a fraction or as a string; null for anything else.</summary>
    public static long? Number(this JsonNode? node) =>
        node?.GetValueKind() is JsonValueKind.Number or JsonValueKind.String
        && double.TryParse(Text(node), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? (long)Math.Clamp(number, long.MinValue, long.MaxValue)
            : null;

    /// <summary>The objects of a list, or the one that stands there without a list.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonNode? node) => node switch
    {
        JsonArray list => list.OfType<JsonObject>(),
        JsonObject one => [one],
        _ => [],
    };

    /// <summary>Takes a value out of its place, so that it can be put in another.</summary>
    public static JsonNode? Take(this JsonObject from, string name)
    {
        var value = from[name];
        from.Remove(name);
        return value;
    }

    // A surrogate pair may be cut between two events: escaped lone surrogates, which no parser decodes.
    private static string Unescape(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            var raw = value.GetRawText().AsSpan()[1..^1];
            var text = new StringBuilder(raw.Length);
            for (var index = 0; index < raw.Length; index++)
            {
                if (raw[index] is not '\\')
                {
                    text.Append(raw[index]);
                    continue;
                }

                index++;
                text.Append(raw[index] switch
                {
                    'b' => '\b',
                    'f' => '\f',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => (char)ushort.Parse(raw.Slice(index + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                    var other => other,
                });
                index += raw[index] is 'u' ? 4 : 0;
            }

            return text.ToString();
        }
    }
}
