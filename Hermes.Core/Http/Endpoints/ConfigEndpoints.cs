using System.Text.Json;
using Hermes.Core.Configuration;
using Hermes.Core.Http.Caching;
using Hermes.Core.Http.OpenApi;
using Hermes.Core.Http.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Hermes.Core.Http.Endpoints;

internal static class ConfigEndpoints
{
    private const int MaxProviderLength = 256;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var routes = endpoints.MapGroup("").WithTags("Config");
        routes.MapMethods("/api/config", HermesRoutes.Reading, GetConfig)
            .Named("config")
            .Produces<ConfigAnswer>().ProducesErrors(500);
        routes.MapMethods("/api/config", HermesRoutes.Patch, PatchConfig)
            .Named("config_update")
            .Behind(WriteSwitch.Config).AcceptsJson<PatchConfig>().Produces<ConfigChanged>().ProducesErrors(400, 403, 409, 413, 415, 500);
        routes.MapMethods("/api/available-models", HermesRoutes.Reading, ListModels)
            .Named("available_models")
            .Produces<AvailableModelList>().ProducesErrors(400, 500);
    }

    /// <summary>Gets the sections of config.yaml that may be shown, and which model is in effect: what is not known to be harmless is [hidden].</summary>
    /// <response code="200">The sections that the file has. Where an API key was removed, has_api_key stands.</response>
    /// <response code="500">The file cannot be read; the text says at which line and column.</response>
    internal static JsonAnswer GetConfig(SafeConfig config, SnapshotAnswers answers)
    {
        var shown = config.ReadShown();
        return answers.Get(shown, "", () => ConfigAnswer.From(shown));
    }

    /// <summary>Changes the model, the provider or its address in config.yaml, and not a character beside them.</summary>
    /// <remarks>Comments, order and quotes of the file stay. The agent reads it when its next turn begins.</remarks>
    /// <response code="200">What the file says now.</response>
    /// <response code="400">The body has no or other fields, or a value cannot be used; the text says which. Nothing was changed.</response>
    /// <response code="403">Changes of the configuration are switched off.</response>
    /// <response code="409">The file is broken or no regular file, or such that only a change by hand can make this one, or a key would go to another origin than before. Nothing was changed.</response>
    /// <response code="500">The file cannot be written. Nothing was changed.</response>
    internal static async Task<JsonAnswer> PatchConfig(HttpContext http, ConfigWriter writer)
    {
        using var body = await RequestBody.ReadObjectAsync(http);
        var effective = await writer.WriteAndShowAsync(ReadChange(body?.RootElement ?? default), http.RequestAborted);
        return JsonAnswer.Of(new ConfigChanged(true, effective.Model, effective.Provider, effective.BaseUrl));
    }

    /// <summary>Lists the models that can be chosen, as the provider lists them, at most five minutes old.</summary>
    /// <param name="http">The request.</param>
    /// <param name="models">The directory.</param>
    /// <param name="provider">The provider's name; the configured one where it is missing.</param>
    /// <response code="200">The models. Where the provider does not answer within five seconds, those that config.yaml names, and error says so.</response>
    /// <response code="500">The file cannot be read; the text says at which line and column.</response>
    internal static async Task<JsonAnswer> ListModels(HttpContext http, ModelDirectory models, [FromQuery] string? provider)
    {
        provider = string.IsNullOrWhiteSpace(provider) ? null : provider.Trim();
        if (provider is { Length: > MaxProviderLength } || provider?.Any(char.IsControl) is true)
        {
            throw new RequestException($"'provider' must be at most {MaxProviderLength} characters, without control characters", param: "provider");
        }

        return JsonAnswer.Tagged(AvailableModelList.From(await models.ListAsync(provider, http.RequestAborted)));
    }

    private static ConfigChange ReadChange(JsonElement body)
    {
        if (body.ValueKind is not JsonValueKind.Object || body.GetPropertyCount() == 0)
        {
            throw new RequestException("Say what is to change: 'model', 'provider' or 'base_url'");
        }

        foreach (var field in body.EnumerateObject())
        {
            if (field.Name is not ("model" or "provider" or "base_url"))
            {
                throw new RequestException("Only 'model', 'provider' and 'base_url' can be changed");
            }

            // Null is no way to remove a value: a client that sends all fields would lose what it did not know.
            if (field.Value.ValueKind is not JsonValueKind.String)
            {
                throw new RequestException($"'{field.Name}' must be a string", param: field.Name);
            }
        }

        return new ConfigChange { Model = body.FindText("model"), Provider = body.FindText("provider"), BaseUrl = body.FindText("base_url") };
    }
}
