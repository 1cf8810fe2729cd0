using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>A mapping of <c>config.yaml</c> as its texts are read: trimmed, and null where they say nothing.</summary>
/// <param name="entries">The mapping; null reads like an empty one.</param>
/// <param name="expand">What becomes of a text before it is read, such as putting variables in; null leaves it as written.</param>
internal sealed class ConfigSection(YamlMapping? entries, Func<string, string>? expand = null)
{
    /// <summary>A section with nothing in it.</summary>
    public static ConfigSection Empty { get; } = new(null);

    /// <summary>The text under a key; null where there is none.</summary>
    public string? this[string key] => entries?[key] is string text ? Given(expand is null ? text : expand(text)) : null;

    /// <summary>Whether something else than a text stands under a key: a number, a list.</summary>
    public bool HasOtherThanText(string key) => entries?[key] is not (null or string);

    /// <summary>The mapping under a key, as a section that is read in the same way.</summary>
    public ConfigSection Below(string key) => new(entries?[key] as YamlMapping, expand);

    /// <summary>Another mapping as a section that is read in the same way.</summary>
    public ConfigSection Of(YamlMapping mapping) => new(mapping, expand);

    /// <summary>A text that says something, trimmed; null for any other.</summary>
    public static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
