namespace Hermes.Core.Configuration;

/// <summary>A model provider as an app's own settings name it. It wins over the home's <c>config.yaml</c>. Null or blank is what they do not say.</summary>
public sealed class ProviderOptions
{
    /// <summary>The section of the configuration that <c>AddHermesChatClient</c> and the host read: <c>Hermes:Chat</c>.</summary>
    public const string Section = "Hermes:Chat";

    /// <summary>The address of an OpenAI-compatible provider, mostly up to and including <c>/v1</c>; http or https.</summary>
    public string? BaseUrl { get; set; }
    /// <summary>The provider's key; never logged, never in an answer.</summary>
    public string? ApiKey { get; set; }
    /// <summary>The model to ask for.</summary>
    public string? Model { get; set; }
}
