using System.Text.Json;
using System.Text.Unicode;
using Hermes.Core.Sessions;
using Microsoft.Extensions.AI;

namespace Hermes.Core.Chat;

/// <summary>Reads the JSON of chat requests, of every wire format: null is as good as missing, and a wrong type is an error, never a guess.</summary>
internal static class ChatRequestJson
{
    private const string InvalidJson = "Invalid JSON in request body";

    // Deep enough for every schema in response_format, and safe for the recursive readers behind us.
    private static readonly JsonDocumentOptions Bounded = new() { MaxDepth = 64 };

    /// <summary>Reads a body that has to be one JSON object.</summary>
    /// <exception cref="ChatRequestException">It is none, or <paramref name="read"/> cannot use it.</exception>
    public static TRequest Parse<TRequest>(ReadOnlyMemory<byte> body, Func<JsonElement, TRequest> read)
    {
        try
        {
            CheckUnicode(body.Span);
            using var document = JsonDocument.Parse(body, Bounded);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? read(document.RootElement)
                : throw new ChatRequestException("The request body must be a JSON object");
        }
        catch (JsonException)
        {
            throw new ChatRequestException(InvalidJson);
        }
    }

    public static JsonElement? Find(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A text field; <paramref name="shown"/> is what errors call it where that is not its name alone.</summary>
    public static string? ReadText(JsonElement element, string name, string? shown = null) => Find(element, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw new ChatRequestException($"{shown ?? $"'{name}'"} must be a string"),
    };

    /// <summary>A field with content: as text where it is that, or one part of text; else as parts, which outlive the document.</summary>
    public static (string? Text, JsonElement? Parts) ReadContent(JsonElement element, string name, string shown)
    {
        if (Find(element, name) is not { } content)
        {
            return (null, null);
        }

        if (content.ValueKind == JsonValueKind.String)
        {
            return (content.GetString(), null);
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            throw new ChatRequestException($"{shown} must be a string or a list of parts");
        }

        AIContent? only = null;
        var index = 0;
        foreach (var part in content.EnumerateArray())
        {
            only = ContentParts.Read(part, out var problem);
            if (problem is not null)
            {
                throw new ChatRequestException($"{shown}[{index}]{problem}");
            }

            index++;
        }

        return (index, only) switch
        {
            (0, _) => (null, null),
            (1, TextContent text) => (text.Text, null),
            _ => (null, content.Clone()),
        };
    }

    /// <summary>What the parts say, without images.</summary>
    public static string TextOf(JsonElement parts) =>
        string.Concat(parts.EnumerateArray().Select(part => ContentParts.Read(part, out _)).OfType<TextContent>().Select(part => part.Text));

    /// <summary>JSON can spell half of a surrogate pair, which no .NET string decodes; it is found here, once, for every reader behind.</summary>
    private static void CheckUnicode(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            throw new ChatRequestException(InvalidJson);
        }

        var mayHaveHalves = body.IndexOf("\\ud"u8) >= 0 || body.IndexOf("\\uD"u8) >= 0;
        if (mayHaveHalves && !StoredJson.HasWholeTexts(body))
        {
            throw new ChatRequestException(InvalidJson + ": a text holds half of a surrogate pair");
        }
    }
}
