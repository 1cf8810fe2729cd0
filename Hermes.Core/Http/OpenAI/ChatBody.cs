using System.Text.Unicode;
using Hermes.Core.Chat;
using Hermes.Core.Http.Wire;
using Microsoft.Extensions.AI;

namespace Hermes.Core.Http.OpenAI;

/// <summary>Reads the JSON of chat requests, of every wire format: null is as good as missing, and a wrong type is an error, never a guess.</summary>
internal static class ChatBody
{
    public static JsonElement Parse(ReadOnlySpan<byte> body) =>
        Utf8.IsValid(body) ? RequestBody.ParseObject(body, isChat: true) : throw new RequestException("Invalid JSON in request body");

    /// <summary>A field; null where it is missing or null.</summary>
    public static JsonElement? Find(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A text field; <paramref name="shown"/> is what errors call it where that is not its name alone.</summary>
    public static string? ReadText(JsonElement element, string name, string? shown = null) => Find(element, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw new RequestException($"{shown ?? $"'{name}'"} must be a string"),
    };

    /// <summary>A field with content: as text, with line breaks between the parts where all of them are text; else as parts, which outlive the document.</summary>
    /// <remarks>In what was said before, parts that nobody here understands are left out (another agent's thoughts, sound). What is said now is heard whole.</remarks>
    public static (string? Text, JsonElement? Parts) ReadContent(JsonElement element, string name, string shown, bool isOld = false) => Find(element, name) switch
    {
        null => (null, null),
        { ValueKind: JsonValueKind.String } text => (text.GetString(), null),
        { ValueKind: JsonValueKind.Object } part => Join([part], _ => shown, isOld),
        { ValueKind: JsonValueKind.Array } parts => Join(parts.EnumerateArray(), index => $"{shown}[{index}]", isOld),
        _ => throw new RequestException($"{shown} must be a string or a list of parts"),
    };

    public static string TextOf(string? text, JsonElement? parts) => text ?? (parts is { } given ? ContentParts.TextOf(given) : "");

    /// <summary>The settings for the model, which clients fill from forms and from defaults of other servers.</summary>
    /// <remarks>So a number may come as text, and one that can mean nothing (<c>max_tokens</c> -1 or 0) is left out, as the reference does.</remarks>
    public static ChatOptions ReadSettings(JsonElement body) => new()
    {
        Temperature = ReadNumber(body, "temperature", 0, decimal.MaxValue),
        TopP = ReadNumber(body, "top_p", 0, 1),
        FrequencyPenalty = ReadNumber(body, "frequency_penalty", decimal.MinValue, decimal.MaxValue),
        PresencePenalty = ReadNumber(body, "presence_penalty", decimal.MinValue, decimal.MaxValue),
        MaxOutputTokens = (int?)(ReadInteger(body, "max_completion_tokens", 1, int.MaxValue) ?? ReadInteger(body, "max_tokens", 1, int.MaxValue)),
        Seed = ReadInteger(body, "seed", long.MinValue, long.MaxValue),
        StopSequences = ReadStop(body),
        ResponseFormat = ReadFormat(body),
    };

    /// <summary>A whole number; null where it is missing, has a fraction, or is not between <paramref name="least"/> and <paramref name="most"/>.</summary>
    public static long? ReadInteger(JsonElement body, string name, long least, long most) =>
        FindNumber(body, name, "a whole number") is { } number && number == decimal.Truncate(number) && number >= least && number <= most ? (long)number : null;

    /// <summary>A switch: true or false, also as text, or 1 or 0.</summary>
    public static bool? ReadBoolean(JsonElement body, string name) => Find(body, name)?.ToString().Trim().ToLowerInvariant() switch
    {
        null or "" => null,
        "true" or "1" => true,
        "false" or "0" => false,
        _ => throw new RequestException($"'{name}' must be true or false"),
    };

    private static float? ReadNumber(JsonElement body, string name, decimal least, decimal most) =>
        FindNumber(body, name, "a number") is { } number && number >= least && number <= most ? (float)number : null;

    // Decimal, so that every whole number of 64 bits is exact. What is beyond it is beyond every setting.
    private static decimal? FindNumber(JsonElement body, string name, string kind)
    {
        if (Find(body, name) is not { } value) return null;

        var text = value.ValueKind is JsonValueKind.Number or JsonValueKind.String ? value.ToString().Trim() : null;
        return text is "" ? null
            : text is null || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? throw new RequestException($"'{name}' must be {kind}")
            : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
            : null;
    }

    private static List<string>? ReadStop(JsonElement body)
    {
        IEnumerable<JsonElement> stops = Find(body, "stop") is not { } stop ? [] : stop.ValueKind is JsonValueKind.Array ? stop.EnumerateArray() : [stop];
        var texts = stops.Where(one => one.ValueKind != JsonValueKind.Null)
            .Select(one => one.ValueKind == JsonValueKind.String ? one.GetString()! : throw new RequestException("'stop' must be a string or a list of strings"))
            .Where(text => text.Length > 0).ToList();
        return texts.Count > 0 ? texts : null;
    }

    private static ChatResponseFormat? ReadFormat(JsonElement body)
    {
        if (Find(body, "response_format") is not { } format) return null;
        return (format.ValueKind == JsonValueKind.Object ? ReadText(format, "type", "response_format.type") : null) switch
        {
            "text" => ChatResponseFormat.Text,
            "json_object" => ChatResponseFormat.Json,
            "json_schema" when Find(format, "json_schema") is { ValueKind: JsonValueKind.Object } given
                && Find(given, "schema") is { ValueKind: JsonValueKind.Object } schema => ChatResponseFormat.ForJsonSchema(
                    schema, ReadText(given, "name", "response_format.json_schema.name"), ReadText(given, "description", "response_format.json_schema.description")),
            _ => throw new RequestException("'response_format' must be an object of type 'text', 'json_object' or 'json_schema'"),
        };
    }

    private static (string? Text, JsonElement? Parts) Join(IEnumerable<JsonElement> parts, Func<int, string> shown, bool isOld)
    {
        var contents = new List<AIContent>();
        foreach (var (index, part) in parts.Index())
        {
            if (ContentParts.Read(part, out var problem) is { } content)
                contents.Add(content);
            else if (!isOld)
                throw new RequestException(shown(index) + problem);
        }

        return contents.Count == 0 ? (null, null)
            : contents.TrueForAll(content => content is TextContent) ? (ContentParts.TextOf(contents), null)
            : (null, ContentParts.Write(contents));
    }
}
