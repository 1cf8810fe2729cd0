using System.Text.Json;
using Hermes.Core.Rendering;

namespace Hermes.Core.Memory;

/// <summary>What a home remembers at one moment.</summary>
/// <remarks>Immutable and safe for use from any thread.</remarks>
public sealed class MemorySnapshot
{
    private readonly Lazy<RenderedJson> _files;
    private readonly Lazy<RenderedJson> _all;
    private readonly Lazy<RenderedJson> _memory;
    private readonly Lazy<RenderedJson> _user;

    internal MemorySnapshot(MemoryDocument memory, MemoryDocument user)
    {
        Memory = memory;
        User = user;
        _files = new(() => Render(withFiles: true, memory, user));
        _all = new(() => Render(withFiles: false, memory, user));
        _memory = new(() => Render(withFiles: false, memory));
        _user = new(() => Render(withFiles: false, user));
    }

    /// <summary>What the agent has learned (<c>MEMORY.md</c>); never null, also where there is no file.</summary>
    public MemoryDocument Memory { get; }

    /// <summary>What the agent knows about its user (<c>USER.md</c>); never null, also where there is no file.</summary>
    public MemoryDocument User { get; }

    /// <summary>The texts of the files that exist by file name, and the entries of both, as a UTF-8 JSON object.</summary>
    internal RenderedJson Files => _files.Value;

    /// <summary>The entries alone, as a UTF-8 JSON object.</summary>
    /// <param name="target">Which memory; null is both.</param>
    internal RenderedJson Entries(MemoryTarget? target) => target switch
    {
        null => _all.Value,
        MemoryTarget.User => _user.Value,
        _ => _memory.Value,
    };

    private static RenderedJson Render(bool withFiles, params MemoryDocument[] documents) => RenderedJson.Render(writer =>
    {
        writer.WriteStartObject();
        if (withFiles)
        {
            foreach (var document in documents)
            {
                WriteText(writer, document);
            }
        }

        MemoryJson.WriteTargets(writer, documents);
        writer.WriteEndObject();
    });

    private static void WriteText(Utf8JsonWriter writer, MemoryDocument document)
    {
        if (document.Text is not null)
        {
            writer.WriteString(document.FileName, document.Text);
        }
    }
}
