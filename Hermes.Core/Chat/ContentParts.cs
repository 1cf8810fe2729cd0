using System.Text.Json.Nodes;
using Hermes.Core.Text;
using Microsoft.Extensions.AI;

namespace Hermes.Core.Chat;

/// <summary>Content parts, as OpenAI's APIs and their followers spell them, as the contents that an <c>IChatClient</c> takes.</summary>
internal static class ContentParts
{
    private const string Detail = "detail";

    /// <summary>Reads an element of a message's <c>content</c>, a text or an object with a type; else null, and what is wrong, to be put behind its name.</summary>
    public static AIContent? Read(JsonElement part, out string? problem)
    {
        (var content, problem) = part.ValueKind switch
        {
            JsonValueKind.String => (new TextContent(part.GetString()), null),
            JsonValueKind.Object => TextOf(part, "type")?.Trim().ToLowerInvariant() switch
            {
                "text" or "input_text" or "output_text" => ReadText(part, "text"),
                "refusal" => ReadText(part, "refusal"),
                "image_url" or "input_image" => ReadImage(part),
                null => (null, ".type must be a string"),
                _ => (null, ".type is not supported: use 'text' or 'image_url'"),
            },
            _ => (null, " must be a string or an object"),
        };
        return content;
    }

    /// <summary>The parts in the one spelling in which they are stored, which every agent reads: <c>text</c> and <c>image_url</c>.</summary>
    public static JsonElement Write(IEnumerable<AIContent> contents) => Utf8Json.ToElement(new JsonArray([.. contents.Select(Write)]));

    /// <summary>What parts say, without images, with line breaks between.</summary>
    public static string TextOf(JsonElement parts) => TextOf(parts.EnumerateArray().Select(part => Read(part, out _)));
    /// <summary>What contents say, without images, with line breaks between.</summary>
    public static string TextOf(IEnumerable<AIContent?> contents) => string.Join('\n', contents.OfType<TextContent>().Select(content => content.Text));

    /// <summary>A text of an object; null where it has none of this name, or is no object.</summary>
    public static string? TextOf(JsonElement element, string name) =>
        element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString() : null;

    /// <summary>An image; null where it is none. Where its media type is missing or says nothing, the first bytes tell.</summary>
    public static DataContent? CreateImage(byte[] bytes, string type)
    {
        var imageType = type is "" or "image/*" or "application/octet-stream" ? EncodedBytes.FindImageType(bytes) : type;
        if (imageType is null || bytes.Length == 0 || !imageType.StartsWith("image/", StringComparison.Ordinal)) return null;

        try
        {
            return new DataContent(bytes, imageType);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // A media type that is none.
            return null;
        }
    }

    private static (AIContent? Content, string? Problem) ReadText(JsonElement part, string name) =>
        TextOf(part, name) is { } text ? (new TextContent(text), null) : (null, $".{name} must be a string");

    private static (AIContent? Content, string? Problem) ReadImage(JsonElement part)
    {
        part.TryGetProperty("image_url", out var image);
        var url = image.ValueKind is JsonValueKind.String ? image.GetString() : TextOf(image, "url");
        var (content, problem) = ReadImageUrl(url?.Trim());
        if (content is not null && (TextOf(image, Detail) ?? TextOf(part, Detail)) is { } detail)
            content.AdditionalProperties = new() { [Detail] = detail };

        return (content, problem);
    }

    private static (AIContent? Content, string? Problem) ReadImageUrl(string? url)
    {
        if (string.IsNullOrEmpty(url)) return (null, ".image_url.url must be a string");
        if (EncodedBytes.ReadDataUrl(url) is { } data && CreateImage(data.Bytes, data.Type) is { } image) return (image, null);
        if (EncodedBytes.IsDataUrl(url)) return (null, ".image_url.url must be data:image/TYPE;base64,DATA");

        // The type is the provider's to find out: it fetches the picture, we do not.
        return Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? (new UriContent(uri, "image/*"), null)
            : (null, ".image_url.url must be an https:, http: or data: URL");
    }

    private static JsonNode Write(AIContent content)
    {
        if (content is TextContent text) return new JsonObject { ["type"] = "text", ["text"] = text.Text };

        var image = new JsonObject { ["url"] = content is UriContent link ? link.Uri.OriginalString : ((DataContent)content).Uri };
        if (content.AdditionalProperties?[Detail] is string detail)
            image[Detail] = detail;

        return new JsonObject { ["type"] = "image_url", ["image_url"] = image };
    }
}
