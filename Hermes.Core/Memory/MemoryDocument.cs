using Hermes.Core.Files;

namespace Hermes.Core.Memory;

/// <summary>One memory file at one moment.</summary>
/// <remarks>Immutable and safe for use from any thread.</remarks>
public sealed class MemoryDocument
{
    internal MemoryDocument(string fileName, string? text, int limit, FileStamp? stamp, bool isSettled)
    {
        FileName = fileName;
        Text = text;
        Limit = limit;
        Stamp = stamp;
        IsSettled = isSettled;
        Entries = MemoryFormat.Split(text ?? "");
        Length = MemoryFormat.CountCodePoints(MemoryFormat.Join(Entries));
    }

    /// <summary>The file's name: <c>MEMORY.md</c> or <c>USER.md</c>.</summary>
    public string FileName { get; }

    /// <summary>The file's text with line ends as <c>\n</c>; null where there is no file.</summary>
    /// <remarks>Bytes that are not UTF-8 stand as U+FFFD; a byte order mark is part of the text.</remarks>
    public string? Text { get; }

    /// <summary>The entries in order: trimmed, without empty ones, each once. None where there is no file.</summary>
    public IReadOnlyList<string> Entries { get; }

    /// <summary>How many code points the entries take when they are joined to a file again: what <see cref="Limit"/> limits.</summary>
    public int Length { get; }

    /// <summary>How many code points the agent allows for the joined entries; a file may already be longer.</summary>
    public int Limit { get; }

    internal FileStamp? Stamp { get; }

    /// <summary>Whether an equal stamp proves that the file is still the same.</summary>
    internal bool IsSettled { get; }
}
