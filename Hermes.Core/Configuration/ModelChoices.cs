namespace Hermes.Core.Configuration;

/// <summary>What a client may offer to choose from, fit to be shown.</summary>
/// <param name="Model">The configured model; null where none is named.</param>
/// <param name="Provider">The configured provider; null where none is named.</param>
/// <param name="Providers">The providers that are named, the configured one among them.</param>
internal sealed record ModelChoices(string? Model, string? Provider, IReadOnlyList<ProviderModels> Providers);

/// <summary>A provider with its models.</summary>
/// <param name="Id">What names it.</param>
/// <param name="Label">Its name for people.</param>
/// <param name="IsCurrent">Whether it is the configured one.</param>
/// <param name="IsListed">Whether the models are its own list; else they are those that the configuration names.</param>
/// <param name="Models">Its models.</param>
internal sealed record ProviderModels(string Id, string Label, bool IsCurrent, bool IsListed, IReadOnlyList<AvailableModel> Models);

/// <summary>The models that a provider has, fit to be shown.</summary>
/// <param name="Provider">The provider; null where <c>config.yaml</c> names none.</param>
/// <param name="Models">Its models, as it lists them; where it cannot be asked, those that <c>config.yaml</c> names.</param>
/// <param name="Providers">What names each provider of <c>config.yaml</c>, and its name for people.</param>
/// <param name="Error">Why its own list is not there; null where it is, and where nobody is asked.</param>
internal sealed record ModelListing(
    string? Provider, IReadOnlyList<AvailableModel> Models, IReadOnlyList<(string Id, string Label)> Providers, string? Error);
