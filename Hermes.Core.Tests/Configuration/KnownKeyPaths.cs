using Hermes.Core.Configuration;

namespace Hermes.Core.Tests.Configuration;

/// <summary>The list of known keys as tests need it.</summary>
internal static class KnownKeyPaths
{
    /// <summary>Paths and types as the file has them.</summary>
    public static IReadOnlyList<(string Path, string Type)> All { get; } = Read();

    /// <summary>A file in which only this key has a value: <c>*</c> is the name "any".</summary>
    public static string Write(string path, string value)
    {
        foreach (var name in path.Split('.').Reverse())
            value = name == "[]" ? $"[{value}]" : $"{{{(name == "*" ? "any" : name)}: {value}}}";

        return value;
    }

    private static List<(string Path, string Type)> Read()
    {
        using var reader = new StreamReader(typeof(KnownKeys).Assembly.GetManifestResourceStream("known_keys.txt")!);
        return [.. from line in reader.ReadToEnd().Split('\n') where line.Length > 0 && line[0] != '#' let parts = line.Split(' ') select (parts[0], parts[1])];
    }
}
