using Hermes.Core.Configuration;
using Hermes.Core.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hermes.Core.Http;

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
    internal static async Task<JsonBytes> ListModelOptions(HttpContext http, ModelDirectory directory, ProviderResolver resolver)
    {
        var choices = await directory.ListChoicesAsync(http.RequestAborted);
        return new JsonBytes(RenderedJson.Render(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("providers"u8);
            foreach (var provider in choices.Providers)
            {
                json.WriteStartObject();
                json.WriteString("slug"u8, provider.Id);
                json.WriteString("name"u8, provider.Label);
                json.WriteBoolean("is_current"u8, provider.IsCurrent);
                json.WriteStartArray("models"u8);
                foreach (var model in provider.Models)
                {
                    json.WriteStringValue(model.Id);
                }

                json.WriteEndArray();
                json.WriteNumber("total_models"u8, provider.Models.Count);
                json.WriteBoolean("authenticated"u8, provider.IsListed || CanBeAsked(resolver, provider.IsCurrent ? null : provider.Id));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("model"u8, choices.Model);
            json.WriteString("provider"u8, choices.Provider);
            json.WriteEndObject();
        }));
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
