namespace Hermes.Core.Sessions.Sqlite;

/// <summary>Content as the home stores it: text, or a marker and the JSON of a list or object, or of a text that begins like the marker.</summary>
internal static class StoredContent
{
    /// <summary>How many bytes a preview has at most.</summary>
    public const int MaxPreviewBytes = (PreviewLength * 4) + 3;

    // In code points.
    private const int PreviewLength = 60;
    private const string Marker = "\0json:";

    private static ReadOnlySpan<byte> Utf8Marker => "\0json:"u8;

    /// <summary>The stored form of a message's content; null for none.</summary>
    public static string? Encode(NewMessage message) =>
        message.ContentParts is { } parts ? Marker + parts.GetRawText()
        : message.Content is { } text && text.StartsWith(Marker, StringComparison.Ordinal) ? $"{Marker}\"{JsonEncodedText.Encode(text)}\""
        : message.Content;

    /// <summary>The content; what follows a marker and is no JSON stays the text that it is, marker included.</summary>
    public static FieldValue Decode(FieldValue stored)
    {
        if (!IsStructured(stored.Utf8)) return stored;

        var json = stored.Utf8[Utf8Marker.Length..];
        return !StoredJson.IsValid(json) ? stored
            : json.TrimStart(" \t\r\n"u8) is [(byte)'"', ..] ? FieldValue.Text(StoredJson.Parse(json).GetString())
            : FieldValue.Json(json);
    }

    public static bool IsStructured(ReadOnlySpan<byte> utf8) => utf8.StartsWith(Utf8Marker);

    /// <summary>All that can be read in a content: the text, or the texts of a list or object.</summary>
    public static string ReadText(ReadOnlySpan<byte> utf8) => FindTexts(utf8) ?? Encoding.UTF8.GetString(utf8);

    /// <summary>Writes the preview of a stored content, as UTF-8.</summary>
    /// <returns>How many bytes it has: 0 where the content has no text.</returns>
    public static int WritePreview(ReadOnlySpan<byte> utf8, Span<byte> preview) => !IsStructured(utf8) ? Shorten(utf8, preview)
        : FindTexts(utf8) is { } texts ? Shorten(Encoding.UTF8.GetBytes(texts), preview)
        : 0;

    private static string? FindTexts(ReadOnlySpan<byte> utf8) => IsStructured(utf8) && StoredJson.IsValid(utf8[Utf8Marker.Length..])
        ? string.Join(' ', Texts(StoredJson.Parse(utf8[Utf8Marker.Length..])).SkipWhile(string.IsNullOrEmpty))
        : null;

    private static IEnumerable<string> Texts(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => [content.GetString()!],
        JsonValueKind.Array => content.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object when content.TryGetProperty("text", out var text) && text.ValueKind is JsonValueKind.String => [text.GetString()!],
        JsonValueKind.Object when content.TryGetProperty("content", out var inner) => Texts(inner),
        _ => [],
    };

    private static int Shorten(ReadOnlySpan<byte> utf8, Span<byte> preview)
    {
        var (length, written, trimmed) = (0, 0, 0);
        while (!utf8.IsEmpty)
        {
            // Most texts are of these alone, which need not be decoded.
            if (length < PreviewLength && utf8[0] is > (byte)' ' and <= (byte)'~')
            {
                preview[written++] = utf8[0];
                utf8 = utf8[1..];
                length++;
                trimmed = written;
                continue;
            }

            // Bytes that are no UTF-8 decode to U+FFFD.
            Rune.DecodeFromUtf8(utf8, out var rune, out var consumed);
            utf8 = utf8[consumed..];
            var space = Rune.IsWhiteSpace(rune);
            if (space && (length is 0 or PreviewLength)) continue;

            if (length == PreviewLength)
            {
                "..."u8.CopyTo(preview[written..]);
                return written + 3;
            }

            written += (IsLineBreak(rune) ? new Rune(' ') : rune).EncodeToUtf8(preview[written..]);
            length++;
            trimmed = space ? trimmed : written;
        }

        return trimmed;
    }

    private static bool IsLineBreak(Rune rune) => rune.Value is '\n' or '\r' or '\v' or '\f' or 0x85 or 0x2028 or 0x2029;
}
