using System.Buffers;
using System.Text.Json;

namespace Hermes.Core.Http.Wire;

/// <summary>Writes texts as JSON strings.</summary>
/// <remarks>
/// <see cref="Utf8JsonWriter"/> would look at every character outside of ASCII on its own, and escape those beyond the basic plane, emoji
/// among them. JSON asks for neither: what need not be escaped is copied as it is.
/// </remarks>
internal static class JsonText
{
    private const int OnStack = 512;
    private const int LongestEscape = 6;

    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000A\u000B\u000C\u000D\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F\"\\"u8);

    /// <summary>Writes a value.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="utf8">The text; it has to be valid UTF-8.</param>
    public static void WriteValue(Utf8JsonWriter writer, ReadOnlySpan<byte> utf8)
    {
        var size = utf8.Length + 2 + (utf8.CountAny(Escaped) * (LongestEscape - 1));
        var rented = size > OnStack ? ArrayPool<byte>.Shared.Rent(size) : null;
        var json = rented ?? stackalloc byte[OnStack];
        writer.WriteRawValue(json[..Quote(utf8, json)], skipInputValidation: true);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static int Quote(ReadOnlySpan<byte> utf8, Span<byte> json)
    {
        json[0] = (byte)'"';
        var length = 1;
        while (utf8.IndexOfAny(Escaped) is >= 0 and var plain)
        {
            utf8[..plain].CopyTo(json[length..]);
            length += plain;
            length += Escape(utf8[plain], json[length..]);
            utf8 = utf8[(plain + 1)..];
        }

        utf8.CopyTo(json[length..]);
        length += utf8.Length;
        json[length] = (byte)'"';
        return length + 1;
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
