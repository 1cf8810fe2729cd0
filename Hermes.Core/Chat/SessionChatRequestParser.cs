using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Hermes.Core.Rendering;
using Hermes.Core.Sessions;
using Microsoft.Extensions.AI;
using static Hermes.Core.Chat.ChatRequestJson;

namespace Hermes.Core.Chat;

/// <summary>Reads the body of <c>/api/sessions/{id}/chat</c> and of its stream.</summary>
internal static class SessionChatRequestParser
{
    internal const int MaxAttachments = 20;

    private const int MaxNameLength = 200;

    /// <summary>Reads a body.</summary>
    /// <exception cref="ChatRequestException">It cannot be used.</exception>
    public static SessionChatRequest Parse(ReadOnlyMemory<byte> body) => ChatRequestJson.Parse(body, Read);

    private static SessionChatRequest Read(JsonElement body)
    {
        var (text, parts) = ReadContent(body, "message", "'message'");
        var attachments = ReadAttachments(body);
        if (attachments.Count == 0 && (parts is { } given ? IsBlank(given) : string.IsNullOrWhiteSpace(text)))
        {
            throw new ChatRequestException("Missing or empty 'message'");
        }

        return new SessionChatRequest
        {
            User = attachments.Count == 0
                ? new NewMessage { Role = "user", Content = text, ContentParts = parts }
                : new NewMessage { Role = "user", ContentParts = Join(text, parts, attachments) },
            Text = text ?? (parts is { } said ? TextOf(said) : ""),
            System = ReadText(body, "system_message") is { } system && !string.IsNullOrWhiteSpace(system) ? system : null,
            Model = ReadText(body, "model")?.Trim() is { Length: > 0 } model && model != ChatCompletionRequest.DefaultModel ? model : null,
        };
    }

    private static bool IsBlank(JsonElement parts) =>
        parts.EnumerateArray().All(part => ContentParts.Read(part, out _) is TextContent text && string.IsNullOrWhiteSpace(text.Text));

    private static JsonElement Join(string? text, JsonElement? parts, List<Attachment> attachments) => JsonElement.Parse(RenderedJson.Write(json =>
    {
        json.WriteStartArray();
        if (!string.IsNullOrWhiteSpace(text))
        {
            new Attachment(text, IsImage: false).WritePart(json);
        }

        if (parts is { } given)
        {
            foreach (var part in given.EnumerateArray())
            {
                part.WriteTo(json);
            }
        }

        attachments.ForEach(attachment => attachment.WritePart(json));
        json.WriteEndArray();
    }).ToArray());

    private static List<Attachment> ReadAttachments(JsonElement body)
    {
        if (Find(body, "attachments") is not { } list)
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new ChatRequestException("'attachments' must be a list");
        }

        return list.GetArrayLength() <= MaxAttachments
            ? [.. list.EnumerateArray().Select((attachment, index) => ReadAttachment(attachment, $"attachments[{index}]"))]
            : throw new ChatRequestException($"'attachments' has more than {MaxAttachments} items");
    }

    private static Attachment ReadAttachment(JsonElement attachment, string shown)
    {
        if (attachment.ValueKind != JsonValueKind.Object)
        {
            throw new ChatRequestException($"{shown} must be an object");
        }

        var name = ReadText(attachment, "name", $"{shown}.name");
        var base64 = ReadText(attachment, "base64", $"{shown}.base64");
        var content = ReadText(attachment, "content", $"{shown}.content");
        if (base64 is null && content is null)
        {
            throw new ChatRequestException($"{shown} needs 'content' or 'base64'");
        }

        // Parameters such as a charset say nothing here: JSON is Unicode, and so is the text in it.
        var given = ReadText(attachment, "contentType", $"{shown}.contentType") ?? throw new ChatRequestException($"{shown} needs 'contentType'");
        var type = given.Split(';')[0].Trim().ToLowerInvariant();
        if (type.StartsWith("image/", StringComparison.Ordinal))
        {
            return ReadImage(type, base64 ?? content!, shown);
        }

        return type.StartsWith("text/", StringComparison.Ordinal) || type == "application/json"
            ? ReadFile(name, base64 is null ? content! : Decode(base64, shown))
            : throw new ChatRequestException(
                $"{shown}.contentType '{ToolCallJson.Shorten(type, MaxNameLength)}' is not supported: send image/*, text/* or application/json");
    }

    private static Attachment ReadImage(string type, string data, string shown)
    {
        var url = data.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? data : $"data:{type};base64,{data}";
        return ContentParts.ReadImageUrl(url) is null
            ? throw new ChatRequestException($"{shown} is no image: send its bytes as base64, or as data:image/TYPE;base64,DATA")
            : new Attachment(url, IsImage: true);
    }

    private static Attachment ReadFile(string? name, string text)
    {
        var line = ToolCallJson.Shorten((name ?? "").ReplaceLineEndings(" ").Trim(), MaxNameLength);
        return new Attachment($"Attached file \"{(line.Length > 0 ? line : "attachment")}\":\n\n{text}", IsImage: false);
    }

    private static string Decode(string base64, string shown)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) && Utf8.IsValid(bytes.AsSpan(0, length))
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : throw new ChatRequestException($"{shown}.base64 is not the base64 of a text in UTF-8");
    }

    /// <summary>A text, or the URL of an image.</summary>
    private sealed record Attachment(string Value, bool IsImage)
    {
        public void WritePart(Utf8JsonWriter json)
        {
            json.WriteStartObject();
            if (IsImage)
            {
                json.WriteString("type", "image_url");
                json.WriteStartObject("image_url");
                json.WriteString("url", Value);
                json.WriteEndObject();
            }
            else
            {
                json.WriteString("type", "text");
                json.WriteString("text", Value);
            }

            json.WriteEndObject();
        }
    }
}
