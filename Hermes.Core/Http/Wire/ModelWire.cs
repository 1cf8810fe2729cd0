using Hermes.Core.Configuration;

namespace Hermes.Core.Http.Wire;

/// <summary>The models that chat can be asked for.</summary>
internal sealed record ModelList(
    [property: JsonPropertyName("object")] string Object,
    [property: JsonPropertyName("data")] IReadOnlyList<ModelObject> Data);

/// <summary>A model.</summary>
internal sealed record ModelObject(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("object")] string Object,
    [property: JsonPropertyName("created")] long Created,
    [property: JsonPropertyName("owned_by")] string OwnedBy,
    [property: JsonPropertyName("permission")] IReadOnlyList<string> Permission,
    [property: JsonPropertyName("root")] string Root,
    [property: JsonPropertyName("parent")] string? Parent);

/// <summary>The providers that can be chosen from, and what is configured.</summary>
/// <param name="Providers">The providers that config.yaml names.</param>
/// <param name="Model">The configured model; null where none is named.</param>
/// <param name="Provider">The configured provider; null where none is named.</param>
internal sealed record ModelOptions(
    [property: JsonPropertyName("providers")] IReadOnlyList<ProviderOption> Providers,
    [property: JsonPropertyName("model")] string? Model,
    [property: JsonPropertyName("provider")] string? Provider);

/// <summary>A provider with its models.</summary>
/// <param name="Slug">Its name for programs.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="IsCurrent">Whether it is the configured one.</param>
/// <param name="Models">The names of its models: as it lists them where it is the configured one and answers, else those that config.yaml names.</param>
/// <param name="TotalModels">How many they are.</param>
/// <param name="Authenticated">Whether its address, and the key that it wants, are configured.</param>
internal sealed record ProviderOption(
    [property: JsonPropertyName("slug")] string Slug,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("is_current")] bool IsCurrent,
    [property: JsonPropertyName("models")] IReadOnlyList<string> Models,
    [property: JsonPropertyName("total_models")] int TotalModels,
    [property: JsonPropertyName("authenticated")] bool Authenticated);

/// <summary>The models that a provider has.</summary>
/// <param name="Provider">The provider; null where config.yaml names none.</param>
/// <param name="Models">Its models, as it lists them; where it cannot be asked, those that config.yaml names.</param>
/// <param name="Providers">The providers that config.yaml names.</param>
/// <param name="Error">Why the provider's own list is not there; missing where it is, and where the server asks no providers.</param>
internal sealed record AvailableModelList(
    [property: JsonPropertyName("provider")] string? Provider,
    [property: JsonPropertyName("models")] IReadOnlyList<AvailableModelObject> Models,
    [property: JsonPropertyName("providers")] IReadOnlyList<AvailableProviderObject> Providers,
    [property: JsonPropertyName("error")] string? Error = null)
{
    public static AvailableModelList From(ModelDirectory.Listing listing) => new(
        listing.Provider,
        [.. listing.Models.Select(model => new AvailableModelObject(model.Id, model.Description))],
        [.. listing.Providers.Select(provider => new AvailableProviderObject(provider.Id, provider.Label))],
        listing.Error);
}

/// <summary>A model of a provider.</summary>
internal sealed record AvailableModelObject(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("description")] string Description);

/// <summary>A provider that config.yaml names.</summary>
internal sealed record AvailableProviderObject(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("label")] string Label);
