using Hermes.Core.Configuration;
using Hermes.Core.Http.OpenApi;
using Hermes.Core.Http.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hermes.Core.Http.Endpoints;

internal static class ModelOptionEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods("/api/model/options", HermesRoutes.Reading, ListModelOptions)
            .Named("model_options")
            .WithTags("Config")
            .Produces<ModelOptions>().ProducesErrors(500);

    /// <summary>Lists the providers that config.yaml names, each with its models. The configured one alone is asked for its list.</summary>
    /// <response code="200">The providers, and the configured model.</response>
    /// <response code="500">config.yaml cannot be read; the text says at which line and column.</response>
    internal static async Task<JsonAnswer> ListModelOptions(HttpContext http, ModelDirectory directory, ProviderResolver resolver)
    {
        var choices = await directory.ListChoicesAsync(http.RequestAborted);
        return JsonAnswer.Tagged(new ModelOptions([.. choices.Providers.Select(Show)], choices.Model, choices.Provider));

        ProviderOption Show(ProviderModels provider) => new(
            provider.Id, provider.Label, provider.IsCurrent, [.. provider.Models.Select(model => model.Id)], provider.Models.Count,
            Authenticated: provider.IsListed || CanBeAsked(resolver, provider.IsCurrent ? null : provider.Id));
    }

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
