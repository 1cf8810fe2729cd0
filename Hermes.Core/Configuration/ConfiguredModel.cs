using System.Numerics;
using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>What <c>config.yaml</c> says of the model and the provider that are asked, fit to be shown. Safe for use from any thread.</summary>
/// <remarks>A file that cannot be read says nothing: this is beside what is asked, and an app's own agent needs no such file.</remarks>
internal sealed class ConfiguredModel(ConfigFile file)
{
    /// <summary>The model's name; null where none is named.</summary>
    public string? Model => EffectiveModel.Show(file.ReadOrEmpty()).Model;

    /// <summary>The provider's name; null where none is named.</summary>
    public string? Provider => EffectiveModel.Show(file.ReadOrEmpty()).Provider;

    /// <summary>Whether a provider's name means the one that is asked anyway.</summary>
    public bool IsProvider(string name)
    {
        var config = file.ReadOrEmpty();
        return ProviderChoice.Of(config).Provider is { } configured
            && (NamedProvider.Normalize(name) == NamedProvider.Normalize(configured)
                || (KnownProvider.Find(name) is null && KnownProvider.Find(configured) is null
                    && NamedProvider.Find(config, name) is { } entry && ReferenceEquals(entry.Settings, NamedProvider.Find(config, configured)?.Settings)));
    }

    /// <summary>
    /// How many tokens a model takes: <c>context_length</c> of its entry among the <c>models</c> of the provider's, else that of the section <c>model</c>, which is
    /// about the configured model. Null where nothing says it.
    /// </summary>
    /// <param name="model">The model that is asked for; null for the configured one.</param>
    public long? FindContextLength(string? model)
    {
        var config = file.ReadOrEmpty();
        var choice = ProviderChoice.Of(config);
        model ??= choice.Model;
        var entry = choice.Provider is null ? null : NamedProvider.Find(config, choice.Provider)?.Settings;
        return Number(ModelOf(entry, model)) ?? (model == choice.Model ? Number(config["model"]) : null);
    }

    private static object? ModelOf(YamlMapping? provider, string? model) => provider?["models"] switch
    {
        YamlMapping byName when model is not null => byName[model],
        List<object?> list => list.OfType<YamlMapping>().FirstOrDefault(entry => EffectiveModel.Text(entry["id"] ?? entry["name"]) == model),
        _ => null,
    };

    private static long? Number(object? settings) => (settings as YamlMapping)?["context_length"] switch
    {
        long and > 0 and var number => number,
        BigInteger number when number > 0 && number <= long.MaxValue => (long)number,
        string text when long.TryParse(text.Trim(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number > 0 => number,
        _ => null,
    };
}
