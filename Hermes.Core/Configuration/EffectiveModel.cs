namespace Hermes.Core.Configuration;

/// <summary>Which model the agent asks, and where, as <c>config.yaml</c> says. <c>${NAME}</c> stands as written. Null is what it does not say.</summary>
/// <param name="Model">The model's name: <c>model</c>, or <c>default</c>, <c>model</c> or <c>name</c> in it.</param>
/// <param name="Provider">The provider's name: <c>provider</c> in <c>model</c>, else at the top.</param>
/// <param name="BaseUrl">The provider's address: <c>base_url</c> in <c>model</c>, else that of the entry of <c>providers</c> or <c>custom_providers</c> that the provider's name means.</param>
/// <param name="ApiMode">Which API the provider speaks, such as <c>chat_completions</c>; from the same places as <paramref name="BaseUrl"/>.</param>
public sealed record EffectiveModel(string? Model, string? Provider, string? BaseUrl, string? ApiMode);
