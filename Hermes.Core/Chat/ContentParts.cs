using Hermes.Core.Text;
using Microsoft.Extensions.AI;

namespace Hermes.Core.Chat;

/// <summary>Content parts, as OpenAI's APIs and their followers spell them, as the contents that an <c>IChatClient</c> takes.</summary>
internal static class ContentParts
{
    private const string Detail = "detail";

    /// <summary>Reads one part: a text, or an object with a type.</summary>
    /// <param name="part">An element of a message's <c>content</c>.</param>
    /// <param name="problem">What is wrong with it, to be put behind its name; null where nothing is.</param>
    /// <returns>Null where something is wrong.</returns>
    public static AIContent? Read(JsonElement part, out string? problem)
    {
        problem = null;
        if (part.ValueKind == JsonValueKind.String)
            return new TextContent(part.GetString());

        if (part.ValueKind != JsonValueKind.Object)
        {
            problem = " must be a string or an object";
            return null;
        }

        switch (TextOf(part, "type")?.Trim().ToLowerInvariant())
        {
            case "text" or "input_text" or "output_text":
                return ReadText(part, "text", out problem);
            case "refusal":
                return ReadText(part, "refusal", out problem);
            case "image_url" or "input_image":
                return ReadImage(part, out problem);
            case null:
                problem = ".type must be a string";
                return null;
            default:
                problem = ".type is not supported: use 'text' or 'image_url'";
                return null;
        }
    }

    /// <summary>The parts in the one spelling in which they are stored, which every agent reads: <c>text</c> and <c>image_url</c>.</summary>
    public static JsonElement Write(IEnumerable<AIContent> contents) => JsonElement.Parse(Utf8Json.Write(json =>
    {
        json.WriteStartArray();
        foreach (var content in contents)
            Write(json, content);

        json.WriteEndArray();
    }).ToArray());

    /// <summary>What parts say, without images, with line breaks between.</summary>
    public static string TextOf(JsonElement parts) => TextOf(parts.EnumerateArray().Select(part => Read(part, out _)));

    /// <summary>What contents say, without images, with line breaks between.</summary>
    public static string TextOf(IEnumerable<AIContent?> contents) => string.Join('\n', contents.OfType<TextContent>().Select(content => content.Text));

    /// <summary>An image out of a <c>data:</c> URL; null where it holds none.</summary>
    public static DataContent? ReadImageUrl(string url) =>
        EncodedBytes.ReadDataUrl(url) is { } data ? CreateImage(data.Bytes, data.Type) : null;

    /// <summary>An image of these bytes.</summary>
    /// <param name="bytes">The image.</param>
    /// <param name="type">Its media type; where that is missing or says nothing, the first bytes tell.</param>
    /// <returns>Null where it is none.</returns>
    public static DataContent? CreateImage(byte[] bytes, string type)
    {
        var imageType = type is "" or "image/*" or "application/octet-stream" ? EncodedBytes.FindImageType(bytes) : type;
        if (imageType is null || bytes.Length == 0 || !imageType.StartsWith("image/", StringComparison.Ordinal))
            return null;

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

    private static TextContent? ReadText(JsonElement part, string name, out string? problem)
    {
        var text = TextOf(part, name);
        problem = text is null ? $".{name} must be a string" : null;
        return text is null ? null : new TextContent(text);
    }

    private static AIContent? ReadImage(JsonElement part, out string? problem)
    {
        part.TryGetProperty("image_url", out var image);
        var (url, detail) = image.ValueKind switch
        {
            JsonValueKind.Object => (TextOf(image, "url"), TextOf(image, Detail)),
            JsonValueKind.String => (image.GetString(), null),
            _ => (null, null),
        };
        AIContent? content = null;
        url = url?.Trim();
        if (string.IsNullOrEmpty(url))
        {
            problem = ".image_url.url must be a string";
        }
        else if (EncodedBytes.IsDataUrl(url))
        {
            content = ReadImageUrl(url);
            problem = content is null ? ".image_url.url must be data:image/TYPE;base64,DATA" : null;
        }
        else if (Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp))
        {
            // The type is the provider's to find out: it fetches the picture, we do not.
            content = new UriContent(uri, "image/*");
            problem = null;
        }
        else
        {
            problem = ".image_url.url must be an https:, http: or data: URL";
        }

        detail ??= TextOf(part, Detail);
        if (content is not null && detail is not null)
            content.AdditionalProperties = new() { [Detail] = detail };

        return content;
    }

    private static void Write(Utf8JsonWriter json, AIContent content)
    {
        json.WriteStartObject();
        if (content is TextContent text)
        {
            json.WriteString("type", "text");
            json.WriteString("text", text.Text);
        }
        else
        {
            json.WriteString("type", "image_url");
            json.WriteStartObject("image_url");
            json.WriteString("url", content is UriContent link ? link.Uri.OriginalString : ((DataContent)content).Uri);
            if (content.AdditionalProperties?[Detail] is string detail)
                json.WriteString(Detail, detail);

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
