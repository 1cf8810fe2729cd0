namespace Hermes.Core.Configuration;

/// <summary>A provider that the agent knows by name and that speaks OpenAI's API. It is taken only with a key, of <c>.env</c> or the environment.</summary>
internal sealed record KnownProvider(string Name, string BaseUrl, string KeyVariable)
{
    /// <summary>All of them. The first two are also found by their key alone: a machine has the keys of others for other programs.</summary>
    public static IReadOnlyList<KnownProvider> All { get; } =
    [
        new("openrouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
        new("openai", "https://api.openai.com/v1", "OPENAI_API_KEY"),
        new("nous", "https://inference-api.nousresearch.com/v1", "NOUS_API_KEY"),
        new("anthropic", "https://api.anthropic.com/v1", "ANTHROPIC_API_KEY"),
        new("gemini", "https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY"),
        new("deepseek", "https://api.deepseek.com/v1", "DEEPSEEK_API_KEY"),
        new("zai", "https://api.z.ai/api/paas/v4", "GLM_API_KEY"),
        new("kimi-coding", "https://api.moonshot.ai/v1", "KIMI_API_KEY"),
    ];

    /// <summary>Those that a key alone is enough for where no provider is named.</summary>
    public static IEnumerable<KnownProvider> Automatic => All.Take(2);

    public string Origin => ShownUrl.OriginOf(BaseUrl)!;

    public static KnownProvider? Find(string name) => All.FirstOrDefault(provider => provider.Name.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase));

    /// <summary>The one whose machine an address names; null where there is none.</summary>
    public static KnownProvider? AtAddress(string address) =>
        ShownUrl.OriginOf(address) is { } origin ? All.FirstOrDefault(provider => provider.Origin == origin) : null;
}
