using Hermes.Core.Configuration;
using Hermes.Core.Http.OpenApi;
using Hermes.Core.Http.Wire;
using Microsoft.AspNetCore.Mvc;

namespace Hermes.Core.Http.Endpoints;

internal static class ModelEndpoints
{
    private const int MaxProviderLength = 256;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var routes = endpoints.MapGroup("").WithTags("Chat").NamesId("model_id");
        routes.MapMethods("/v1/models", HermesRoutes.Reading, ListModels)
            .Named("models")
            .Produces<ModelList>().ProducesOpenAIErrors();
        routes.MapMethods("/v1/models/{id}", HermesRoutes.Reading, GetModel)
            .Named("model")
            .Produces<ModelObject>().ProducesOpenAIErrors(400, 404);
    }

    /// <summary>Maps what a client needs to let its user choose another model in config.yaml.</summary>
    public static void MapChoices(IEndpointRouteBuilder endpoints)
    {
        var routes = endpoints.MapGroup("").WithTags("Config");
        routes.MapMethods("/api/available-models", HermesRoutes.Reading, ListAvailableModels)
            .Named("available_models")
            .Produces<AvailableModelList>().ProducesErrors(400, 500);
        routes.MapMethods("/api/model/options", HermesRoutes.Reading, ListModelOptions)
            .Named("model_options")
            .Produces<ModelOptions>().ProducesErrors(500);
    }

    /// <summary>Lists what chat can be asked for: the agent and, where clients may choose the model, those of the configured provider.</summary>
    /// <response code="200">The models.</response>
    internal static async Task<JsonAnswer> ListModels(HttpContext http, ModelChoice models, TimeProvider time) =>
        JsonAnswer.Of(new ModelList("list", [.. (await models.ListAsync(http.RequestAborted)).Select(name => Describe(name, time))]));

    /// <summary>Gets one of the models that chat can be asked for.</summary>
    /// <param name="http">The request.</param>
    /// <param name="models">The models.</param>
    /// <param name="time">The clock.</param>
    /// <param name="id">The model's id, percent-encoded where it has a slash.</param>
    /// <response code="200">The model.</response>
    /// <response code="404">There is no model with this id.</response>
    internal static async Task<JsonAnswer> GetModel(HttpContext http, ModelChoice models, TimeProvider time, string id)
    {
        var name = RouteText.Decode(http, id, "id");
        return (await models.ListAsync(http.RequestAborted)).Contains(name) ? JsonAnswer.Of(Describe(name, time)) : throw ModelChoice.NotFound(http);
    }

    /// <summary>Lists the models of a provider, as the provider itself lists them. The list is at most five minutes old.</summary>
    /// <param name="http">The request.</param>
    /// <param name="models">The directory.</param>
    /// <param name="provider">The provider's name; the configured one where it is missing.</param>
    /// <response code="200">The models. Where the provider does not answer within five seconds, they are those that config.yaml names, and error says why.</response>
    /// <response code="500">The file cannot be read; the text says at which line and column.</response>
    internal static async Task<JsonAnswer> ListAvailableModels(HttpContext http, ModelDirectory models, [FromQuery] string? provider)
    {
        provider = string.IsNullOrWhiteSpace(provider) ? null : provider.Trim();
        if (provider is { Length: > MaxProviderLength } || provider?.Any(char.IsControl) is true)
            throw new RequestException($"'provider' must be at most {MaxProviderLength} characters, without control characters", param: "provider");

        return JsonAnswer.Tagged(AvailableModelList.From(await models.ListAsync(provider, http.RequestAborted)));
    }

    /// <summary>Lists the providers that config.yaml names, each with its models. Only the configured provider is asked for its own list.</summary>
    /// <response code="200">The providers, and the configured model.</response>
    /// <response code="500">config.yaml cannot be read; the text says at which line and column.</response>
    internal static async Task<JsonAnswer> ListModelOptions(HttpContext http, ModelDirectory directory, ProviderResolver resolver)
    {
        var choices = await directory.ListChoicesAsync(http.RequestAborted);
        return JsonAnswer.Tagged(new ModelOptions([.. choices.Providers.Select(Show)], choices.Model, choices.Provider));

        ProviderOption Show(ModelDirectory.ProviderModels provider) => new(
            provider.Id, provider.Label, provider.IsCurrent, [.. provider.Models.Select(model => model.Id)], provider.Models.Count,
            Authenticated: provider.IsListed || CanBeAsked(resolver, provider.IsCurrent ? null : provider.Id));
    }

    private static ModelObject Describe(string name, TimeProvider time) =>
        new(name, "model", time.GetUtcNow().ToUnixTimeSeconds(), "hermes", Permission: [], Root: name, Parent: null);

    private static bool CanBeAsked(ProviderResolver resolver, string? provider)
    {
        try
        {
            return resolver.Find(provider: provider) is not null;
        }
        catch (ProviderConfigurationException)
        {
            return false;
        }
    }
}
