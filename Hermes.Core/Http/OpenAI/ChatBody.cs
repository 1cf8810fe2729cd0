using System.Text.Unicode;
using Hermes.Core.Chat;
using Hermes.Core.Http.Wire;
using Hermes.Core.Sessions;
using Microsoft.Extensions.AI;

namespace Hermes.Core.Http.OpenAI;

/// <summary>
/// Reads the JSON of chat requests, of every wire format: null is as good as missing, and a wrong type is an error, never a guess.
/// </summary>
internal static class ChatBody
{
    private const string InvalidJson = "Invalid JSON in request body";

    /// <summary>Reads a body that has to be one JSON object.</summary>
    /// <exception cref="RequestException">It is none, or <paramref name="read"/> cannot use it.</exception>
    public static TRequest Parse<TRequest>(ReadOnlyMemory<byte> body, Func<JsonElement, TRequest> read)
    {
        CheckUnicode(body.Span);
        using var document = RequestBody.ParseObject(body, saysWhere: false);
        return read(document.RootElement);
    }

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
    /// <param name="element">The object that has the field.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="shown">What errors call it.</param>
    /// <param name="isOld">
    /// Whether it is of a message that was said before: parts that nobody here understands (another agent's thoughts, sound) are left out
    /// then. What is said now has to be heard whole.
    /// </param>
    public static (string? Text, JsonElement? Parts) ReadContent(JsonElement element, string name, string shown, bool isOld = false)
    {
        switch (Find(element, name))
        {
            case null:
                return (null, null);
            case { ValueKind: JsonValueKind.String } text:
                return (text.GetString(), null);
            case { ValueKind: JsonValueKind.Object } part:
                return Join([part], _ => shown, isOld);
            case { ValueKind: JsonValueKind.Array } parts:
                return Join(parts.EnumerateArray(), index => $"{shown}[{index}]", isOld);
            default:
                throw new RequestException($"{shown} must be a string or a list of parts");
        }
    }

    /// <summary>What content says, without images.</summary>
    public static string TextOf(string? text, JsonElement? parts) => text ?? (parts is { } given ? ContentParts.TextOf(given) : "");

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

    /// <summary>JSON can spell a lone surrogate, which no .NET string decodes; it is found here, once, for every reader behind.</summary>
    private static void CheckUnicode(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
            throw new RequestException(InvalidJson);

        var mayHaveSurrogates = body.IndexOf("\\ud"u8) >= 0 || body.IndexOf("\\uD"u8) >= 0;
        try
        {
            if (mayHaveSurrogates && !StoredJson.HasWholeTexts(body))
                throw new RequestException(InvalidJson + ": a text holds half of a surrogate pair");
        }
        catch (JsonException)
        {
            // Whoever parses it says what else is wrong with it.
        }
    }
}
