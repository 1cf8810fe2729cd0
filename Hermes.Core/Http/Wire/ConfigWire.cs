using Hermes.Core.Configuration;

namespace Hermes.Core.Http.Wire;

/// <summary>The shapes of <c>/api/config</c>.</summary>
internal static class ConfigWire
{
    /// <summary>The configuration: each section at the top, and again in <c>config</c>.</summary>
    /// <param name="Config">The same sections.</param>
    /// <param name="Effective">Which model the agent asks, and where.</param>
    internal sealed record ConfigAnswer(
        [property: JsonPropertyOrder(1)] ConfigSections Config, [property: JsonPropertyOrder(1)] EffectiveModelObject Effective) : ConfigSections(Config)
    {
        public static ConfigAnswer From(SafeConfig.Shown shown) => new(From(shown.Sections), EffectiveModelObject.From(shown.Effective));
    }

    /// <summary>The sections of config.yaml that are safe to show. Only those that the file has are in it, as it has them: one that is null there is null here.</summary>
    /// <param name="Model">The default model: a name, or an object with <c>default</c>, <c>provider</c>, <c>base_url</c>, ….</param>
    /// <param name="Provider">The default provider.</param>
    /// <param name="Display">How answers are shown.</param>
    /// <param name="Memory">What the agent remembers, and how much.</param>
    /// <param name="TimeZone">The user's time zone.</param>
    /// <param name="Skills">External folders, disabled skills, settings of skills.</param>
    /// <param name="Toolsets">The toolsets that are on.</param>
    /// <param name="Agent">How the agent works.</param>
    /// <param name="TextToSpeech">Speech from text.</param>
    /// <param name="SpeechToText">Text from speech.</param>
    /// <param name="SmartModelRouting">When a cheaper model answers.</param>
    /// <param name="CustomProviders">Providers of the user's own.</param>
    internal record ConfigSections(
        JsonElement? Model = null, JsonElement? Provider = null, JsonElement? Display = null, JsonElement? Memory = null,
        [property: JsonPropertyName("timezone")] JsonElement? TimeZone = null, JsonElement? Skills = null, JsonElement? Toolsets = null,
        JsonElement? Agent = null, [property: JsonPropertyName("tts")] JsonElement? TextToSpeech = null,
        [property: JsonPropertyName("stt")] JsonElement? SpeechToText = null, JsonElement? SmartModelRouting = null,
        JsonElement? CustomProviders = null)
    {
        public static ConfigSections From(JsonElement sections)
        {
            return new(
                Find("model"), Find("provider"), Find("display"), Find("memory"), Find("timezone"), Find("skills"),
                Find("toolsets"), Find("agent"), Find("tts"), Find("stt"), Find("smart_model_routing"), Find("custom_providers"));

            JsonElement? Find(string name) => sections.TryGetProperty(name, out var section) ? section : null;
        }
    }

    /// <summary>Which model the agent asks, and where. Null is what config.yaml does not say.</summary>
    /// <param name="Model">The model's name.</param>
    /// <param name="Provider">The provider's name.</param>
    /// <param name="BaseUrl">The provider's address, without secrets.</param>
    /// <param name="ApiMode">Which API the provider speaks, for example <c>chat_completions</c>.</param>
    internal sealed record EffectiveModelObject(string? Model, string? Provider, string? BaseUrl, string? ApiMode)
    {
        public static EffectiveModelObject From(EffectiveModel effective) => new(effective.Model, effective.Provider, effective.BaseUrl, effective.ApiMode);
    }

    /// <summary>What is to change in config.yaml: at least one value. What is left out stays; nothing can be removed.</summary>
    /// <param name="Model">The model's name.</param>
    /// <param name="Provider">The provider's name, for example <c>openrouter</c> or <c>custom:NAME</c>.</param>
    /// <param name="BaseUrl">The provider's address: http or https, without user info, secrets or variables.</param>
    internal sealed record PatchConfig(string? Model = null, string? Provider = null, string? BaseUrl = null);

    /// <summary>config.yaml says this now.</summary>
    /// <param name="Ok">Always true.</param>
    /// <param name="Model">The model's name.</param>
    /// <param name="Provider">The provider's name.</param>
    /// <param name="BaseUrl">The provider's address, without secrets.</param>
    internal sealed record ConfigChanged(bool Ok, string? Model, string? Provider, string? BaseUrl);
}
