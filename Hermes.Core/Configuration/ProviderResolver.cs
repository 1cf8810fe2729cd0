using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>Finds the model provider that a home is configured for, and its key: what chat needs to ask the model that the agent would ask.</summary>
/// <remarks>
/// <para>Read are, of <c>config.yaml</c>: <c>model</c> (a name, or a mapping with <c>default</c>, <c>model</c> or <c>name</c>; <c>provider</c>;
/// <c>base_url</c>; <c>api_key</c>, or <c>key_env</c> with the name of a variable), else <c>provider</c> at the top; the entries of
/// <c>providers</c> (a mapping by name; the address under <c>base_url</c>, <c>api</c> or <c>url</c>) and of <c>custom_providers</c> (a list, or
/// such a mapping). <c>custom:my-server</c> finds the entry "My Server": names are compared in lower case, with dashes for blanks and underscores.
/// <c>${NAME}</c> stands for a variable of the home's <c>.env</c>, else of the environment, as for the agent.</para>
/// <para>A key goes to the address that it stands beside, and to no other: an app's own <c>BaseUrl</c> is never called with a key of the home.</para>
/// <para>Where nothing names a provider, a key in <c>OPENROUTER_API_KEY</c> or <c>OPENAI_API_KEY</c> does, if a model is named.</para>
/// <para>The files are read at each call, so that a change of them needs no restart. Safe for use from any thread.</para>
/// </remarks>
public sealed partial class ProviderResolver
{
    private const string ModelSection = "the section model of config.yaml";
    private const string EntrySection = "the provider's entry in config.yaml";
    private static readonly string[] TextKeys = ["provider", "base_url", "api", "url", "api_key", "key_env", "api_key_env"];
    private readonly ConfigFile _file;
    private readonly HomeVariables _variables;

    /// <summary>Finds the provider of a home.</summary>
    /// <param name="home">The home; neither <c>config.yaml</c> nor <c>.env</c> has to exist.</param>
    /// <param name="fileSystem">Where the home lies.</param>
    public ProviderResolver(HermesHome home, IFileSystem fileSystem)
        : this(new ConfigFile(home, fileSystem), new HomeVariables(home, fileSystem)) { }

    internal ProviderResolver(ConfigFile file, HomeVariables variables) => (_file, _variables) = (file, variables);

