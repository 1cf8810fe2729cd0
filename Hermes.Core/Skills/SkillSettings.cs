using Hermes.Core.Yaml;

namespace Hermes.Core.Skills;

/// <summary>What config.yaml says about skills.</summary>
/// <param name="ExternalFolders">The entries of <c>skills.external_dirs</c> as they are written.</param>
/// <param name="Disabled">The names in <c>skills.disabled</c> and <c>skills.platform_disabled.api_server</c>.</param>
internal sealed record SkillSettings(IReadOnlyList<string> ExternalFolders, IReadOnlySet<string> Disabled)
{
    /// <summary>Takes the settings out of config.yaml; what has another shape than it should says nothing.</summary>
    public static SkillSettings From(YamlMapping config)
    {
        var section = config["skills"] as YamlMapping;
        var here = (section?["platform_disabled"] as YamlMapping)?["api_server"];
        return new(Texts(section?["external_dirs"]), Texts(section?["disabled"]).Concat(Texts(here)).ToHashSet(StringComparer.Ordinal));
    }

    // A path may have a comma in it: unlike in a front matter, one text is one entry.
    private static List<string> Texts(object? value) =>
        [.. (value is IEnumerable<object?> list ? list : [value])
            .Select(FrontMatterValue.AsScalar)
            .OfType<string>()
            .Select(text => text.Trim())
            .Where(text => text.Length > 0)];
}
