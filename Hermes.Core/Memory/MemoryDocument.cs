namespace Hermes.Core.Memory;

/// <summary>One memory file at one moment.</summary>
/// <remarks>Immutable and safe for use from any thread.</remarks>
public sealed class MemoryDocument
{
    internal MemoryDocument(MemoryTarget target, string? text, int limit)
    {
        Target = target;
        Text = text;
        Limit = limit;
        Entries = MemoryFormat.Split(text ?? "");
        Length = MemoryFormat.CountCodePoints(MemoryFormat.Join(Entries));
    }

    /// <summary>Which memory it is.</summary>
    public MemoryTarget Target { get; }

    /// <summary>The file's name: <c>MEMORY.md</c> or <c>USER.md</c>.</summary>
    public string FileName => MemoryFormat.FileName(Target);

    /// <summary>The file's text with line ends as <c>\n</c>; null where there is no file.</summary>
    /// <remarks>Bytes that are not UTF-8 stand as U+FFFD; a byte order mark is part of the text, but of no entry.</remarks>
    public string? Text { get; }

    /// <summary>The entries in order: trimmed, without empty ones, each once. None where there is no file.</summary>
    public IReadOnlyList<string> Entries { get; }

    /// <summary>How many code points the entries take when they are joined to a file again: what <see cref="Limit"/> limits.</summary>
    public int Length { get; }

    /// <summary>How many code points the agent allows for the joined entries; a file may already be longer.</summary>
    public int Limit { get; }

    /// <summary>How full it is, in the agent's own words: <c>46% — 1,020/2,200 chars</c>.</summary>
    internal string Usage => string.Create(
        CultureInfo.InvariantCulture, $"{Math.Min(100, Length * 100L / Limit)}% — {Length:N0}/{Limit:N0} chars");
}
