using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>Which model and provider <c>config.yaml</c> means: the one reading that chat, what is shown, the lists of models and the check of changes share.</summary>
/// <remarks>The provider is null where none is named, the section <c>model</c> where there is none or another provider than the configured
/// one was asked for. Described or known is the provider of that name, by the owner or to the agent itself.</remarks>
internal sealed record ProviderChoice(string? Model, string? Provider, YamlMapping? Section, NamedProvider? Described, KnownProvider? Known)
{
    /// <summary>The keys that name the model in the section <c>model</c>: the first that says something counts.</summary>
    public static readonly string[] NameKeys = ["default", "model", "name"];

    /// <summary>Whether a provider is named; not by <c>auto</c>.</summary>
    public bool IsNamed => Provider is not null && !Provider.Equals("auto", StringComparison.OrdinalIgnoreCase);
    /// <summary>The described provider that is meant. As for the agent, a name that it knows by itself is no entry's; "custom:" before it says that it is.</summary>
    public NamedProvider? Entry => IsNamed && Known is null ? Described : null;

    public string? BaseUrl => Text(Section?["base_url"]) ?? Entry?.Address;
    public string? ApiMode => Text(Section?["api_mode"]) ?? Text(Entry?.Settings["api_mode"]) ?? Text(Entry?.Settings["transport"]);
    /// <summary>What of it is told, with whatever secrets its texts hold.</summary>
    public EffectiveModel Effective => new(Model, Provider, BaseUrl, ApiMode);

    /// <summary>Reads a whole file, its texts as <c>expand</c> gives them, for another <c>provider</c> than the configured one where that is given.</summary>
    public static ProviderChoice Of(YamlMapping config, Func<string, string>? expand = null, string? provider = null)
    {
        var section = Expand(config["model"]) as YamlMapping;
        var configured = Text(section?["provider"]) ?? Text(Expand(config["provider"]));

        // Another provider than the configured one has neither its address nor its key.
        var isOther = provider is not null && (configured is null || NamedProvider.Normalize(provider) != NamedProvider.Normalize(configured));
        var name = isOther ? Text(provider) : configured;
        section = isOther ? null : section;
        var described = name is not null && NamedProvider.Find(config, name) is { } found
            ? found with { Settings = (YamlMapping)Expand(found.Settings)! } : null;
        var choice = new ProviderChoice(Model: null, name, section, described, name is null ? null : KnownProvider.Find(name));
        var model = (isOther ? null : Text(Expand(config["model"])))
            ?? NameKeys.Select(key => Text(section?[key])).FirstOrDefault(text => text is not null)
            ?? Text(choice.Entry?.Settings["model"]) ?? Text(choice.Entry?.Settings["default_model"]);
        return choice with { Model = model };

        object? Expand(object? value) => expand is null ? value : value switch
        {
            string text => expand(text),
            YamlMapping mapping => new YamlMapping(mapping.Entries.Select(entry => (entry.Key, entry.Value is string text ? expand(text) : entry.Value))),
            _ => value,
        };
    }

    /// <summary>A text that says something, trimmed; null for any other, and for what is no text.</summary>
    public static string? Text(object? value) => value is string text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}