    /// <summary>Finds the provider as it is configured now.</summary>
    /// <param name="own">The app's own settings, which win; null for none.</param>
    /// <param name="provider">The name of a provider to ask instead of the configured one, with its own address and key; null for the configured one.</param>
    /// <returns>Null where nothing names a provider, an address or a key: not where one is named and cannot be found.</returns>
    /// <exception cref="ProviderConfigurationException">One is named or described and cannot be asked, or a file cannot be read.</exception>
    public ProviderSettings? Find(ProviderOptions? own = null, string? provider = null)
    {
        own ??= new ProviderOptions();

        // Settings that say everything hold whatever is wrong with the home's files.
        if (provider is null && ProviderChoice.Text(own.BaseUrl) is { } url && ProviderChoice.Text(own.Model) is { } model)
            return Create(url, "Hermes:Chat:BaseUrl", OwnKey(own), model);

        try
        {
            var variables = _variables.Read();
            return Resolve(_file.Read().Root, own, provider, name => variables.GetValueOrDefault(name) ?? Environment.GetEnvironmentVariable(name));
        }
        catch (ConfigUnreadableException exception)
        {
            throw new ProviderConfigurationException($"config.yaml cannot be read: {exception.Reason}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProviderConfigurationException(".env of the home cannot be read: check that it is a file, and its permissions", exception);
        }
    }

    /// <summary>Whether a provider can be called at an address: it is an absolute one, http or https.</summary>
    public static bool IsAddress([NotNullWhen(true)] string? url) => ShownUrl.OriginOf(url) is not null;

    private static ProviderSettings? Resolve(YamlMapping config, ProviderOptions own, string? provider, Func<string, string?> variable)
    {
        var choice = ProviderChoice.Of(config, text => Variable.Replace(text, match => variable(match.Groups["name"].Value) ?? match.Value), provider);
        if (provider is null && ProviderChoice.Text(own.BaseUrl) is { } ownUrl)
            return Create(ownUrl, "Hermes:Chat:BaseUrl", OwnKey(own), choice.Model);

        RefuseOtherThanTexts(choice.Section, ModelSection, TextKeys);
        RefuseOtherThanTexts(choice.Entry?.Settings, EntrySection, TextKeys);
        if (provider is null && choice.Provider is null)
            RefuseOtherThanTexts(config, "config.yaml", "provider");

        var ownKey = provider is null ? OwnKey(own) : null;
        var model = (provider is null ? ProviderChoice.Text(own.Model) : null) ?? choice.Model ?? (provider is null ? null : "");
        var key = ProviderKey.Of(choice.Section, ModelSection, variable);
        if (ProviderChoice.Text(choice.Section?["base_url"]) is { } url)
            return Create(url, $"base_url in {ModelSection}", ownKey ?? key ?? KeyAt(url, choice, variable), model);

        if (choice.Entry is { } entry)
        {
            var address = entry.Address ?? throw new ProviderConfigurationException($"{EntrySection} has no address: write base_url into it");
            return Create(address, $"base_url in {EntrySection}", ownKey ?? ProviderKey.Of(entry.Settings, EntrySection, variable), model);
        }

        if (choice.Known is { } known)
        {
            var knownKey = ownKey ?? key ?? ProviderKey.Of(known, variable) ?? throw new ProviderConfigurationException(
                $"The provider {known.Name} wants a key: write {known.KeyVariable} into .env, or api_key into {ModelSection}");
            return Create(known.BaseUrl, known.Name, knownKey, model);
        }

        if (choice.IsNamed)
            throw new ProviderConfigurationException($"No provider of the name '{new ConfigView(config).ShowName(choice.Provider)}' is known: write its address as base_url into {ModelSection}, or an entry of that name into custom_providers");

        // A key that stands alone says nothing without a model, nor one of the section without a name.
        var found = model is null ? null : KnownProvider.Automatic.FirstOrDefault(automatic => ProviderKey.Of(automatic, variable) is not null);
        return found is null ? null : Create(found.BaseUrl, found.Name, ownKey ?? ProviderKey.Of(found, variable), model);
    }

    // What is written down and cannot be read is not as if nothing were written: an echo would answer, or a machine that nobody named be asked.
    private static void RefuseOtherThanTexts(YamlMapping? section, string place, params string[] keys)
    {
        if (Array.Find(keys, key => section?[key] is not (null or string)) is { } wrong)
            throw new ProviderConfigurationException($"{wrong} in {place} is no text: write one, in quotes where it looks like a number");
    }

    // The key for an address that has none beside it: that of an entry with the same address, or of a known provider's machine.
    private static ProviderKey? KeyAt(string url, ProviderChoice choice, Func<string, string?> variable) =>
        ShownUrl.OriginOf(choice.Entry?.Address) is { } origin && origin == ShownUrl.OriginOf(url)
            ? ProviderKey.Of(choice.Entry?.Settings, EntrySection, variable)
            : ProviderKey.Of(KnownProvider.AtAddress(url), variable);

    private static ProviderKey? OwnKey(ProviderOptions own) => ProviderChoice.Text(own.ApiKey) is { } key ? new ProviderKey(key, "Hermes:Chat:ApiKey") : null;

    private static ProviderSettings Create(string url, string place, ProviderKey? key, string? model) => !IsAddress(url)
        ? throw new ProviderConfigurationException($"{place} must be an absolute http: or https: address, with every variable in it set")
        : new(new Uri(url.Trim()), key?.ToSendable(), model
            ?? throw new ProviderConfigurationException($"No model is named: write default into {ModelSection}, or set Hermes:Chat:Model"));

    [GeneratedRegex(@"\$\{(?<name>[^}]+)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable { get; }

    /// <summary>A provider's key, and the setting that has it, fit to begin a sentence.</summary>
    private sealed record ProviderKey(string Value, string Place)
    {
        /// <summary>The key of the section <c>model</c> or of a provider's entry: written out, or by the name of a variable. A variable that is not set is no key.</summary>
        public static ProviderKey? Of(YamlMapping? section, string place, Func<string, string?> variable) =>
            ProviderChoice.Text(section?["api_key"]) is { } key && !key.Contains("${", StringComparison.Ordinal) ? new(key, $"api_key in {place}")
            : (ProviderChoice.Text(section?["key_env"]) ?? ProviderChoice.Text(section?["api_key_env"])) is { } name
                && ProviderChoice.Text(variable(name)) is { } value ? new(value, $"The variable that key_env names in {place}")
            : null;

        /// <summary>The key of a provider that the agent knows by itself.</summary>
        public static ProviderKey? Of(KnownProvider? known, Func<string, string?> variable) =>
            known is not null && ProviderChoice.Text(variable(known.KeyVariable)) is { } value ? new(value, known.KeyVariable) : null;

        /// <summary>The key, if a request can carry it.</summary>
        /// <remarks>Without this, a character that nobody sees would be sent as something else, or not at all, and the provider would say "wrong key".</remarks>
        /// <exception cref="ProviderConfigurationException">It has invisible characters, or others than ASCII.</exception>
        public string ToSendable()
        {
            var index = Value.AsSpan().IndexOfAnyExceptInRange('!', '~');
            if (index < 0) return Value;

            var character = Rune.TryGetRuneAt(Value, index, out var rune) ? rune.Value : Value[index];
            var place = string.Create(CultureInfo.InvariantCulture, $"U+{character:X4} as number {index + 1} of {Value.Length}");
            throw new ProviderConfigurationException($"{Place} has a character that no request can carry, {place}: copy the key again");
        }
    }
}
