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
    public static IReadOnlyList<string> Split(string text)
    {
        var entries = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in text.Split(Separator))
        {
            var entry = Trim(part);
            if (entry.Length > 0 && seen.Add(entry))
            {
                entries.Add(entry);
            }
        }

        return entries.AsReadOnly();
    }

    /// <summary>The text of a file with these entries.</summary>
    public static string Join(IEnumerable<string> entries) => string.Join(Separator, entries);

    /// <summary>The length that limits are compared with: code points, which is what Python counts.</summary>
    public static int CountCodePoints(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }

    /// <summary>Trims as Python's <c>strip</c> does.</summary>
    public static string Trim(string text)
    {
        var start = 0;
        var end = text.Length;
        while (start < end && IsPythonWhiteSpace(text[start]))
        {
            start++;
        }

        while (end > start && IsPythonWhiteSpace(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    // Python takes the separators U+001C to U+001F for white space too. The agent compares entries after its own trimming,
    // so ours has to be the same.
    private static bool IsPythonWhiteSpace(char character) => char.IsWhiteSpace(character) || character is >= '\u001C' and <= '\u001F';
}
