using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>Which model the agent asks, and where, as <c>config.yaml</c> says. <c>${NAME}</c> stands as written. Null is what it does not say.</summary>
/// <param name="Model">The model's name: <c>model</c>, or <c>default</c>, <c>model</c> or <c>name</c> in it.</param>
/// <param name="Provider">The provider's name: <c>provider</c> in <c>model</c>, else at the top.</param>
/// <param name="BaseUrl">The provider's address: <c>base_url</c> in <c>model</c>, else that of the named entry of <c>custom_providers</c>.</param>
/// <param name="ApiMode">Which API the provider speaks, such as <c>chat_completions</c>; from the same places as <paramref name="BaseUrl"/>.</param>
public sealed record EffectiveModel(string? Model, string? Provider, string? BaseUrl, string? ApiMode)
{
    /// <summary>The keys that name the model in the section <c>model</c>: the first that says something counts.</summary>
    internal static readonly string[] NameKeys = ["default", "model", "name"];

    private const string CustomPrefix = "custom:";

    /// <summary>Takes it out of a configuration, with whatever secrets its texts hold.</summary>
    internal static EffectiveModel Resolve(YamlMapping config)
    {
        var section = config["model"] as YamlMapping;
        var provider = Text(section?["provider"]) ?? Text(config["provider"]);
        var custom = provider is null ? null : FindCustomProvider(config, provider);
        return new EffectiveModel(
            Text(config["model"]) ?? NameKeys.Select(key => Text(section?[key])).FirstOrDefault(name => name is not null) ?? Text(custom?["model"]),
            provider,
            Text(section?["base_url"]) ?? Text(custom?["base_url"]),
            Text(section?["api_mode"]) ?? Text(custom?["api_mode"]));
    }

    /// <summary>The entry of <c>custom_providers</c> that a provider's name means: <c>custom:NAME</c> or NAME.</summary>
    internal static YamlMapping? FindCustomProvider(YamlMapping config, string provider)
    {
        var name = provider.StartsWith(CustomPrefix, StringComparison.OrdinalIgnoreCase) ? provider[CustomPrefix.Length..] : provider;
        return CustomProviders(config).FirstOrDefault(entry => Normalize(entry.Name) == Normalize(name)).Settings;
    }

    /// <summary>The entries of <c>custom_providers</c>, which is a list of mappings with a name, or a mapping by name.</summary>
    internal static IEnumerable<(string Name, YamlMapping Settings)> CustomProviders(YamlMapping config) => config["custom_providers"] switch
    {
        List<object?> list =>
            from entry in list.OfType<YamlMapping>()
            let name = Text(entry["name"])
            where name is not null
            select (name, entry),
        YamlMapping byName =>
            from entry in byName.Entries
            where entry is { Key: string, Value: YamlMapping }
            select ((string)entry.Key!, (YamlMapping)entry.Value!),
        _ => [],
    };

    /// <summary>The same as it may be shown: the mark stands for what may not.</summary>
    internal static EffectiveModel Show(YamlMapping config) => new ConfigView(config, KnownKeys.Default).Show(Resolve(config));

    /// <summary>A text that says something.</summary>
    internal static string? Text(object? value) => value is string text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    // The reference writes a name with blanks as one with hyphens.
    private static string Normalize(string name) => name.Trim().Replace(' ', '-').ToLowerInvariant();
}
