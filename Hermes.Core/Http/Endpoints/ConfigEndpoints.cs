using Hermes.Core.Configuration;
using Hermes.Core.Http.Caching;
using Hermes.Core.Http.Wire;
using static Hermes.Core.Http.Wire.ConfigWire;

namespace Hermes.Core.Http.Endpoints;

internal static class ConfigEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var routes = endpoints.MapGroup("").WithTags("Config");
        routes.MapGet("/api/config", GetConfig).Named("config").Produces<ConfigAnswer>().ProducesErrors(500);
        routes.MapPatch("/api/config", PatchConfig).Named("config_update")
            .Behind(WriteSwitch.Config).AcceptsJson<PatchConfig>().Produces<ConfigChanged>().ProducesErrors(400, 403, 409, 413, 415, 500);
    }

    /// <summary>Gets the sections of config.yaml that are safe to show, and which model is in effect. A value that is not known to be harmless is shown as [hidden].</summary>
    /// <response code="200">The sections that the file has. Where an API key was left out, has_api_key is true.</response>
    /// <response code="500">The file cannot be read; the text says at which line and column.</response>
    internal static JsonAnswer GetConfig(SafeConfig config, SnapshotAnswers answers)
    {
        var shown = config.ReadShown();
        return answers.Get(shown, "", () => ConfigAnswer.From(shown));
    }

    /// <summary>Changes the model, the provider or the address of the provider in config.yaml, and nothing else in the file.</summary>
    /// <remarks>Comments, order and quotes of the file stay. The agent reads it when its next turn begins.</remarks>
    /// <response code="200">The model, the provider and its address as the file names them now.</response>
    /// <response code="400">The body has none of the three fields or another one, or a value cannot be used; the text says which. Nothing was changed.</response>
    /// <response code="409">The file cannot be parsed, is no regular file, or can only be changed by hand in this place; or a key would be sent to another origin than before. The text says which. Nothing was changed.</response>
    /// <response code="500">The file cannot be written. Nothing was changed.</response>
    internal static async Task<JsonAnswer> PatchConfig(HttpContext http, ConfigWriter writer)
    {
        var body = await RequestBody.ReadObjectAsync(http);
        if (body.IsEmpty()) throw new RequestException("Say what is to change: 'model', 'provider' or 'base_url'");

        foreach (var field in body.EnumerateObject())
        {
            if (field.Name is not ("model" or "provider" or "base_url")) throw new RequestException("Only 'model', 'provider' and 'base_url' can be changed");

            // Null is no way to remove a value: a client that sends all fields would lose what it did not know.
            if (field.Value.ValueKind is not JsonValueKind.String) throw new RequestException($"'{field.Name}' must be a string", param: field.Name);
        }

        var change = new ConfigChange { Model = body.FindText("model"), Provider = body.FindText("provider"), BaseUrl = body.FindText("base_url") };
        var effective = await writer.WriteAndShowAsync(change, http.RequestAborted);
        return JsonAnswer.Of(new ConfigChanged(true, effective.Model, effective.Provider, effective.BaseUrl));
    }
}
