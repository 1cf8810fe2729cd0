namespace Hermes.Host.Chat;

/// <summary>The model provider as this host's own configuration names it: section <c>Hermes:Chat</c>. It wins over the home's config.yaml.</summary>
internal sealed class ProviderOptions
{
    public const string Section = "Hermes:Chat";

    /// <summary>The address of an OpenAI-compatible provider, mostly up to and including <c>/v1</c>.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>The provider's key; never logged, never in an answer.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The model to ask for.</summary>
    public string? Model { get; set; }
}
