using Hermes.Core.Http.Wire;
using Microsoft.Extensions.AI;
using static Hermes.Core.Http.OpenAI.ChatBody;

namespace Hermes.Core.Http.OpenAI;

/// <summary>Reads the settings for the model that stand in the body of a chat.</summary>
/// <remarks>
/// Clients fill them from forms and from defaults of other servers. So a number may come as text, a whole number with a fraction of 0, and
/// one that can mean nothing (<c>max_tokens</c> -1 or 0) is left out, as the reference does. What is no number at all is an error.
/// </remarks>
internal static class ChatSettings
{
    public static ChatOptions Read(JsonElement body) => new()
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

    /// <summary>A whole number.</summary>
    /// <returns>Null where it is missing, has a fraction, or is not between <paramref name="least"/> and <paramref name="most"/>.</returns>
    /// <exception cref="RequestException">It is no number.</exception>
    public static long? ReadInteger(JsonElement body, string name, long least, long most) =>
        FindNumber(body, name, "a whole number") is { } number && number == decimal.Truncate(number) && number >= least && number <= most ? (long)number : null;

    /// <summary>A switch: true or false, also as text, or 1 or 0.</summary>
    /// <exception cref="RequestException">It is none.</exception>
    public static bool? ReadBoolean(JsonElement body, string name)
    {
        var value = Find(body, name);
        var text = value?.ValueKind is JsonValueKind.String ? value.Value.GetString() : value?.GetRawText();
        return text?.Trim().ToLowerInvariant() switch
        {
            null or "" => null,
            "true" or "1" => true,
            "false" or "0" => false,
            _ => throw new RequestException($"'{name}' must be true or false"),
        };
    }

    private static float? ReadNumber(JsonElement body, string name, decimal least, decimal most) =>
        FindNumber(body, name, "a number") is { } number && number >= least && number <= most ? (float)number : null;

    // Decimal, so that every whole number of 64 bits is exact. What is beyond it is beyond every setting.
    private static decimal? FindNumber(JsonElement body, string name, string kind)
    {
        if (Find(body, name) is not { } value)
            return null;

        var text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => value.GetString()!.Trim(),
            _ => null,
        };
        if (text is "")
            return null;

        return text is null || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? throw new RequestException($"'{name}' must be {kind}")
            : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
            : null;
    }

    private static List<string>? ReadStop(JsonElement body)
    {
        IEnumerable<JsonElement> stops = Find(body, "stop") switch
        {
            null => [],
            { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
            { } one => [one],
        };
        var texts = stops.Where(stop => stop.ValueKind != JsonValueKind.Null)
            .Select(stop => stop.ValueKind == JsonValueKind.String ? stop.GetString()! : throw new RequestException("'stop' must be a string or a list of strings"))
            .Where(stop => stop.Length > 0)
            .ToList();
        return texts.Count > 0 ? texts : null;
    }

    private static ChatResponseFormat? ReadFormat(JsonElement body)
    {
        if (Find(body, "response_format") is not { } format)
            return null;

        if (format.ValueKind == JsonValueKind.Object)
        {
            switch (ReadText(format, "type", "response_format.type"))
            {
                case "text":
                    return ChatResponseFormat.Text;
                case "json_object":
                    return ChatResponseFormat.Json;
                case "json_schema" when Find(format, "json_schema") is { ValueKind: JsonValueKind.Object } given
                    && Find(given, "schema") is { ValueKind: JsonValueKind.Object } schema:
                    return ChatResponseFormat.ForJsonSchema(
                        schema.Clone(),
                        ReadText(given, "name", "response_format.json_schema.name"),
                        ReadText(given, "description", "response_format.json_schema.description"));
            }
        }

        throw new RequestException("'response_format' must be an object of type 'text', 'json_object' or 'json_schema'");
    }
}
