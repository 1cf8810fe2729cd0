namespace Hermes.Core.Configuration;

/// <summary>Where the model is and what it is called.</summary>
/// <param name="BaseUrl">The address of an OpenAI-compatible API; http or https.</param>
/// <param name="ApiKey">Its key, of visible ASCII characters; null where it wants none.</param>
/// <param name="Model">The model's name there; empty where a provider was asked for by name and none of its models is configured.</param>
public sealed record ProviderSettings(Uri BaseUrl, string? ApiKey, string Model)
{
    /// <summary>Names the model and the machine: a key, and an address that holds one, stay out of logs.</summary>
    public override string ToString() => $"{Model} at {BaseUrl.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}";
}
