using YamlDotNet.Core;

namespace Hermes.Core.Yaml;

/// <summary>Reads YAML 1.1 as the reference does (PyYAML's safe_load).</summary>
/// <remarks>
/// YamlDotNet's event parser splits the text; what the pieces mean is decided here, because YamlDotNet reads scalars
/// as YAML 1.2 and its object graph needs reflection. The one wanted difference from safe_load: a plain <c>=</c> or <c>&lt;&lt;</c>
/// that is no merge key is that string, where safe_load fails.
/// </remarks>
internal static class YamlLoader
{
    /// <summary>Reads the one document of <paramref name="text"/>.</summary>
    /// <returns>
    /// null, bool, long, BigInteger, double, string, DateOnly, DateTime (no offset given), DateTimeOffset, byte[] (!!binary),
    /// <see cref="YamlMapping"/>, <see cref="List{T}"/> of object?, or <see cref="HashSet{T}"/> of object? (!!set); null for an empty document.
    /// An anchored collection and its aliases are the same object: treat what is returned as immutable.
    /// </returns>
    /// <exception cref="YamlLoadException">The text is not YAML that safe_load reads.</exception>
    public static object? Load(string text)
    {
        text = text.StartsWith('\uFEFF') ? text[1..] : text;
        RefuseControlCharacters(text);
        try
        {
            var root = new YamlComposer(text).Compose();
            return root is null ? null : YamlConstructor.Construct(root);
        }
        catch (YamlException exception)
        {
            throw new YamlLoadException(
                (int)Math.Max(1, exception.Start.Line),
                (int)Math.Max(1, exception.Start.Column),
                YamlProblem.Describe(exception.Message));
        }
    }

    private static void RefuseControlCharacters(string text)
    {
        var line = 1;
        var lineStart = 0;
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (character is '\n' || (character is '\r' && !(index + 1 < text.Length && text[index + 1] == '\n')))
            {
                line++;
                lineStart = index + 1;
            }
            else if (char.IsHighSurrogate(character) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
            {
                index++;
            }
            else if (!IsPrintable(character))
            {
                throw new YamlLoadException(line, index - lineStart + 1, "a control character is not allowed in YAML");
            }
        }
    }

    private static bool IsPrintable(char character) => character
        is '\t' or '\n' or '\r' or '\u0085'
        or (>= ' ' and <= '~')
        or (>= '\u00A0' and <= '\uD7FF')
        or (>= '\uE000' and <= '\uFFFD');
}
