using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>A provider that the owner of a home described: an entry of <c>providers</c> or <c>custom_providers</c> in <c>config.yaml</c>.</summary>
/// <remarks>Its name is <c>name</c> in it, else the key that it stands under; in a list both are the same. Its settings have secrets.</remarks>
internal sealed record NamedProvider(string Name, string Key, YamlMapping Settings)
{
    /// <summary>What stands before a name that means an entry and no provider that the agent knows by itself.</summary>
    public const string Prefix = "custom:";

    private static readonly string[] AddressKeys = ["base_url", "api", "url"];

    /// <summary>Its address: the first key that says something counts.</summary>
    public string? Address => AddressKeys.Select(key => ProviderChoice.Text(Settings[key])).FirstOrDefault(address => address is not null);

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

    private static IEnumerable<NamedProvider> Of(object? section)
    {
        IEnumerable<(string? Key, YamlMapping Settings)> entries = section switch
        {
            List<object?> list => list.OfType<YamlMapping>().Select(settings => (ProviderChoice.Text(settings["name"]), settings)),
            YamlMapping byName => byName.Entries.Where(entry => entry.Value is YamlMapping).Select(entry => (entry.Key as string, (YamlMapping)entry.Value!)),
            _ => [],
        };
        return entries.Where(entry => entry.Key is not null && entry.Settings["enabled"] is not false)
            .Select(entry => new NamedProvider(ProviderChoice.Text(entry.Settings["name"]) ?? entry.Key!, entry.Key!, entry.Settings));
    }
}
