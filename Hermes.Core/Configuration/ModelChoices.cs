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
