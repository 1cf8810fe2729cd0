using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>Headers and environments: names that may be seen, with values that never are, in the shapes that people write them in.</summary>
internal static class SecretPairs
{
    private static readonly HashSet<string> NameKeys = new(StringComparer.OrdinalIgnoreCase) { "name", "key", "header" };

    /// <summary>A copy with names alone.</summary>
    /// <param name="value">A mapping; a list of <c>NAME=value</c>, <c>Name: value</c>, mappings or pairs; or a text of such lines.</param>
    /// <param name="kind">Headers or an environment: bare words in the latter are names that are passed on.</param>
    public static object? Redact(object? value, KeyKind kind) => value switch
    {
        YamlMapping mapping => HideValues(mapping, isShown: _ => false),
        List<object?> list => list.ConvertAll(item => RedactItem(item, kind)),
        HashSet<object?> set => set.Select(item => RedactItem(item, kind)).ToList(),
        string text => RedactLines(text, kind),
        null or bool => value,
        _ => SecretRedactor.Mark,
    };

    private static object? RedactItem(object? item, KeyKind kind) => item switch
    {
        YamlMapping mapping => HideValues(mapping, isShown: NameKeys.Contains),
        List<object?> pair => pair.Select((part, index) => index == 0 && part is string name && IsName(name) ? name : Hide(part)).ToList(),
        string line => RedactLines(line, kind),
        _ => Hide(item),
    };

    private static YamlMapping HideValues(YamlMapping mapping, Func<string, bool> isShown)
    {
        var result = new YamlMapping();
        foreach (var (key, value) in mapping.Entries)
        {
            var isName = key is string name && isShown(name) && value is string text && IsName(text);
            result.Set(SecretRedactor.RedactKey(key), isName ? value : Hide(value));
        }

        return result;
    }

    private static object? Hide(object? value) => value switch
    {
        null or "" or List<object?> { Count: 0 } or YamlMapping { Count: 0 } => value,
        string text when SecretText.IsVariableReference(text) => text,
        _ => SecretRedactor.Mark,
    };

    private static string RedactLines(string text, KeyKind kind) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => RedactLine(line, kind)));

    private static string RedactLine(string line, KeyKind kind)
    {
        if (string.IsNullOrWhiteSpace(line) || SecretText.IsVariableReference(line))
        {
            return line;
        }

        var separator = line.AsSpan().IndexOfAny(kind == KeyKind.Headers ? ":" : "=:");
        if (separator < 0)
        {
            return IsBareName(line, kind) ? line : SecretRedactor.Mark;
        }

        var space = line[separator] == ':' ? " " : "";
        return IsName(line[..separator].Trim()) ? $"{line[..(separator + 1)]}{space}{SecretRedactor.Mark}" : SecretRedactor.Mark;
    }

    // "PATH", "production", "X-Api-Key": nothing else stands alone and is no value.
    private static bool IsBareName(string text, KeyKind kind) =>
        IsName(text)
        && (!text.Any(char.IsAsciiDigit) || (kind == KeyKind.Environment && !text.Any(char.IsAsciiLetterLower)));

    private static bool IsName(string text) =>
        text.Length is > 0 and <= 64
        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or ' ')
        && SecretText.Redact(text) == text;
}
