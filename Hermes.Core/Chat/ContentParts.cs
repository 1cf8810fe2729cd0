using System.Buffers.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Hermes.Core.Chat;

/// <summary>OpenAI's content parts as the contents that an <c>IChatClient</c> takes.</summary>
internal static class ContentParts
{
    /// <summary>Reads one part.</summary>
    /// <param name="part">An element of a message's <c>content</c>.</param>
    /// <param name="problem">What is wrong with it, to be put behind its name; null where nothing is.</param>
    /// <returns>Null where something is wrong.</returns>
    public static AIContent? Read(JsonElement part, out string? problem)
    {
        problem = null;
        if (part.ValueKind != JsonValueKind.Object)
        {
            problem = " must be an object";
            return null;
        }

        switch (TextOf(part, "type"))
        {
            case "text" or "input_text":
                return ReadText(part, "text", out problem);
            case "refusal":
                return ReadText(part, "refusal", out problem);
            case "image_url":
                return ReadImage(part, out problem);
            case null:
                problem = ".type must be a string";
                return null;
            default:
                problem = ".type is not supported: use 'text' or 'image_url'";
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
            JsonValueKind.Object => (TextOf(image, "url"), TextOf(image, "detail")),
            JsonValueKind.String => (image.GetString(), null),
            _ => (null, null),
        };
        AIContent? content = null;
        if (url is null)
        {
            problem = ".image_url.url must be a string";
        }
        else if (url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
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

        if (content is not null && detail is not null)
        {
            content.AdditionalProperties = new() { ["detail"] = detail };
        }

        return content;
    }

    /// <summary>Reads <c>data:image/TYPE;base64,DATA</c>; null where it is something else.</summary>
    public static DataContent? ReadImageUrl(string url)
    {
        var comma = url.IndexOf(',');
        var header = comma < 0 ? "" : url[5..comma];
        if (!header.StartsWith("image/", StringComparison.OrdinalIgnoreCase) || !header.EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // Browsers take base64 without its padding too, and many tools break its lines.
        var data = string.Concat(url[(comma + 1)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('=');
        data += (data.Length % 4) switch { 2 => "==", 3 => "=", _ => "" };
        if (data.Length == 0 || !Base64.IsValid(data))
        {
            return null;
        }

        try
        {
            return new DataContent($"data:{header},{data}");
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // A media type that is none.
            return null;
        }
    }

    private static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
