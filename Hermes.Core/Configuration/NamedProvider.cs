using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>A provider that the owner of a home described: an entry of <c>providers</c> or <c>custom_providers</c> in <c>config.yaml</c>.</summary>
/// <param name="Name">Its name: <c>name</c> in it, else its key.</param>
/// <param name="Key">The key that it stands under; the same as <paramref name="Name"/> in a list.</param>
/// <param name="Settings">What it says, secrets included.</param>
internal sealed record NamedProvider(string Name, string Key, YamlMapping Settings)
{
    /// <summary>What stands before a name that means an entry and no provider that the agent knows by itself.</summary>
    public const string Prefix = "custom:";

    /// <summary>The keys of its address: the first that says something counts.</summary>
    private static readonly string[] AddressKeys = ["base_url", "api", "url"];

    /// <summary>All of them in the order of the file, those of <c>providers</c> first. Entries with <c>enabled: false</c> are none.</summary>
    /// <remarks>Both sections may be a mapping by name; <c>custom_providers</c> is mostly a list of mappings with a <c>name</c>.</remarks>
    public static IEnumerable<NamedProvider> All(YamlMapping config) => Of(config["providers"]).Concat(Of(config["custom_providers"]));

    /// <summary>The one that a provider's name means, with or without <see cref="Prefix"/>; null where there is none.</summary>
    public static NamedProvider? Find(YamlMapping config, string name)
    {
        name = name.Trim();
        name = Normalize(name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? name[Prefix.Length..] : name);
        return All(config).FirstOrDefault(entry => Normalize(entry.Key) == name || Normalize(entry.Name) == name);
    }

    /// <summary>The form in which names are compared: <c>custom:my-server</c> finds "My Server" and <c>my_server</c>.</summary>
    public static string Normalize(string name) => name.Trim().ToLowerInvariant().Replace(' ', '-').Replace('_', '-');

    /// <summary>Its address.</summary>
    /// <param name="section">Its settings, as texts are to be read.</param>
    public static string? AddressOf(ConfigSection section) => AddressKeys.Select(key => section[key]).FirstOrDefault(address => address is not null);

    private static IEnumerable<NamedProvider> Of(object? section) => section switch
    {
        List<object?> list =>
            from settings in list.OfType<YamlMapping>()
            let name = NameOf(settings)
            where name is not null && IsEnabled(settings)
            select new NamedProvider(name, name, settings),
        YamlMapping byName =>
            from entry in byName.Entries
            where entry is { Key: string, Value: YamlMapping }
            let settings = (YamlMapping)entry.Value!
            where IsEnabled(settings)
            select new NamedProvider(NameOf(settings) ?? (string)entry.Key!, (string)entry.Key!, settings),
        _ => [],
    };

    private static string? NameOf(YamlMapping settings) => ConfigSection.Given(settings["name"] as string);

    private static bool IsEnabled(YamlMapping settings) => settings["enabled"] is not false;
}
