using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;

namespace Hermes.Core.Text;

/// <summary>Writes JSON as UTF-8.</summary>
internal static class Utf8Json
{
    /// <summary>Escapes what JSON demands and no more: the text is served as application/json with nosniff, never inside a page.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonElement ToElement(JsonNode node) => JsonElement.Parse(Write(writer => node.WriteTo(writer)).Span);

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
}
