using System.Text.Json;
using System.Text.Json.Serialization;
using Hermes.Core.Configuration;

namespace Hermes.Core.Http.Wire;

/// <summary>The configuration: each section at the top, and again in <c>config</c>.</summary>
internal sealed record ConfigAnswer : ConfigSections
{
    public ConfigAnswer(ConfigSections config)
        : base(config)
    {
    }

    /// <summary>The same sections.</summary>
    [JsonPropertyName("config")]
    [JsonPropertyOrder(1)]
    public required ConfigSections Config { get; init; }

    /// <summary>Which model the agent asks, and where.</summary>
    [JsonPropertyName("effective")]
    [JsonPropertyOrder(1)]
    public required EffectiveModelObject Effective { get; init; }

    public static ConfigAnswer From(ShownConfig shown)
    {
        var sections = new ConfigSections(shown.Sections);
        return new ConfigAnswer(sections) { Config = sections, Effective = EffectiveModelObject.From(shown.Effective) };
    }
}

/// <summary>The sections of config.yaml that are safe to show. Only those that the file has are in it, as it has them.</summary>
internal record ConfigSections
{
    /// <summary>Takes the sections out of an object of them. One that is null in the file is shown as null, one that is missing is left out.</summary>
    public ConfigSections(JsonElement sections)
    {
        Model = Find("model");
        Provider = Find("provider");
        Display = Find("display");
        Memory = Find("memory");
        TimeZone = Find("timezone");
        Skills = Find("skills");
        Toolsets = Find("toolsets");
        Agent = Find("agent");
        TextToSpeech = Find("tts");
        SpeechToText = Find("stt");
        SmartModelRouting = Find("smart_model_routing");
        CustomProviders = Find("custom_providers");

        JsonElement? Find(string name) => sections.TryGetProperty(name, out var section) ? section : null;
    }

    /// <summary>The default model: a name, or an object with <c>default</c>, <c>provider</c>, <c>base_url</c>, ….</summary>
    [JsonPropertyName("model")]
    public JsonElement? Model { get; init; }

    /// <summary>The default provider.</summary>
    [JsonPropertyName("provider")]
    public JsonElement? Provider { get; init; }

    /// <summary>How answers are shown.</summary>
    [JsonPropertyName("display")]
    public JsonElement? Display { get; init; }

    /// <summary>What the agent remembers, and how much.</summary>
    [JsonPropertyName("memory")]
    public JsonElement? Memory { get; init; }

    /// <summary>The user's time zone.</summary>
    [JsonPropertyName("timezone")]
    public JsonElement? TimeZone { get; init; }

    /// <summary>External folders, disabled skills, settings of skills.</summary>
    [JsonPropertyName("skills")]
    public JsonElement? Skills { get; init; }

    /// <summary>The toolsets that are on.</summary>
    [JsonPropertyName("toolsets")]
    public JsonElement? Toolsets { get; init; }

    /// <summary>How the agent works.</summary>
    [JsonPropertyName("agent")]
    public JsonElement? Agent { get; init; }

    /// <summary>Speech from text.</summary>
    [JsonPropertyName("tts")]
    public JsonElement? TextToSpeech { get; init; }

    /// <summary>Text from speech.</summary>
    [JsonPropertyName("stt")]
    public JsonElement? SpeechToText { get; init; }

    /// <summary>When a cheaper model answers.</summary>
    [JsonPropertyName("smart_model_routing")]
    public JsonElement? SmartModelRouting { get; init; }

    /// <summary>Providers of the user's own.</summary>
    [JsonPropertyName("custom_providers")]
    public JsonElement? CustomProviders { get; init; }
}

/// <summary>Which model the agent asks, and where. Null is what config.yaml does not say.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Provider">The provider's name.</param>
/// <param name="BaseUrl">The provider's address, without secrets.</param>
/// <param name="ApiMode">Which API the provider speaks, for example <c>chat_completions</c>.</param>
internal sealed record EffectiveModelObject(
    [property: JsonPropertyName("model")] string? Model,
    [property: JsonPropertyName("provider")] string? Provider,
    [property: JsonPropertyName("base_url")] string? BaseUrl,
    [property: JsonPropertyName("api_mode")] string? ApiMode)
{
    public static EffectiveModelObject From(EffectiveModel effective) => new(effective.Model, effective.Provider, effective.BaseUrl, effective.ApiMode);
}

/// <summary>What is to change in config.yaml: at least one value. What is left out stays; nothing can be removed.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Provider">The provider's name, for example <c>openrouter</c> or <c>custom:NAME</c>.</param>
/// <param name="BaseUrl">The provider's address: http or https, without user info, secrets or variables.</param>
internal sealed record PatchConfig(
    [property: JsonPropertyName("model")] string? Model = null,
    [property: JsonPropertyName("provider")] string? Provider = null,
    [property: JsonPropertyName("base_url")] string? BaseUrl = null);

/// <summary>config.yaml says this now.</summary>
/// <param name="Ok">Always true.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Provider">The provider's name.</param>
/// <param name="BaseUrl">The provider's address, without secrets.</param>
internal sealed record ConfigChanged(
    [property: JsonPropertyName("ok")] bool Ok,
    [property: JsonPropertyName("model")] string? Model,
    [property: JsonPropertyName("provider")] string? Provider,
    [property: JsonPropertyName("base_url")] string? BaseUrl);
