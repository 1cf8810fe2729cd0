namespace Hermes.Core.Memory;

/// <summary>One memory file at one moment.</summary>
/// <remarks>Immutable and safe for use from any thread.</remarks>
public sealed class MemoryDocument
{
    /// <summary>What stands between two entries.</summary>
    internal const string Separator = "\n§\n";

    internal MemoryDocument(MemoryTarget target, string? text, int limit)
    {
        Target = target;
        Text = text;
        Limit = limit;
        Entries = Split(text ?? "");
        Length = CountCodePoints(Join(Entries));
    }

    /// <summary>Which memory it is.</summary>
    public MemoryTarget Target { get; }

    /// <summary>The file's name: <c>MEMORY.md</c> or <c>USER.md</c>.</summary>
    public string FileName => NameOf(Target);

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
    internal string Usage => string.Create(CultureInfo.InvariantCulture, $"{Math.Min(100, Length * 100L / Limit)}% — {Length:N0}/{Limit:N0} chars");

    /// <summary>The name of a memory's file.</summary>
    internal static string NameOf(MemoryTarget target) => target is MemoryTarget.User ? "USER.md" : "MEMORY.md";

    /// <summary>The entries of a text whose line ends are <c>\n</c>: trimmed, without empty ones, each once.</summary>
    internal static IReadOnlyList<string> Split(string text) => SplitWithRepeats(text).Distinct(StringComparer.Ordinal).ToList().AsReadOnly();

    /// <summary>Whether joining the entries of a text gives the text back, but for white space around it and a byte order mark before it.</summary>
    /// <remarks>The agent's tool writes no other: what stands between or around entries beside that was written by hand and would be lost.</remarks>
    internal static bool IsJoinOfItsEntries(string text) => Join(SplitWithRepeats(text)) == Trim(WithoutMark(text));

    /// <summary>The text of a file with these entries.</summary>
    internal static string Join(IEnumerable<string> entries) => string.Join(Separator, entries);

    /// <summary>The length that limits are compared with: code points, which is what Python counts.</summary>
    internal static int CountCodePoints(string text) => Encoding.UTF32.GetByteCount(text) / sizeof(int);

    /// <summary>Trims as Python's <c>strip</c> does.</summary>
    internal static string Trim(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && IsPythonWhiteSpace(text[start]))
            start++;

        while (end > start && IsPythonWhiteSpace(text[end - 1]))
            end--;

        return text[start..end];
    }

    private static IEnumerable<string> SplitWithRepeats(string text) => WithoutMark(text).Split(Separator).Select(Trim).Where(entry => entry.Length > 0);

    private static string WithoutMark(string text) => text.StartsWith('\uFEFF') ? text[1..] : text;

    // Python takes the separators U+001C to U+001F for white space too. The agent compares entries after its own trimming,
    // so ours has to be the same.
    private static bool IsPythonWhiteSpace(char character) => char.IsWhiteSpace(character) || character is >= '\u001C' and <= '\u001F';
}
