using System.Buffers;
using System.Text.Unicode;

namespace Hermes.Core.Chat;

/// <summary>Bytes that came inside JSON: base64 in all the spellings that clients have for it, and <c>data:</c> URLs.</summary>
internal static class EncodedBytes
{
    private const string DataScheme = "data:", Base64Mark = ";base64";
    // What a media type and its parameters are written with.
    private static readonly SearchValues<char> HeaderCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~/;=\"");

    /// <summary>Decodes base64, also with line breaks, without padding or in the alphabet of URLs; null where it is none, or says nothing.</summary>
    public static byte[]? Decode(string base64)
    {
        var text = string.Concat(base64.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('=').Replace('-', '+').Replace('_', '/');
        text += (text.Length % 4) switch { 2 => "==", 3 => "=", _ => "" };
        var bytes = new byte[text.Length / 4 * 3];
        return text.Length > 0 && Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }

    public static bool IsDataUrl(string text) => text.StartsWith(DataScheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads <c>data:TYPE;base64,DATA</c>; of images also <c>data:image/TYPE,TEXT</c> with percent-encoding, as drawings come. The type is in small letters.</summary>
    /// <remarks>Null for what is no such URL, as a text that happens to begin with <c>data:</c>: a recorded stream of events stays what it is.</remarks>
    public static (string Type, byte[] Bytes)? ReadDataUrl(string url)
    {
        var comma = url.IndexOf(',');
        if (!IsDataUrl(url) || comma < 0 || url.AsSpan(DataScheme.Length, comma - DataScheme.Length).ContainsAnyExcept(HeaderCharacters))
            return null;

        var header = url[DataScheme.Length..comma];
        var type = MediaType(header);
        var data = url[(comma + 1)..];
        data = data.Contains('%') ? Uri.UnescapeDataString(data) : data;
        var bytes =
            header.EndsWith(Base64Mark, StringComparison.OrdinalIgnoreCase) ? Decode(data)
            : type.StartsWith("image/", StringComparison.Ordinal) ? Encoding.UTF8.GetBytes(data)
            : null;
        return bytes is null ? null : (type, bytes);
    }

    /// <summary>A media type in small letters, without its parameters.</summary>
    public static string MediaType(string given) => given.Split(';')[0].Trim().ToLowerInvariant();

    /// <summary>The type of an image by its first bytes; null where it is none of the four that models see.</summary>
    public static string? FindImageType(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']) ? "image/png"
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : bytes.StartsWith("GIF8"u8) ? "image/gif"
        : bytes.StartsWith("RIFF"u8) && bytes.Length >= 12 && bytes[8..].StartsWith("WEBP"u8) ? "image/webp"
        : null;

    /// <summary>The text that the bytes are in UTF-8, without a byte order mark; null where they are none.</summary>
    public static string? FindText(ReadOnlySpan<byte> bytes)
    {
        var text = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        return Utf8.IsValid(text) && !text.Contains((byte)0) ? Encoding.UTF8.GetString(text) : null;
    }
}
