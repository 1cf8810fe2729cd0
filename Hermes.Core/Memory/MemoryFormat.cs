namespace Hermes.Core.Memory;

/// <summary>The rules of a memory file, shared by all who read or write one: how entries are joined, told apart and counted.</summary>
internal static class MemoryFormat
{
    /// <summary>What stands between two entries.</summary>
    public const string Separator = "\n§\n";

    /// <summary>How many code points <c>MEMORY.md</c> may have where config.yaml says nothing.</summary>
    public const int DefaultMemoryLimit = 2200;

    /// <summary>How many code points <c>USER.md</c> may have where config.yaml says nothing.</summary>
    public const int DefaultUserLimit = 1375;

    /// <summary>The name of a memory's file.</summary>
    public static string FileName(MemoryTarget target) => target is MemoryTarget.User ? "USER.md" : "MEMORY.md";

    /// <summary>The entries of a text whose line ends are <c>\n</c>: trimmed, without empty ones, each once.</summary>
    public static IReadOnlyList<string> Split(string text) => SplitWithRepeats(text).Distinct(StringComparer.Ordinal).ToList().AsReadOnly();

    /// <summary>Whether joining the entries of a text gives the text back, but for white space around it and a byte order mark before it.</summary>
    /// <remarks>The agent's tool writes no other: what stands between or around entries beside that was written by hand and would be lost.</remarks>
    public static bool IsJoinOfItsEntries(string text) => Join(SplitWithRepeats(text)) == Trim(WithoutMark(text));

    /// <summary>The text of a file with these entries.</summary>
    public static string Join(IEnumerable<string> entries) => string.Join(Separator, entries);

    /// <summary>The length that limits are compared with: code points, which is what Python counts.</summary>
    public static int CountCodePoints(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;

        return count;
    }

    /// <summary>Trims as Python's <c>strip</c> does.</summary>
    public static string Trim(string text)
    {
        var start = 0;
        var end = text.Length;
        while (start < end && IsPythonWhiteSpace(text[start]))
            start++;

        while (end > start && IsPythonWhiteSpace(text[end - 1]))
            end--;

        return text[start..end];
    }

    private static IEnumerable<string> SplitWithRepeats(string text) =>
        WithoutMark(text).Split(Separator).Select(Trim).Where(entry => entry.Length > 0);

    private static string WithoutMark(string text) => text.StartsWith('\uFEFF') ? text[1..] : text;

    // Python takes the separators U+001C to U+001F for white space too. The agent compares entries after its own trimming,
    // so ours has to be the same.
    private static bool IsPythonWhiteSpace(char character) => char.IsWhiteSpace(character) || character is >= '\u001C' and <= '\u001F';
}
