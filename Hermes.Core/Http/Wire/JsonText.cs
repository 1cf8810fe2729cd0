using System.Buffers;

namespace Hermes.Core.Http.Wire;

/// <summary>Writes texts as JSON strings.</summary>
/// <remarks>
/// <see cref="System.Text.Json.Utf8JsonWriter"/> would look at every character outside of ASCII on its own, and escape those beyond the basic plane, emoji
/// among them. JSON asks for neither: what need not be escaped is copied as it is.
/// </remarks>
internal static class JsonText
{
    private const int LongestEscape = 6;

    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000A\u000B\u000C\u000D\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F\"\\"u8);

    /// <summary>Writes a value.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="utf8">The text; it has to be valid UTF-8.</param>
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
        var shorthand = character switch
        {
            (byte)'\n' => (byte)'n',
            (byte)'\r' => (byte)'r',
            (byte)'\t' => (byte)'t',
            (byte)'\b' => (byte)'b',
            (byte)'\f' => (byte)'f',
            (byte)'"' or (byte)'\\' => character,
            _ => (byte)0,
        };
        json[0] = (byte)'\\';
        if (shorthand != 0)
        {
            json[1] = shorthand;
            return 2;
        }

        "u00"u8.CopyTo(json[1..]);
        json[4] = (byte)(character < 0x10 ? '0' : '1');
        json[5] = "0123456789ABCDEF"u8[character & 0xF];
        return LongestEscape;
    }
}
