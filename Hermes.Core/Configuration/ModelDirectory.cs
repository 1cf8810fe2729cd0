using Hermes.Core.Diagnostics;
using Hermes.Core.Yaml;

namespace Hermes.Core.Configuration;

/// <summary>Which models can be chosen: those that a provider lists, else those that <c>config.yaml</c> names.</summary>
/// <remarks>Safe for use from any thread.</remarks>
internal sealed class ModelDirectory(ConfigFile file, IModelSource? source, TimeProvider time, ILogger<ModelDirectory> logger)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FailureLifetime = TimeSpan.FromSeconds(10);

    // Names come from clients: somebody could ask for any number of them.
    private const int MaxKept = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Listing> _listings = new(StringComparer.Ordinal);

    /// <summary>The models of a provider, and the providers that <c>config.yaml</c> names.</summary>
    /// <param name="provider">The provider's name; null for the one that is configured.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConfigUnreadableException">The file cannot be read.</exception>
    public async Task<ModelListing> ListAsync(string? provider, CancellationToken cancellationToken)
    {
        var config = file.Read().Root;
        var view = new ConfigView(config, KnownKeys.Default);
        var (models, error) = await AskAsync(config, provider, cancellationToken).ConfigureAwait(false);
        return new(
            provider ?? view.ShowName(ProviderChoice.Of(config).Provider),
            models ?? Configured(config, view, provider),
            [.. Providers(config, view)],
            error);
    }

    /// <summary>All providers that <c>config.yaml</c> names, each with its models. The configured one alone is asked: a key is needed for each, and time.</summary>
    /// <exception cref="ConfigUnreadableException">The file cannot be read.</exception>
    public async Task<ModelChoices> ListChoicesAsync(CancellationToken cancellationToken)
    {
        var config = file.Read().Root;
        var view = new ConfigView(config, KnownKeys.Default);
        var choice = ProviderChoice.Of(config);
        var current = view.ShowName(choice.Provider);
        var described = choice.Provider is null ? null : view.ShowName(NamedProvider.Find(config, choice.Provider)?.Name);
        var (listed, _) = await AskAsync(config, provider: null, cancellationToken).ConfigureAwait(false);
        return new ModelChoices(
            view.ShowName(choice.Model),
            current,
            [
                .. from provider in Providers(config, view)
                   let isCurrent = provider.Id == current || (choice.Entry is not null && provider.Label == described)
                   select isCurrent && listed is not null
                       ? new ProviderModels(provider.Id, provider.Label, IsCurrent: true, IsListed: true, listed)
                       : new ProviderModels(provider.Id, provider.Label, isCurrent, IsListed: false, Configured(config, view, isCurrent ? null : provider.Id)),
            ]);
    }

    /// <summary>Lists the names of the configured provider's models, the configured one first: its own list, else what <c>config.yaml</c> names. Names that may not be shown are left out.</summary>
    /// <remarks>A file that cannot be read names none: an app's own agent needs none.</remarks>
    public async Task<IReadOnlyList<string>> ListNamesAsync(CancellationToken cancellationToken)
    {
        var config = file.ReadOrEmpty();
        var view = new ConfigView(config, KnownKeys.Default);
        var configured = ProviderChoice.Of(config).Model is { } model && view.ShowName(model) == model ? model : null;
        var (listed, _) = await AskAsync(config, provider: null, cancellationToken).ConfigureAwait(false);
        return
        [
            .. (listed ?? Configured(config, view, provider: null)).Select(model => model.Id).Prepend(configured).OfType<string>()
                .Where(name => !name.Contains(SecretText.Mark, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>Whether the configured provider may have a model: it is the configured one, or in the provider's own list, or there is no such list.</summary>
    public async Task<bool> MayHaveAsync(string model, CancellationToken cancellationToken)
    {
        var config = file.ReadOrEmpty();
        return ProviderChoice.Of(config).Model == model
            || (await AskAsync(config, provider: null, cancellationToken).ConfigureAwait(false)).Models?.Any(listed => listed.Id == model) is not false;
    }

    private async Task<(IReadOnlyList<AvailableModel>? Models, string? Error)> AskAsync(
        YamlMapping config, string? provider, CancellationToken cancellationToken)
    {
        if (source is null)
            return default;

        var key = provider ?? "";
        Listing? listing;
        lock (_lock)
        {
            if (!_listings.TryGetValue(key, out listing) || listing.Config != config || listing.Expires <= time.GetUtcNow())
            {
                if (_listings.Count >= MaxKept)
                    _listings.Clear();

                _listings[key] = listing = new Listing(config);
                _ = AskAsync(source, provider, listing);
            }
        }

        // Callers share the question, so that none of them ends it for the others.
        return await listing.Answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task AskAsync(IModelSource source, string? provider, Listing listing)
    {
        // The caller holds the lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var limit = new CancellationTokenSource(Timeout);
        IReadOnlyList<AvailableModel>? models = null;
        string? error = null;
        var lifetime = Lifetime;
        try
        {
            models = await source.ListAsync(provider, limit.Token).WaitAsync(limit.Token).ConfigureAwait(false);
            if (models is null)
            {
                error = "The provider's address or key is not configured; these are the models that config.yaml names";

                // Nobody was asked, and it may be configured by now.
                lifetime = TimeSpan.Zero;
            }
        }
        catch (Exception exception)
        {
            logger.ModelsNotListed(exception);
            error = limit.IsCancellationRequested
                ? "The provider did not list its models within 5 seconds; these are those that config.yaml names"
                : "The provider did not list its models; these are those that config.yaml names";
            lifetime = FailureLifetime;
        }

        lock (_lock)
        {
            listing.Expires = time.GetUtcNow() + lifetime;
        }

        listing.Answer.SetResult((models, error));
    }

    private static List<AvailableModel> Configured(YamlMapping config, ConfigView view, string? provider)
    {
        var choice = ProviderChoice.Of(config, provider: provider);
        var entry = choice.Provider is { } name ? NamedProvider.Find(config, name)?.Settings : null;
        var names = new[] { choice.Model, choice.Entry?["model"], choice.Entry?["default_model"] }
            .Concat(entry?["models"] switch
            {
                List<object?> list => list.Select(item => EffectiveModel.Text(item is YamlMapping model ? model["id"] ?? model["name"] : item)),
                YamlMapping byName => byName.Entries.Select(model => EffectiveModel.Text(model.Key)),
                _ => [],
            });
        return [.. names.OfType<string>().Select(name => view.ShowName(name)!).Distinct(StringComparer.Ordinal).Select(name => new AvailableModel(name))];
    }

    private static IEnumerable<(string Id, string Label)> Providers(YamlMapping config, ConfigView view)
    {
        // An entry that only has the key of a provider that the agent knows by itself describes none.
        var described = NamedProvider.All(config)
            .Where(entry => KnownProvider.Find(entry.Key) is null || NamedProvider.AddressOf(new ConfigSection(entry.Settings)) is not null)
            .Select(entry => view.ShowName(entry.Name)!)
            .Select(name => (Id: $"{NamedProvider.Prefix}{name}", Label: name));
        var choice = ProviderChoice.Of(config);
        return choice.Entry is null && view.ShowName(choice.Provider) is { } provider ? described.Prepend((provider, provider)) : described;
    }

    /// <summary>What a provider was asked, and answered.</summary>
    private sealed class Listing(YamlMapping config)
    {
        public YamlMapping Config => config;

        /// <summary>Null as long as there is no answer.</summary>
        public DateTimeOffset? Expires { get; set; }

        public TaskCompletionSource<(IReadOnlyList<AvailableModel>? Models, string? Error)> Answer { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
