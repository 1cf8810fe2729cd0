using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hermes.Core.Memory;

/// <summary>What a home remembers at one moment.</summary>
/// <remarks>Immutable and safe for use from any thread.</remarks>
public sealed class MemorySnapshot
{
    // The body is served as application/json with nosniff, never inside a page, so only what JSON itself demands is escaped.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lazy<(byte[] Json, string Stamp)> _rendered;

    internal MemorySnapshot(MemoryDocument memory, MemoryDocument user)
    {
        Memory = memory;
        User = user;
        _rendered = new(Render);
    }

    /// <summary>What the agent has learned (<c>MEMORY.md</c>); never null, also where there is no file.</summary>
    public MemoryDocument Memory { get; }

    /// <summary>What the agent knows about its user (<c>USER.md</c>); never null, also where there is no file.</summary>
    public MemoryDocument User { get; }

    /// <summary>The texts of the files that exist, as a UTF-8 JSON object by file name.</summary>
    internal ReadOnlyMemory<byte> Json => _rendered.Value.Json;

    /// <summary>Another value for every other <see cref="Json"/>, also after a restart; letters and digits alone.</summary>
    internal string Stamp => _rendered.Value.Stamp;

    private (byte[] Json, string Stamp) Render()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            WriteText(writer, Memory);
            WriteText(writer, User);
            writer.WriteEndObject();
        }

        var json = buffer.WrittenSpan.ToArray();
        return (json, Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 16)));
    }

    private static void WriteText(Utf8JsonWriter writer, MemoryDocument document)
    {
        if (document.Text is not null)
            writer.WriteString(document.FileName, document.Text);
    }
}
