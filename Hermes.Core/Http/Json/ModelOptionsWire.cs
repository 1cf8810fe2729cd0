using System.Text.Json.Serialization;

namespace Hermes.Core.Http.Json;

/// <summary>The providers that can be chosen from, and what is configured.</summary>
/// <param name="Providers">The providers that config.yaml names.</param>
/// <param name="Model">The configured model; null where none is named.</param>
/// <param name="Provider">The configured provider; null where none is named.</param>
internal sealed record ModelOptions(
    [property: JsonPropertyName("providers")] IReadOnlyList<ProviderOption> Providers,
    [property: JsonPropertyName("model")] string? Model,
    [property: JsonPropertyName("provider")] string? Provider);

/// <summary>A provider with its models.</summary>
internal sealed record ProviderOption
{
    /// <summary>Its name for programs.</summary>
    [JsonPropertyName("slug")]
    public required string Slug { get; init; }

    /// <summary>Its name for people.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Whether it is the configured one.</summary>
    [JsonPropertyName("is_current")]
    public required bool IsCurrent { get; init; }

    /// <summary>The names of its models: as it lists them where it is the configured one and answers, else those that config.yaml names.</summary>
    [JsonPropertyName("models")]
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>How many they are.</summary>
    [JsonPropertyName("total_models")]
    public required int TotalModels { get; init; }

    /// <summary>Whether its address, and the key that it wants, are configured.</summary>
    [JsonPropertyName("authenticated")]
    public required bool Authenticated { get; init; }
}
