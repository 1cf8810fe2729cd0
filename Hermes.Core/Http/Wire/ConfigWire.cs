using Hermes.Core.Configuration;

namespace Hermes.Core.Http.Wire;

/// <summary>The shapes of <c>/api/config</c> and of the calls on models: their lists, and the model of a session.</summary>
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
        public static ConfigSections From(JsonElement sections) => new(
            sections.FindField("model"), sections.FindField("provider"), sections.FindField("display"), sections.FindField("memory"),
            sections.FindField("timezone"), sections.FindField("skills"), sections.FindField("toolsets"), sections.FindField("agent"),
            sections.FindField("tts"), sections.FindField("stt"), sections.FindField("smart_model_routing"), sections.FindField("custom_providers"));
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

    /// <summary>The models that chat can be asked for.</summary>
    internal sealed record ModelList(string Object, IReadOnlyList<ModelObject> Data);
    /// <summary>A model.</summary>
    internal sealed record ModelObject(string Id, string Object, long Created, string OwnedBy, IReadOnlyList<string> Permission, string Root, string? Parent);

    /// <summary>The providers that can be chosen from, and what is configured.</summary>
    /// <param name="Providers">The providers that config.yaml names.</param>
    /// <param name="Model">The configured model; null where none is named.</param>
    /// <param name="Provider">The configured provider; null where none is named.</param>
    internal sealed record ModelOptions(IReadOnlyList<ProviderOption> Providers, string? Model, string? Provider);

    /// <summary>A provider with its models.</summary>
    /// <param name="Slug">Its name for programs.</param>
    /// <param name="Name">Its name for people.</param>
    /// <param name="IsCurrent">Whether it is the configured one.</param>
    /// <param name="Models">The names of its models: as it lists them where it is the configured one and answers, else those that config.yaml names.</param>
    /// <param name="TotalModels">How many they are.</param>
    /// <param name="Authenticated">Whether its address, and the key that it wants, are configured.</param>
    internal sealed record ProviderOption(string Slug, string Name, bool IsCurrent, IReadOnlyList<string> Models, int TotalModels, bool Authenticated);

    /// <summary>The models that a provider has.</summary>
    /// <param name="Provider">The provider; null where config.yaml names none.</param>
    /// <param name="Models">Its models, as it lists them; where it cannot be asked, those that config.yaml names.</param>
    /// <param name="Providers">The providers that config.yaml names.</param>
    /// <param name="Error">Why the provider's own list is not there; missing where it is, and where the server asks no providers.</param>
    internal sealed record AvailableModelList(
        string? Provider, IReadOnlyList<AvailableModelObject> Models, IReadOnlyList<AvailableProviderObject> Providers, string? Error = null)
    {
        public static AvailableModelList From(ModelDirectory.Listing listing) => new(
            listing.Provider, [.. listing.Models.Select(model => new AvailableModelObject(model.Id, model.Description))],
            [.. listing.Providers.Select(provider => new AvailableProviderObject(provider.Id, provider.Label))], listing.Error);
    }

    /// <summary>A model of a provider.</summary>
    internal sealed record AvailableModelObject(string Id, string Description);
    /// <summary>A provider that config.yaml names.</summary>
    internal sealed record AvailableProviderObject(string Id, string Label);

    /// <summary>Which model answered in a session last, and how much of its context the conversation takes.</summary>
    /// <param name="SessionId">The session.</param>
    /// <param name="Model">The model that answered, as it calls itself; null where nothing says.</param>
    /// <param name="Provider">The configured provider; null where none is named.</param>
    /// <param name="ContextTokens">Tokens of the last call of the model in the last turn, its prompt and its answer: not the sum of the session.</param>
    /// <param name="ContextLength">How many tokens the model takes, where config.yaml says so.</param>
    /// <param name="ContextPercent">How much of that is used, in percent with one decimal place.</param>
    internal sealed record SessionRuntime(
        string SessionId, string? Model, string? Provider, long ContextTokens, long? ContextLength = null, double? ContextPercent = null);

    /// <summary>Chooses the model of a session.</summary>
    /// <param name="Model">The model's name, of at most 256 characters; <c>hermes-agent</c> for the agent's own.</param>
    /// <param name="ModelId">The same, where there is no <c>model</c>.</param>
    /// <param name="Provider">The configured provider, or nothing.</param>
    /// <param name="ModelOptions">An object, which changes nothing.</param>
    internal sealed record LockSessionModel(string? Model = null, string? ModelId = null, string? Provider = null, JsonElement? ModelOptions = null);

    /// <summary>The model of a session was chosen.</summary>
    /// <param name="Object">Always <c>hermes.session.model_lock</c>.</param>
    /// <param name="SessionId">The session, as the request named it.</param>
    /// <param name="Runtime">What its turns ask for.</param>
    internal sealed record SessionModelLock(string Object, string SessionId, LockedModel Runtime);

    /// <summary>What the turns of a session ask for.</summary>
    /// <param name="Provider">The configured provider; null where none is named.</param>
    /// <param name="Model">The model.</param>
    /// <param name="RouteSource">Always <c>session</c>.</param>
    /// <param name="Requested">What was asked for.</param>
    /// <param name="ModelLock">Always <c>accepted</c>.</param>
    internal sealed record LockedModel(string? Provider, string Model, string RouteSource, RequestedModel Requested, string ModelLock);

    /// <summary>A model as a client asked for it.</summary>
    /// <param name="Provider">The provider; null where the request names none.</param>
    /// <param name="Model">The model.</param>
    internal sealed record RequestedModel(string? Provider, string Model);
}
