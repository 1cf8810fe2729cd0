using System.Text.Json.Nodes;
using Hermes.Core.Text;
using Microsoft.Extensions.AI;

namespace Hermes.Core.Chat;

/// <summary>Tool calls and tool results in the form that the file keeps them in, OpenAI's.</summary>
internal static class ToolCallJson
{
    // The serializer's own options indent, and the arguments are one line in the file.
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false, Encoder = Utf8Json.Options.Encoder };

    /// <summary>Renders calls as <c>[{"id","type":"function","function":{"name","arguments":"JSON text"}}]</c>.</summary>
    public static JsonElement Write(IReadOnlyList<FunctionCallContent> calls) =>
        Utf8Json.ToElement(new JsonArray([.. calls.Select(call => new JsonObject
        {
            ["id"] = call.CallId, ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = ArgumentsText(call) },
        })]));

    /// <summary>Reads stored calls; what has no id or no name is left out, as is everything in a text that is no list.</summary>
    public static List<FunctionCallContent> Read(JsonElement? calls) =>
        calls is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(ReadOne).OfType<FunctionCallContent>()] : [];

    /// <summary>A call's arguments as JSON text.</summary>
    public static string ArgumentsText(FunctionCallContent call) =>
        call.Arguments is null ? "{}" : Serialize(call.Arguments, typeof(IDictionary<string, object?>));

    /// <summary>What a tool answered as text: a text as it is, anything else as JSON.</summary>
    public static string ResultText(FunctionResultContent result) => result.Result switch
    {
        null => "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        JsonElement json => json.GetRawText(),
        TextContent text => text.Text,
        var other => Serialize(other, typeof(object)),
    };

    /// <summary>One short line that says what a call is about: its first text argument, else the tool's name.</summary>
    public static string Preview(FunctionCallContent call)
    {
        var texts = call.Arguments?.Values.Select(value => value is JsonElement { ValueKind: JsonValueKind.String } json ? json.GetString() : value as string);
        var text = texts?.FirstOrDefault(given => !string.IsNullOrWhiteSpace(given)) ?? call.Name;
        return Shorten(text.ReplaceLineEndings(" ").Trim(), maxLength: 60);
    }

    /// <summary>The beginning of a text, with <c>...</c> where it goes on; a surrogate pair is not cut in two.</summary>
    public static string Shorten(string text, int maxLength) =>
        text.Length <= maxLength ? text : text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)] + "...";

    private static string Serialize(object value, Type declared)
    {
        try
        {
            return JsonSerializer.Serialize(value, Compact.GetTypeInfo(declared));
        }
        catch (NotSupportedException)
        {
            // A type that the app's trimming left without JSON metadata: its text is better than a lost turn.
            return value.ToString() ?? "";
        }
    }

    private static FunctionCallContent? ReadOne(JsonElement call) =>
        ContentParts.TextOf(call, "id") is { Length: > 0 } id && call.TryGetProperty("function", out var function)
        && ContentParts.TextOf(function, "name") is { Length: > 0 } name ? new(id, name, ReadArguments(function)) : null;

    private static Dictionary<string, object?> ReadArguments(JsonElement function)
    {
        var arguments = new Dictionary<string, object?>();
        function.TryGetProperty("arguments", out var given);
        try
        {
            given = given.ValueKind is JsonValueKind.String ? JsonElement.Parse(given.GetString()!) : given;
        }
        catch (JsonException)
        {
            // A model's slip: the call stays, without arguments.
        }

        if (given.ValueKind is not JsonValueKind.Object) return arguments;

        foreach (var argument in given.EnumerateObject())
            arguments[argument.Name] = argument.Value;

        return arguments;
    }
}
