using Hermes.Core.Diagnostics;
using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>Which model and provider are configured, and which models can be chosen: those that a provider lists, else those that <c>config.yaml</c> names.</summary>
/// <remarks>Everything is fit to be shown. Safe for use from any thread.</remarks>
internal sealed class ModelDirectory(ConfigFile file, IModelSource? source, TimeProvider time, ILogger<ModelDirectory> logger)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5), Lifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FailureLifetime = TimeSpan.FromSeconds(10);
    // Names come from clients: somebody could ask for any number of them.
    private const int MaxKept = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (YamlMapping Config, Task<Answer> Answer)> _questions = new(StringComparer.Ordinal);

    /// <summary>The configured model's name; null where none is named, and where the file cannot be read: an app's own agent needs none.</summary>
    public string? Model => new ConfigView(file.ReadOrEmpty()).ShowEffectiveModel().Model;
    /// <summary>The configured provider's name; null as for <see cref="Model"/>.</summary>
    public string? Provider => new ConfigView(file.ReadOrEmpty()).ShowEffectiveModel().Provider;

    /// <summary>Whether a provider's name means the configured one.</summary>
    public bool IsProvider(string name)
    {
        var config = file.ReadOrEmpty();
        var choice = ProviderChoice.Of(config);
        return choice.Provider is { } configured
            && (NamedProvider.Normalize(name) == NamedProvider.Normalize(configured)
                || (choice.Known is null && choice.Described is { } described
                    && KnownProvider.Find(name) is null && NamedProvider.Find(config, name)?.Settings == described.Settings));
    }

    /// <summary>How many tokens a model, or the configured one, takes: by its entry in the provider's <c>models</c>, else, if it is the configured one, by the section <c>model</c>.</summary>
    public long? FindContextLength(string? model)
    {
        var config = file.ReadOrEmpty();
        var choice = ProviderChoice.Of(config);
        model ??= choice.Model;
        var settings = choice.Described?.Settings["models"] switch
        {
            YamlMapping byName when model is not null => byName[model],
            List<object?> list => list.OfType<YamlMapping>().FirstOrDefault(entry => ProviderChoice.Text(entry["id"] ?? entry["name"]) == model),
            _ => null,
        };
        return ContextLength(settings) ?? (model == choice.Model ? ContextLength(choice.Section) : null);
    }

    /// <summary>The models of a provider, or of the configured one, and the providers that <c>config.yaml</c> names.</summary>
    public async Task<Listing> ListAsync(string? provider, CancellationToken cancellationToken)
    {
        var config = file.Read().Root;
        var view = new ConfigView(config);
        var (models, error, _) = await AskAsync(config, provider, cancellationToken).ConfigureAwait(false);
        var name = provider ?? view.ShowName(ProviderChoice.Of(config).Provider);
        return new(name, models ?? Configured(config, view, provider), [.. Providers(config, view)], error);
    }

    /// <summary>The configured model and provider, and all providers that <c>config.yaml</c> names, each with its models.</summary>
    /// <remarks>The configured provider alone is asked for its own list: a key is needed for each, and time.</remarks>
    public async Task<(string? Model, string? Provider, IReadOnlyList<ProviderModels> Providers)> ListChoicesAsync(CancellationToken cancellationToken)
    {
        var config = file.Read().Root;
        var view = new ConfigView(config);
        var choice = ProviderChoice.Of(config);
        var current = view.ShowName(choice.Provider);
        var entry = view.ShowName(choice.Entry?.Name);
        var listed = (await AskAsync(config, provider: null, cancellationToken).ConfigureAwait(false)).Models;
        return (view.ShowName(choice.Model), current, [.. Providers(config, view).Select(Models)]);

        ProviderModels Models((string Id, string Label) provider)
        {
            var isCurrent = provider.Id == current || provider.Label == entry;
            var isListed = isCurrent && listed is not null;
            return new(provider.Id, provider.Label, isCurrent, isListed, isListed ? listed! : Configured(config, view, isCurrent ? null : provider.Id));
        }
    }

    /// <summary>Lists the names of the configured provider's models, the configured one first: its own list, else what <c>config.yaml</c> names. Names that may not be shown are left out.</summary>
    public async Task<IReadOnlyList<string>> ListNamesAsync(CancellationToken cancellationToken)
    {
        var config = file.ReadOrEmpty();
        var view = new ConfigView(config);
        var configured = ProviderChoice.Of(config).Model is { } model && view.ShowName(model) == model ? model : null;
        var listed = (await AskAsync(config, provider: null, cancellationToken).ConfigureAwait(false)).Models;
        var names = (listed ?? Configured(config, view, provider: null)).Select(model => model.Id).Prepend(configured).OfType<string>();
        return [.. names.Where(name => !name.Contains(SecretText.Mark, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Whether the configured provider may have a model: it is the configured one, or in the provider's own list, or there is no such list.</summary>
    public async Task<bool> MayHaveAsync(string model, CancellationToken cancellationToken)
    {
        var config = file.ReadOrEmpty();
        return ProviderChoice.Of(config).Model == model
            || (await AskAsync(config, provider: null, cancellationToken).ConfigureAwait(false)).Models?.Any(listed => listed.Id == model) is not false;
    }

    // Callers share the question, so that none of them ends it for the others.
    private Task<Answer> AskAsync(YamlMapping config, string? provider, CancellationToken cancellationToken)
    {
        if (source is null) return Task.FromResult(new Answer(Models: null, Error: null, Expires: default));

        lock (_lock)
        {
            if (!_questions.TryGetValue(provider ?? "", out var question) || question.Config != config || HasExpired(question.Answer))
            {
                if (_questions.Count >= MaxKept)
                    _questions.Clear();

                _questions[provider ?? ""] = question = (config, Task.Run(() => AskAsync(source, provider)));
            }

            return question.Answer.WaitAsync(cancellationToken);
        }
    }

    private bool HasExpired(Task<Answer> answer) => answer.IsCompletedSuccessfully && answer.Result.Expires <= time.GetUtcNow();

    private async Task<Answer> AskAsync(IModelSource source, string? provider)
    {
        using var limit = new CancellationTokenSource(Timeout);
        try
        {
            // Null: nobody was asked, and it may be configured by now.
            return await source.ListAsync(provider, limit.Token).WaitAsync(limit.Token).ConfigureAwait(false) is { } models
                ? new(models, Error: null, time.GetUtcNow() + Lifetime)
                : new(Models: null, "The provider's address or key is not configured; these are the models that config.yaml names", time.GetUtcNow());
        }
        catch (Exception exception)
        {
            logger.ModelsNotListed(exception);
            var error = limit.IsCancellationRequested
                ? "The provider did not list its models within 5 seconds; these are those that config.yaml names"
                : "The provider did not list its models; these are those that config.yaml names";
            return new(Models: null, error, time.GetUtcNow() + FailureLifetime);
        }
    }

    private static List<AvailableModel> Configured(YamlMapping config, ConfigView view, string? provider)
    {
        var choice = ProviderChoice.Of(config, provider: provider);
        var names = new[] { choice.Model, ProviderChoice.Text(choice.Entry?.Settings["model"]), ProviderChoice.Text(choice.Entry?.Settings["default_model"]) }
            .Concat(choice.Described?.Settings["models"] switch
            {
                List<object?> list => list.Select(item => ProviderChoice.Text(item is YamlMapping model ? model["id"] ?? model["name"] : item)),
                YamlMapping byName => byName.Entries.Select(model => ProviderChoice.Text(model.Key)),
                _ => [],
            });
        return [.. names.OfType<string>().Select(name => view.ShowName(name)!).Distinct(StringComparer.Ordinal).Select(name => new AvailableModel(name))];
    }

    private static IEnumerable<(string Id, string Label)> Providers(YamlMapping config, ConfigView view)
    {
        // An entry that only has the key of a provider that the agent knows by itself describes none.
        var described = NamedProvider.All(config)
            .Where(entry => KnownProvider.Find(entry.Key) is null || entry.Address is not null)
            .Select(entry => view.ShowName(entry.Name)!)
            .Select(name => (Id: $"{NamedProvider.Prefix}{name}", Label: name));
        var choice = ProviderChoice.Of(config);
        return choice.Entry is null && view.ShowName(choice.Provider) is { } provider ? described.Prepend((provider, provider)) : described;
    }

    private static long? ContextLength(object? settings) => (settings as YamlMapping)?["context_length"] switch
    {
        long and > 0 and var number => number,
        string text when long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => number,
        _ => null,
    };

    /// <summary>The models that a provider lists, or that <c>config.yaml</c> names: the error says why, where the provider was asked.</summary>
    internal sealed record Listing(
        string? Provider, IReadOnlyList<AvailableModel> Models, IReadOnlyList<(string Id, string Label)> Providers, string? Error);

    /// <summary>A provider, the configured one or another, with its models: its own list, or those that the configuration names.</summary>
    internal sealed record ProviderModels(string Id, string Label, bool IsCurrent, bool IsListed, IReadOnlyList<AvailableModel> Models);
    /// <summary>The models that a provider listed, else why not; and until when it is not asked again.</summary>
    private sealed record Answer(IReadOnlyList<AvailableModel>? Models, string? Error, DateTimeOffset Expires);
}
