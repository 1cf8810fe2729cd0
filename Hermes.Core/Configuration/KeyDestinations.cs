using Hermes.Core.IO;
using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>Which keys go to which origin under a configuration, so that a change that would send one elsewhere can be refused.</summary>
/// <remarks>Wherever this app's model or the agent beside it may send a key, of config.yaml, <c>.env</c> or the app's settings, it is
/// counted: in doubt, one too many. What a key of config.yaml holds is never compared. Safe for use from any thread.</remarks>
internal sealed class KeyDestinations(HomeVariables variables, bool hasAppKey, IEnumerable<string> allowedOrigins)
{
    private readonly HashSet<string> _allowed = [.. allowedOrigins.Select(origin => ShownUrl.OriginOf(origin) ?? origin)];

    /// <summary>Refuses a change after which a key would go to another origin than before.</summary>
    public void Check(YamlMapping before, YamlMapping after)
    {
        var (choice, next) = (ProviderChoice.Of(before), ProviderChoice.Of(after));
        if (OriginOf(choice) == OriginOf(next) && choice.Provider == next.Provider) return;

        var environment = ReadEnvironment();
        var added = Deliveries(after, environment).Except(Deliveries(before, environment)).Select(delivery => delivery.Origin);
        if (added.FirstOrDefault(origin => !_allowed.Contains(origin)) is not { } other) return;

        throw new ConfigConflictException(ShownUrl.OriginOf(other) is { } address
            ? $"a key that is configured would go to {address}, where it did not go before; set Hermes:Api:ProviderOrigins on the server to allow that origin, or change the file by hand"
            : "a key that is configured would go to another provider than before; change the file by hand");
    }

    private static string OriginOf(ProviderChoice choice) =>
        choice.BaseUrl is { } address ? ShownUrl.OriginOf(address) ?? address
        : choice.Known is { } known ? known.Origin
        : $"provider {choice.Provider?.ToLowerInvariant() ?? "auto"}";

    // Keys that go where they belong, to the address that stands beside them, are none that could go astray.
    private HashSet<(string Key, string Origin)> Deliveries(YamlMapping config, HashSet<string> environment)
    {
        var choice = ProviderChoice.Of(config);
        var origin = OriginOf(choice);
        var entry = choice.IsNamed ? choice.Described : null;
        var entryOrigin = entry is null ? null : ShownUrl.OriginOf(entry.Address) ?? choice.Known?.Origin;
        var deliveries = new HashSet<(string Key, string Origin)>();
        var isHome = ProviderChoice.Text(choice.Section?["base_url"]) is null && entryOrigin == origin;
        var values = config.Entries.Where(entry => entry.Value is not (YamlMapping or List<object?>));
        var hasKey = HasKey(choice.Section) || HasKey(new YamlMapping(values));
        var entryHasKey = HasKey(entry?.Settings);
        if (hasKey && !(isHome && entryHasKey))
            deliveries.Add(("model", origin));
        if (hasAppKey)
            deliveries.Add(("app", origin));
        if (entryHasKey && entryOrigin != origin)
            deliveries.Add(($"custom {choice.Provider}", origin));

        // A provider that is named alone gets its own.
        if (!hasKey && !hasAppKey && !entryHasKey && choice.BaseUrl is not null)
        {
            var home = KnownProvider.All.Where(provider => provider.Origin == origin).Select(provider => provider.KeyVariable);
            deliveries.UnionWith(environment.Except(home).Select(variable => (variable, origin)));
        }

        return deliveries;
    }

    // Headers may hold one as well.
    private static bool HasKey(object? value) => value switch
    {
        YamlMapping mapping => mapping.Entries.Any(entry =>
            (entry.Key is string name && (SecretNames.IsSecret(name) || name is "key_env" or "api_key_env")
                && entry.Value is not (null or bool or "" or YamlMapping { Count: 0 } or List<object?> { Count: 0 })) || HasKey(entry.Value)),
        List<object?> list => list.Exists(HasKey),
        _ => false,
    };

    private HashSet<string> ReadEnvironment() =>
    [
        // The agent sends these to any address that has no key of its own.
        .. KnownProvider.Automatic.Select(provider => provider.KeyVariable)
            .Where(name => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(name))),

        // A file that cannot be read here, the agent may be able to read.
        .. FileErrors.Ignore<IEnumerable<string>>(() => variables.Read().Where(IsKey).Select(variable => variable.Key), otherwise: [".env"]),
    ];

    private static bool IsKey(KeyValuePair<string, string> variable) =>
        variable.Key.EndsWith("API_KEY", StringComparison.Ordinal) && !string.IsNullOrWhiteSpace(variable.Value);
}
