using System.Text.Json.Serialization;
using Hermes.Core.Configuration;

namespace Hermes.Core.Http.Json;

/// <summary>The configuration: each section at the top, and again in <c>config</c>.</summary>
internal sealed record ConfigAnswer : ConfigSections
{
    /// <summary>The same sections.</summary>
    [JsonPropertyName("config")]
    public required ConfigSections Config { get; init; }

    /// <summary>Which model the agent asks, and where.</summary>
    [JsonPropertyName("effective")]
    public required EffectiveModelObject Effective { get; init; }
}

/// <summary>Which model the agent asks, and where. Null is what config.yaml does not say.</summary>
internal sealed record EffectiveModelObject
{
    /// <summary>The model's name.</summary>
    [JsonPropertyName("model")]
    public required string? Model { get; init; }

    /// <summary>The provider's name.</summary>
    [JsonPropertyName("provider")]
    public required string? Provider { get; init; }

    /// <summary>The provider's address, without secrets.</summary>
    [JsonPropertyName("base_url")]
    public required string? BaseUrl { get; init; }

    /// <summary>Which API the provider speaks, for example <c>chat_completions</c>.</summary>
    [JsonPropertyName("api_mode")]
    public required string? ApiMode { get; init; }
}

/// <summary>What is to change in config.yaml: at least one value. What is left out stays; nothing can be removed.</summary>
internal sealed record PatchConfig
{
    /// <summary>The model's name.</summary>
    [JsonPropertyName("model")]
    public string? Model { get; init; }

    /// <summary>The provider's name, for example <c>openrouter</c> or <c>custom:NAME</c>.</summary>
    [JsonPropertyName("provider")]
    public string? Provider { get; init; }

    /// <summary>The provider's address: http or https, without user info, secrets or variables.</summary>
    [JsonPropertyName("base_url")]
    public string? BaseUrl { get; init; }
}

/// <summary>config.yaml says this now.</summary>
internal sealed record ConfigChanged
{
    /// <summary>Always true.</summary>
    [JsonPropertyName("ok")]
    public required bool Ok { get; init; }

    /// <summary>The model's name.</summary>
    [JsonPropertyName("model")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? Model { get; init; }

    /// <summary>The provider's name.</summary>
    [JsonPropertyName("provider")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? Provider { get; init; }

    /// <summary>The provider's address, without secrets.</summary>
    [JsonPropertyName("base_url")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? BaseUrl { get; init; }

    /// <summary>What may be shown of it.</summary>
    public static ConfigChanged From(EffectiveModel shown) => new() { Ok = true, Model = shown.Model, Provider = shown.Provider, BaseUrl = shown.BaseUrl };
}

/// <summary>The models that a provider has.</summary>
internal sealed record AvailableModelList
{
    /// <summary>The provider; null where config.yaml names none.</summary>
    [JsonPropertyName("provider")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? Provider { get; init; }

    /// <summary>Its models, as it lists them; where it cannot be asked, those that config.yaml names.</summary>
    [JsonPropertyName("models")]
    public required IReadOnlyList<AvailableModelObject> Models { get; init; }

    /// <summary>The providers that config.yaml names.</summary>
    [JsonPropertyName("providers")]
    public required IReadOnlyList<AvailableProviderObject> Providers { get; init; }

    /// <summary>Why the provider's own list is not there; missing where it is, and where the server asks no providers.</summary>
    [JsonPropertyName("error")]
    public string? Error { get; init; }

    /// <summary>The models as they are shown.</summary>
    public static AvailableModelList From(ModelListing listing) => new()
    {
        Provider = listing.Provider,
        Models = [.. listing.Models.Select(model => new AvailableModelObject(model.Id, model.Description))],
        Providers = [.. listing.Providers.Select(provider => new AvailableProviderObject(provider.Id, provider.Label))],
        Error = listing.Error,
    };
}

/// <summary>A model of a provider.</summary>
internal sealed record AvailableModelObject(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("description")] string Description);

/// <summary>A provider that config.yaml names.</summary>
internal sealed record AvailableProviderObject(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("label")] string Label);
