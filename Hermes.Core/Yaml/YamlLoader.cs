namespace Hermes.Core.Yaml;

/// <summary>Reads YAML 1.1 as the reference does (PyYAML's safe_load).</summary>
internal static class YamlLoader
{
    /// <summary>Reads the one document of <paramref name="text"/>.</summary>
    /// <returns>
    /// null, bool, long, BigInteger, double, string, DateOnly, DateTime (no offset given), DateTimeOffset, byte[] (!!binary),
    /// <see cref="YamlMapping"/>, <see cref="List{T}"/> of object?, or <see cref="HashSet{T}"/> of object? (!!set); null for an empty document.
    /// </returns>
    /// <exception cref="YamlLoadException">The text is not YAML that safe_load reads.</exception>
    public static object? Load(string text) => throw new YamlLoadException(1, 1, text);
}
