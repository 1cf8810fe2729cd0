using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hermes.Core.Text;

/// <summary>Writes JSON as UTF-8.</summary>
internal static class Utf8Json
{
    private const int SegmentLength = 4 * 1024;

    /// <summary>Escapes what JSON demands and no more: the text is served as application/json with nosniff, never inside a page.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The bytes of what <paramref name="write"/> writes.</summary>
    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            write(writer);
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Writes a property as <see cref="Utf8JsonWriter.WriteString(string, string)"/> does, but a long text in segments.</summary>
    /// <remarks>
    /// For the whole at once the writer takes the memory that it may need at the most: three bytes for each character, and twelve more
    /// where anything has to be escaped, as in every text of several lines.
    /// </remarks>
    /// <param name="writer">Where it goes.</param>
    /// <param name="name">The property's name.</param>
    /// <param name="text">The text; null becomes JSON's null.</param>
    public static void WriteString(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is null || text.Length <= SegmentLength)
        {
            writer.WriteString(name, text);
            return;
        }

        writer.WritePropertyName(name);
        var rest = text.AsSpan();
        for (; rest.Length > SegmentLength; rest = rest[SegmentLength..])
        {
            writer.WriteStringValueSegment(rest[..SegmentLength], isFinalSegment: false);
        }

        writer.WriteStringValueSegment(rest, isFinalSegment: true);
    }
}
