using Hermes.Core.Chat;
using Hermes.Core.Http.OpenAI;
using Hermes.Core.Http.Wire;
using Microsoft.Extensions.AI;
using static Hermes.Core.Http.OpenAI.ChatBody;

namespace Hermes.Core.Http.Endpoints;

/// <summary>What a client asks of <c>/api/sessions/{id}/chat</c> or of its stream, checked.</summary>
/// <param name="Turn">The turn, in a session that has to exist and is not named yet.</param>
/// <param name="Model">The model as asked, which is given back; null for none.</param>
internal sealed record SessionChatRequest(ChatTurnRequest Turn, string? Model)
{
    internal const int MaxAttachments = 20;
    private const int MaxNameLength = 200;

    public static SessionChatRequest Parse(ReadOnlyMemory<byte> utf8)
    {
        var body = ChatBody.Parse(utf8.Span);
        var message = Find(body, "message") is null && Find(body, "input") is not null ? "input" : "message";
        var (text, parts) = ReadContent(body, message, $"'{message}'");
        var attachments = ReadAttachments(body);
        if (attachments.Count == 0 && parts is null && string.IsNullOrWhiteSpace(text))
            throw new RequestException("Missing or empty 'message'");

        var system = ReadText(body, "system_message") ?? ReadText(body, "instructions");
        var model = ReadText(body, "model")?.Trim() is { Length: > 0 } asked && asked != ChatCompletionRequest.AgentName ? asked : null;
        return new SessionChatRequest(Model: model, Turn: new ChatTurnRequest
        {
            CreateSession = false,
            System = string.IsNullOrWhiteSpace(system) ? [] : [system],
            User = attachments.Count == 0 ? new() { Role = "user", Content = text, ContentParts = parts }
                : new() { Role = "user", ContentParts = Join(text, parts, attachments) },
            UserText = TextOf(text, parts),
        });
    }

    private static JsonElement Join(string? text, JsonElement? parts, List<AIContent> attachments)
    {
        IEnumerable<AIContent> said = parts is { } given ? given.EnumerateArray().Select(part => ContentParts.Read(part, out _)).OfType<AIContent>()
            : string.IsNullOrWhiteSpace(text) ? []
            : [new TextContent(text)];
        return ContentParts.Write(said.Concat(attachments));
    }

    private static List<AIContent> ReadAttachments(JsonElement body)
    {
        if (Find(body, "attachments") is not { } list) return [];
        if (list.ValueKind != JsonValueKind.Array) throw new RequestException("'attachments' must be a list");
        if (list.GetArrayLength() > MaxAttachments) throw new RequestException($"'attachments' has more than {MaxAttachments} items");
        return [.. list.EnumerateArray().Select((attachment, index) => ReadAttachment(attachment, $"attachments[{index}]"))];
    }

    private static AIContent ReadAttachment(JsonElement attachment, string shown)
    {
        if (attachment.ValueKind != JsonValueKind.Object) throw new RequestException($"{shown} must be an object");

        var name = ReadText(attachment, "name", $"{shown}.name");
        var base64 = ReadText(attachment, "base64", $"{shown}.base64");
        var content = ReadText(attachment, "content", $"{shown}.content");
        if (base64 is null && content is null) throw new RequestException($"{shown} needs 'content' or 'base64'");

        // Parameters such as a charset say nothing here: JSON is Unicode, and so is the text in it.
        var type = EncodedBytes.MediaType(ReadText(attachment, "contentType", $"{shown}.contentType") ?? "");
        var data = base64 ?? content!;
        var isImage = type.StartsWith("image/", StringComparison.Ordinal);
        if (EncodedBytes.ReadDataUrl(data) is { } url)
            return ReadBytes(name, url.Bytes, url.Type.Length > 0 ? url.Type : type, isImage, shown);

        // An image of XML, such as SVG, is a text to whoever has no need of its bytes.
        if (base64 is null && (!isImage || (type.EndsWith("+xml", StringComparison.Ordinal) && EncodedBytes.Decode(data) is null)))
            return ReadFile(name, content!);

        return EncodedBytes.Decode(data) is { } bytes ? ReadBytes(name, bytes, type, isImage, shown)
            : throw new RequestException(isImage ? NoImage(shown) : $"{shown}.base64 is no base64");
    }

    // The name of a type is often missing or wrong (application/octet-stream), and the bytes are not.
    private static AIContent ReadBytes(string? name, byte[] bytes, string type, bool mustBeImage, string shown)
    {
        var imageType = type.StartsWith("image/", StringComparison.Ordinal) ? type : EncodedBytes.FindImageType(bytes);
        return imageType is not null ? ContentParts.CreateImage(bytes, imageType) ?? throw new RequestException(NoImage(shown))
            : mustBeImage ? throw new RequestException(NoImage(shown))
            : EncodedBytes.FindText(bytes) is { } text ? ReadFile(name, text)
            : throw new RequestException($"{shown} is neither an image nor a text in UTF-8");
    }

    private static string NoImage(string shown) => $"{shown} is no image: send its bytes as base64, or as data:image/TYPE;base64,DATA";

    private static TextContent ReadFile(string? name, string text)
    {
        var line = ToolCallJson.Shorten((name ?? "").ReplaceLineEndings(" ").Trim(), MaxNameLength);
        return new TextContent($"Attached file \"{(line.Length > 0 ? line : "attachment")}\":\n\n{text}");
    }
}
