using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>
/// Which model and provider <c>config.yaml</c> means: the one reading that chat, what is shown, the lists of models and the check of changes
/// share.
/// </summary>
/// <param name="Model">The model's name: <c>model</c>, or <c>default</c>, <c>model</c> or <c>name</c> in it, else that of the entry.</param>
/// <param name="Provider">The provider's name: <c>provider</c> in <c>model</c>, else at the top; null where none is named.</param>
/// <param name="Section">The section <c>model</c>; empty where another provider than the configured one was asked for.</param>
/// <param name="Entry">The described provider that the name means, as texts are to be read; null where it means none.</param>
/// <param name="Known">The provider of that name that the agent knows by itself; null where it means none.</param>
internal sealed record ProviderChoice(string? Model, string? Provider, ConfigSection Section, ConfigSection? Entry, KnownProvider? Known)
{
    private const string NoName = "auto";

    /// <summary>Whether a provider is named; not by <c>auto</c>.</summary>
    public bool IsNamed => Provider is not null && !NoName.Equals(Provider, StringComparison.OrdinalIgnoreCase);

    /// <summary>The address that is written down; null where there is none.</summary>
    public string? BaseUrl => Section["base_url"] ?? EntryAddress;

    /// <summary>The address of the entry.</summary>
    public string? EntryAddress => Entry is null ? null : NamedProvider.AddressOf(Entry);

    /// <summary>Which API the provider speaks.</summary>
    public string? ApiMode => Section["api_mode"] ?? Entry?["api_mode"] ?? Entry?["transport"];

    /// <summary>Reads a configuration.</summary>
    /// <param name="config">The whole file.</param>
    /// <param name="expand">What becomes of texts; null leaves them as written.</param>
    /// <param name="provider">A provider to ask instead of the configured one; null for that.</param>
    public static ProviderChoice Of(YamlMapping config, Func<string, string>? expand = null, string? provider = null)
    {
        var root = new ConfigSection(config, expand);
        var section = root.Below("model");
        var configured = section["provider"] ?? root["provider"];

        // Another provider than the configured one has neither its address nor its key.
        var isOther = provider is not null && (configured is null || NamedProvider.Normalize(provider) != NamedProvider.Normalize(configured));
        var name = isOther ? ConfigSection.Given(provider) : configured;

        // As for the agent, a name that it knows by itself is no entry's; "custom:" before it says that it is.
        var known = name is null ? null : KnownProvider.Find(name);
        var entry = name is not null && known is null && !NoName.Equals(name, StringComparison.OrdinalIgnoreCase) && NamedProvider.Find(config, name) is { } found
            ? root.Of(found.Settings)
            : null;
        section = isOther ? ConfigSection.Empty : section;
        var model = (isOther ? null : root["model"]) ?? EffectiveModel.NameKeys.Select(key => section[key]).FirstOrDefault(text => text is not null)
            ?? entry?["model"] ?? entry?["default_model"];
        return new ProviderChoice(model, name, section, entry, known);
    }
}
