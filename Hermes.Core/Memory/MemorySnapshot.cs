using System.Text.Json;
using Hermes.Core.Rendering;

namespace Hermes.Core.Memory;

/// <summary>What a home remembers at one moment.</summary>
/// <remarks>Immutable and safe for use from any thread.</remarks>
public sealed class MemorySnapshot
{
    private readonly Lazy<RenderedJson> _rendered;

    internal MemorySnapshot(MemoryDocument memory, MemoryDocument user)
    {
        Memory = memory;
        User = user;
        _rendered = new(() => RenderedJson.Render(Write));
    }

    /// <summary>What the agent has learned (<c>MEMORY.md</c>); never null, also where there is no file.</summary>
    public MemoryDocument Memory { get; }

    /// <summary>What the agent knows about its user (<c>USER.md</c>); never null, also where there is no file.</summary>
    public MemoryDocument User { get; }

    /// <summary>The texts of the files that exist, as a UTF-8 JSON object by file name.</summary>
    internal ReadOnlyMemory<byte> Json => _rendered.Value.Body;

    /// <summary>Another value for every other <see cref="Json"/>, also after a restart; letters and digits alone.</summary>
    internal string Stamp => _rendered.Value.Stamp;

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        WriteText(writer, Memory);
        WriteText(writer, User);
        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, MemoryDocument document)
    {
        if (document.Text is not null)
            writer.WriteString(document.FileName, document.Text);
    }
}
