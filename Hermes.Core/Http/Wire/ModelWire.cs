using Hermes.Core.Configuration;

namespace Hermes.Core.Http.Wire;

/// <summary>The shapes of the calls on models: their lists, and the model of a session.</summary>
internal static class ModelWire
{
    /// <summary>The models that chat can be asked for.</summary>
    internal sealed record ModelList(string Object, IReadOnlyList<ModelObject> Data);

    /// <summary>A model.</summary>
    internal sealed record ModelObject(
        string Id, string Object, long Created, string OwnedBy, IReadOnlyList<string> Permission, string Root, string? Parent);

    /// <summary>The providers that can be chosen from, and what is configured.</summary>
    /// <param name="Providers">The providers that config.yaml names.</param>
    /// <param name="Model">The configured model; null where none is named.</param>
    /// <param name="Provider">The configured provider; null where none is named.</param>
    internal sealed record ModelOptions(IReadOnlyList<ProviderOption> Providers, string? Model, string? Provider);

    /// <summary>A provider with its models.</summary>
    /// <param name="Slug">Its name for programs.</param>
    /// <param name="Name">Its name for people.</param>
    /// <param name="IsCurrent">Whether it is the configured one.</param>
    /// <param name="Models">The names of its models: as it lists them where it is the configured one and answers, else those that config.yaml names.</param>
    /// <param name="TotalModels">How many they are.</param>
    /// <param name="Authenticated">Whether its address, and the key that it wants, are configured.</param>
    internal sealed record ProviderOption(
        string Slug, string Name, bool IsCurrent, IReadOnlyList<string> Models, int TotalModels, bool Authenticated);

    /// <summary>The models that a provider has.</summary>
    /// <param name="Provider">The provider; null where config.yaml names none.</param>
    /// <param name="Models">Its models, as it lists them; where it cannot be asked, those that config.yaml names.</param>
    /// <param name="Providers">The providers that config.yaml names.</param>
    /// <param name="Error">Why the provider's own list is not there; missing where it is, and where the server asks no providers.</param>
    internal sealed record AvailableModelList(
        string? Provider, IReadOnlyList<AvailableModelObject> Models, IReadOnlyList<AvailableProviderObject> Providers,
        string? Error = null)
    {
        public static AvailableModelList From(ModelDirectory.Listing listing) => new(
            listing.Provider, [.. listing.Models.Select(model => new AvailableModelObject(model.Id, model.Description))],
            [.. listing.Providers.Select(provider => new AvailableProviderObject(provider.Id, provider.Label))], listing.Error);
    }

    /// <summary>A model of a provider.</summary>
    internal sealed record AvailableModelObject(string Id, string Description);

    /// <summary>A provider that config.yaml names.</summary>
    internal sealed record AvailableProviderObject(string Id, string Label);

    /// <summary>Which model answered in a session last, and how much of its context the conversation takes.</summary>
    /// <param name="SessionId">The session.</param>
    /// <param name="Model">The model that answered, as it calls itself; null where nothing says.</param>
    /// <param name="Provider">The configured provider; null where none is named.</param>
    /// <param name="ContextTokens">Tokens of the last call of the model in the last turn, its prompt and its answer: not the sum of the session.</param>
    /// <param name="ContextLength">How many tokens the model takes, where config.yaml says so.</param>
    /// <param name="ContextPercent">How much of that is used, in percent with one decimal place.</param>
    internal sealed record SessionRuntime(
        string SessionId, string? Model, string? Provider, long ContextTokens, long? ContextLength = null, double? ContextPercent = null);

    /// <summary>Chooses the model of a session.</summary>
    /// <param name="Model">The model's name, of at most 256 characters; <c>hermes-agent</c> for the agent's own.</param>
    /// <param name="ModelId">The same, where there is no <c>model</c>.</param>
    /// <param name="Provider">The configured provider, or nothing.</param>
    /// <param name="ModelOptions">An object, which changes nothing.</param>
    internal sealed record LockSessionModel(
        string? Model = null, string? ModelId = null, string? Provider = null, JsonElement? ModelOptions = null);

    /// <summary>The model of a session was chosen.</summary>
    /// <param name="Object">Always <c>hermes.session.model_lock</c>.</param>
    /// <param name="SessionId">The session, as the request named it.</param>
    /// <param name="Runtime">What its turns ask for.</param>
    internal sealed record SessionModelLock(string Object, string SessionId, LockedModel Runtime);

    /// <summary>What the turns of a session ask for.</summary>
    /// <param name="Provider">The configured provider; null where none is named.</param>
    /// <param name="Model">The model.</param>
    /// <param name="RouteSource">Always <c>session</c>.</param>
    /// <param name="Requested">What was asked for.</param>
    /// <param name="ModelLock">Always <c>accepted</c>.</param>
    internal sealed record LockedModel(string? Provider, string Model, string RouteSource, RequestedModel Requested, string ModelLock);

    /// <summary>A model as a client asked for it.</summary>
    /// <param name="Provider">The provider; null where the request names none.</param>
    /// <param name="Model">The model.</param>
    internal sealed record RequestedModel(string? Provider, string Model);
}
