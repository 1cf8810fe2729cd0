using System.IO.Abstractions;
using System.Text.RegularExpressions;
using Hermes.Core.Files;
using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>Which keys go to which origin under a configuration, so that a change that would send one elsewhere can be refused.</summary>
/// <remarks>
/// Wherever this app's model or the agent beside it may send a key, it is counted: in doubt, one too many. What a key of config.yaml holds is
/// never looked at. Safe for use from any thread.
/// </remarks>
/// <param name="home">The home, whose <c>.env</c> has keys too.</param>
/// <param name="fileSystem">Where the home lies.</param>
/// <param name="hasAppKey">Whether the app's own settings have a key that goes to the address of config.yaml.</param>
/// <param name="allowedOrigins">Origins that every key may go to.</param>
internal sealed partial class KeyDestinations(HermesHome home, IFileSystem fileSystem, bool hasAppKey, IEnumerable<string> allowedOrigins)
{
    private const string ModelKey = "model", AppKey = "app", UnreadableEnvironment = ".env";
    private const long MaxLength = 1024 * 1024;

    // Providers that the agent knows by name, with the variable of the key that belongs there.
    private static readonly (string Name, string Origin, string Variable)[] Known =
    [
        ("openrouter", "https://openrouter.ai", "OPENROUTER_API_KEY"),
        ("openai", "https://api.openai.com", "OPENAI_API_KEY"),
        ("nous", "https://inference-api.nousresearch.com", "NOUS_API_KEY"),
        ("anthropic", "https://api.anthropic.com", "ANTHROPIC_API_KEY"),
        ("gemini", "https://generativelanguage.googleapis.com", "GEMINI_API_KEY"),
        ("deepseek", "https://api.deepseek.com", "DEEPSEEK_API_KEY"),
        ("zai", "https://api.z.ai", "GLM_API_KEY"),
        ("kimi-coding", "https://api.moonshot.ai", "KIMI_API_KEY"),
    ];

    // The agent sends these to any address that has no key of its own.
    private static readonly string[] Fallbacks = ["OPENAI_API_KEY", "OPENROUTER_API_KEY"];

    private readonly HashSet<string> _allowed = [.. allowedOrigins.Select(origin => ShownUrl.OriginOf(origin) ?? origin)];

    /// <summary>Refuses a change after which a key would go to another origin than before.</summary>
    /// <exception cref="ConfigConflictException">It would.</exception>
    public void Check(YamlMapping before, YamlMapping after)
    {
        if (OriginOf(before) == OriginOf(after) && EffectiveModel.Resolve(before).Provider == EffectiveModel.Resolve(after).Provider)
        {
            return;
        }

        var environment = ReadEnvironment();
        var known = Deliveries(before, environment);
        foreach (var (key, origin) in Deliveries(after, environment))
        {
            if (!known.Contains((key, origin)) && !_allowed.Contains(origin))
            {
                throw new ConfigConflictException(ShownUrl.OriginOf(origin) is { } address
                    ? $"a key that is configured would go to {address}, where it did not go before; set Hermes:Api:ProviderOrigins on the server to allow that origin, or change the file by hand"
                    : "a key that is configured would go to another provider than before; change the file by hand");
            }
        }
    }

    private static string OriginOf(YamlMapping config)
    {
        var effective = EffectiveModel.Resolve(config);
        if (effective.BaseUrl is { } address)
        {
            return ShownUrl.OriginOf(address) ?? address;
        }

        var name = effective.Provider?.ToLowerInvariant() ?? "auto";
        return Array.Find(Known, provider => provider.Name == name) is { Name: not null } known ? known.Origin : $"provider {name}";
    }

    // Keys that go where they belong, to the address that stands beside them, are none that could go astray.
    private HashSet<(string Key, string Origin)> Deliveries(YamlMapping config, HashSet<string> environment)
    {
        var origin = OriginOf(config);
        var section = config["model"] as YamlMapping;
        var effective = EffectiveModel.Resolve(config);
        var custom = effective.Provider is { } name ? EffectiveModel.FindCustomProvider(config, name) : null;
        var customHome = ShownUrl.OriginOf(EffectiveModel.Text(custom?["base_url"]));
        var deliveries = new HashSet<(string Key, string Origin)>();
        var isHome = EffectiveModel.Text(section?["base_url"]) is null && customHome is not null;
        var hasKey = HasKey(section) || HasKey(WithoutSections(config));
        if (hasKey && !(isHome && HasKey(custom)))
        {
            deliveries.Add((ModelKey, origin));
        }

        if (hasAppKey)
        {
            deliveries.Add((AppKey, origin));
        }

        if (HasKey(custom) && customHome != origin)
        {
            deliveries.Add(($"custom {effective.Provider}", origin));
        }

        if (!hasKey && !hasAppKey && !HasKey(custom))
        {
            AddFallbacks(deliveries, environment, effective, origin);
        }

        return deliveries;
    }

    private static void AddFallbacks(HashSet<(string Key, string Origin)> deliveries, HashSet<string> environment, EffectiveModel effective, string origin)
    {
        // A provider that is named alone gets its own.
        if (effective.BaseUrl is not null)
        {
            deliveries.UnionWith(environment
                .Where(variable => Array.Find(Known, provider => provider.Variable == variable).Origin != origin)
                .Select(variable => (variable, origin)));
        }
    }

    // Headers may hold one as well.
    private static bool HasKey(object? value) => value switch
    {
        YamlMapping mapping => mapping.Entries.Any(entry =>
            (entry.Key is string name && (SecretNames.IsSecret(name) || name is "key_env" or "api_key_env") && IsGiven(entry.Value)) || HasKey(entry.Value)),
        List<object?> list => list.Exists(HasKey),
        _ => false,
    };

    private static bool IsGiven(object? value) => value is not (null or bool or "" or YamlMapping { Count: 0 } or List<object?> { Count: 0 });

    private static YamlMapping WithoutSections(YamlMapping config)
    {
        var result = new YamlMapping();
        foreach (var (key, value) in config.Entries.Where(entry => entry.Value is not (YamlMapping or List<object?>)))
        {
            result.Set(key, value);
        }

        return result;
    }

    private HashSet<string> ReadEnvironment()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        names.UnionWith(Fallbacks.Where(name => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(name))));
        try
        {
            var stamp = FileStamp.FindRegularFile(fileSystem, home.EnvironmentFile);
            if (stamp is { Length: > MaxLength })
            {
                names.Add(UnreadableEnvironment);
            }
            else if (stamp is { Length: > 0 })
            {
                names.UnionWith(KeyVariable.Matches(fileSystem.File.ReadAllText(home.EnvironmentFile)).Select(match => match.Groups["name"].Value));
            }
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // Gone meanwhile: no keys.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The agent may be able to read it.
            names.Add(UnreadableEnvironment);
        }

        return names;
    }

    [GeneratedRegex(@"^[ \t]*(?:export[ \t]+)?(?<name>[A-Za-z_][A-Za-z0-9_]*API_KEY)[ \t]*=[ \t]*[""']?[^\s""'#]", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex KeyVariable { get; }
}
