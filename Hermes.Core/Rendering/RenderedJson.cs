using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hermes.Core.Rendering;

/// <summary>JSON that is rendered once and served many times. Immutable and safe for use from any thread.</summary>
internal sealed class RenderedJson
{
    private const int StampBytes = 16;
    private const int ExpectedSize = 4 * 1024;

    private RenderedJson(ReadOnlySequence<byte> body)
    {
        Body = body;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var piece in body)
        {
            hash.AppendData(piece.Span);
        }

        Stamp = Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, StampBytes));
    }

    /// <summary>Escapes what JSON demands and no more: the text is served as application/json with nosniff, never inside a page.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text as UTF-8.</summary>
    public ReadOnlySequence<byte> Body { get; }

    /// <summary>Another value for every other body, and the same for the same one, also after a restart; letters and digits alone.</summary>
    public string Stamp { get; }

    /// <summary>Renders what <paramref name="write"/> writes, with a stamp.</summary>
    public static RenderedJson Render(Action<Utf8JsonWriter> write) => new(Write(write));

    /// <summary>Renders what <paramref name="write"/> writes once, for an answer that is not kept.</summary>
    public static ReadOnlySequence<byte> Write(Action<Utf8JsonWriter> write)
    {
        // What is kept is as long as it has to be, and the way there leaves nothing to collect.
        using var buffer = new PooledBuffer(ExpectedSize);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            write(writer);
        }

        return ByteChunk.Copy(buffer.Written);
    }
}
