using System.Buffers;

namespace Hermes.Core.Http.Wire;

/// <summary>Writes texts as JSON strings, and copies as it is what need not be escaped.</summary>
/// <remarks><see cref="Utf8JsonWriter"/> would look at every character outside of ASCII on its own, and escape emoji.</remarks>
internal static class JsonText
{
    private const int LongestEscape = 6;

    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000A\u000B\u000C\u000D\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F\"\\"u8);

    /// <summary>Writes a text, which has to be valid UTF-8.</summary>
    public static void WriteValue(IBufferWriter<byte> output, ReadOnlySpan<byte> utf8)
    {
        output.Write("\""u8);
        while (utf8.IndexOfAny(Escaped) is >= 0 and var plain)
        {
            output.Write(utf8[..plain]);
            output.Advance(Escape(utf8[plain], output.GetSpan(LongestEscape)));
            utf8 = utf8[(plain + 1)..];
        }

        output.Write(utf8);
        output.Write("\""u8);
    }

    private static int Escape(byte character, Span<byte> json)
    {
        ReadOnlySpan<byte> escaped = character switch
        {
            (byte)'\n' => "\\n"u8,
            (byte)'\r' => "\\r"u8,
            (byte)'\t' => "\\t"u8,
            (byte)'\b' => "\\b"u8,
            (byte)'\f' => "\\f"u8,
            (byte)'"' => "\\\""u8,
            (byte)'\\' => "\\\\"u8,
            _ => [.. "\\u00"u8, (byte)(character < 0x10 ? '0' : '1'), "0123456789ABCDEF"u8[character & 0xF]],
        };
        escaped.CopyTo(json);
        return escaped.Length;
    }
}
