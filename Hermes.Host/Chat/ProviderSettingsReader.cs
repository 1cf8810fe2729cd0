using System.Diagnostics.CodeAnalysis;
using System.IO.Abstractions;
using System.Text.RegularExpressions;
using Hermes.Core;
using Hermes.Core.Chat;
using Hermes.Core.Files;
using Hermes.Core.Yaml;

namespace Hermes.Host.Chat;

/// <summary>Finds the model provider: this host's settings, else the <c>model</c> section of the home's config.yaml.</summary>
/// <remarks>
/// A key goes to the address that it stands beside, and to no other: a <c>BaseUrl</c> of this host's settings is never called with a
/// key of config.yaml. Variables come from the home's <c>.env</c>, else from the environment, as in the reference.
/// </remarks>
internal sealed partial class ProviderSettingsReader(HermesHome home, IFileSystem files)
{
    // Providers that the reference knows by name and that speak OpenAI's API. Each is taken only with a key.
    private static readonly KnownProvider[] Known =
    [
        new("openrouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
        new("openai", "https://api.openai.com/v1", "OPENAI_API_KEY"),
        new("nous", "https://inference-api.nousresearch.com/v1", "NOUS_API_KEY"),
        new("anthropic", "https://api.anthropic.com/v1", "ANTHROPIC_API_KEY"),
        new("gemini", "https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY"),
        new("deepseek", "https://api.deepseek.com/v1", "DEEPSEEK_API_KEY"),
        new("zai", "https://api.z.ai/api/paas/v4", "GLM_API_KEY"),
        new("kimi-coding", "https://api.moonshot.ai/v1", "KIMI_API_KEY"),
    ];

    // Only these are taken by their key alone: a machine has the keys of others for other programs.
    private static readonly string[] Automatic = ["openrouter", "openai"];

    /// <summary>Reads the settings as they are now.</summary>
    /// <returns>Null where no provider is configured.</returns>
    /// <exception cref="ChatConfigurationException">The configuration cannot be used; the message says which line or setting, and holds no value of it.</exception>
    /// <param name="options">This host's settings.</param>
    /// <param name="provider">The provider's name; null for the configured one.</param>
    public ProviderSettings? Read(ProviderOptions options, string? provider = null)
    {
        if (provider is null && Given(options.BaseUrl) is not null && Given(options.Model) is not null)
        {
            // Settings that say everything hold whatever is wrong with the home's files.
            return Resolve(options, config: null, _ => null);
        }

        var variables = DotEnv.Parse(ReadText(home.EnvironmentFile) ?? "");
        return Resolve(options, ReadConfig(), name => variables.GetValueOrDefault(name) ?? Environment.GetEnvironmentVariable(name), provider);
    }

    /// <summary>Whether a provider can be called at this address.</summary>
    internal static bool IsAddress(string url, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(url, UriKind.Absolute, out address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);

    internal static ProviderSettings? Resolve(ProviderOptions options, YamlMapping? config, Func<string, string?> variable, string? other = null)
    {
        var section = new Section(config?["model"] as YamlMapping, variable);
        if (other is not null && !string.Equals(other, section["provider"] ?? section.Expand(config?["provider"] as string), StringComparison.OrdinalIgnoreCase))
        {
            return ResolveOther(config, variable, other);
        }

        var model = Given(options.Model) ?? Given(section.Expand(config?["model"] as string)) ?? section["default"] ?? section["model"] ?? section["name"];
        if (Given(options.BaseUrl) is { } ownUrl)
        {
            return Create(ownUrl, "Hermes:Chat:BaseUrl", Given(options.ApiKey), model);
        }

        var provider = section["provider"] ?? Given(section.Expand(config?["provider"] as string)) ?? "auto";
        var custom = FindCustom(config, provider, variable);
        var (url, key) = section["base_url"] is { } modelUrl ? (modelUrl, section.Key ?? KeyFor(modelUrl, custom, variable))
            : custom?["base_url"] is { } customUrl ? (customUrl, custom.Key)
            : FindKnown(provider, section.Key ?? Given(options.ApiKey), variable);
        return url is null ? null : Create(url, "base_url in config.yaml", Given(options.ApiKey) ?? key, model ?? custom?["model"]);
    }

    // Another provider than the configured one has neither its address nor its key.
    private static ProviderSettings? ResolveOther(YamlMapping? config, Func<string, string?> variable, string provider)
    {
        var custom = FindCustom(config, provider, variable);
        var (url, key) = custom is null ? FindKnown(provider, key: null, variable) : (custom["base_url"], custom.Key);
        return url is null ? null : Create(url, "base_url in config.yaml", key, custom?["model"] ?? "");
    }

    private static ProviderSettings? Create(string url, string setting, string? key, string? model)
    {
        if (model is null)
        {
            return null;
        }

        return IsAddress(url, out var address)
            ? new ProviderSettings(address, key, model)
            : throw new ChatConfigurationException($"{setting} must be an absolute http: or https: address, with every variable in it set");
    }

    private static Section? FindCustom(YamlMapping? config, string provider, Func<string, string?> variable)
    {
        const string Prefix = "custom:";
        var name = provider.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? provider[Prefix.Length..] : provider;
        return (config?["custom_providers"] as List<object?>)?.OfType<YamlMapping>()
            .Select(entry => new Section(entry, variable))
            .FirstOrDefault(entry => string.Equals(entry["name"], name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The key for an address that has none beside it: that of an entry with the same address, or of a known provider's machine.</summary>
    private static string? KeyFor(string url, Section? custom, Func<string, string?> variable)
    {
        if (custom?["base_url"] is { } customUrl && HostOf(customUrl) == HostOf(url))
        {
            return custom.Key;
        }

        return Known.FirstOrDefault(known => HostOf(known.BaseUrl) == HostOf(url)) is { } provider ? Given(variable(provider.KeyVariable)) : null;
    }

    private static (string? Url, string? Key) FindKnown(string provider, string? key, Func<string, string?> variable)
    {
        // Without a provider's name the key says which one it is, as in the reference; a key that stands alone says nothing.
        var found = provider is "auto"
            ? Automatic.Select(name => Known.First(known => known.Name == name)).FirstOrDefault(known => Given(variable(known.KeyVariable)) is not null)
            : Known.FirstOrDefault(known => string.Equals(known.Name, provider, StringComparison.OrdinalIgnoreCase));
        if (found is not null && ((provider is "auto" ? null : key) ?? Given(variable(found.KeyVariable))) is { } usable)
        {
            return (found.BaseUrl, usable);
        }

        return (null, null);
    }

    private static string? HostOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.Authority : null;

    private static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private YamlMapping? ReadConfig()
    {
        try
        {
            return ReadText(home.ConfigFile) is { } text ? YamlLoader.Load(text) as YamlMapping : null;
        }
        catch (YamlLoadException exception)
        {
            throw new ChatConfigurationException($"config.yaml cannot be read: {exception.Message}");
        }
    }

    private string? ReadText(string path)
    {
        try
        {
            // A pipe or a device has no length, and might never end.
            return FileStamp.FindFile(files, path) is { Length: > 0 } ? files.File.ReadAllText(path) : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ChatConfigurationException($"{files.Path.GetFileName(path)} of the home cannot be read: check its permissions", inner: exception);
        }
    }

    private sealed record KnownProvider(string Name, string BaseUrl, string KeyVariable);

    /// <summary>A mapping of config.yaml whose texts are expanded as they are read.</summary>
    private sealed partial class Section(YamlMapping? entries, Func<string, string?> variable)
    {
        public string? this[string name] => Given(Expand(entries?[name] as string));

        /// <summary>The key beside the address: written out, or by the name of a variable. A variable that is not set is no key.</summary>
        public string? Key =>
            this["api_key"] is { } key && !Variable().IsMatch(key) ? key
            : (this["key_env"] ?? this["api_key_env"]) is { } name ? Given(variable(name))
            : null;

        /// <summary>Replaces <c>${NAME}</c>; what is not set stays as it is written.</summary>
        public string? Expand(string? text) => text is null ? null : Variable().Replace(text, match => variable(match.Groups[1].Value) ?? match.Value);

        [GeneratedRegex(@"\$\{([^}]+)\}")]
        private static partial Regex Variable();
    }
}
