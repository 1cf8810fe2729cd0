using System.Buffers;

namespace Hermes.Core.Http.Wire;

/// <summary>Writes texts as JSON strings, and copies as it is what need not be escaped.</summary>
/// <remarks><see cref="Utf8JsonWriter"/> would look at every character outside of ASCII on its own, and escape emoji.</remarks>
internal static class JsonText
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(control => (byte)control), .. "\"\\"u8]);

    /// <summary>Writes a text, which has to be valid UTF-8.</summary>
    public static void WriteValue(IBufferWriter<byte> output, ReadOnlySpan<byte> utf8)
    {
        output.Write("\""u8);
        while (utf8.IndexOfAny(Escaped) is >= 0 and var plain)
        {
            output.Write(utf8[..plain]);
            WriteEscaped(output, utf8[plain]);
            utf8 = utf8[(plain + 1)..];
        }

        output.Write(utf8);
        output.Write("\""u8);
    }

    private static void WriteEscaped(IBufferWriter<byte> output, byte character) => output.Write("\n\r\t\b\f\"\\"u8.IndexOf(character) is >= 0 and var known
        ? [(byte)'\\', "nrtbf\"\\"u8[known]]
        : [.. "\\u00"u8, (byte)(character < 0x10 ? '0' : '1'), "0123456789ABCDEF"u8[character & 0xF]]);
}
