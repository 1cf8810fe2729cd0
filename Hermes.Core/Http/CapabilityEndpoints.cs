using Hermes.Core.Http.Json;
using Hermes.Core.Rendering;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hermes.Core.Http;

internal static class CapabilityEndpoints
{
    // What a user would call a feature, and the call without which there is none.
    private static readonly (string Feature, string Method, string Path)[] Features =
    [
        ("chat_completions", "POST", "/v1/chat/completions"),
        ("models", "GET", "/v1/models"),
        ("run_events", "GET", "/v1/runs/{run_id}/events"),
        ("sessions", "GET", "/api/sessions"),
        ("session_writes", "POST", "/api/sessions"),
        ("session_search", "GET", "/api/sessions/search"),
        ("session_fork", "POST", "/api/sessions/{id}/fork"),
        ("session_chat", "POST", "/api/sessions/{id}/chat"),
        ("session_chat_streaming", "POST", "/api/sessions/{id}/chat/stream"),
        ("memory", "GET", "/api/memory"),
        ("memory_writes", "POST", "/api/memory"),
        ("skills", "GET", "/api/skills"),
        ("skill_categories", "GET", "/api/skills/categories"),
        ("skill_details", "GET", "/api/skills/{name}"),
        ("config", "GET", "/api/config"),
        ("config_writes", "PATCH", "/api/config"),
        ("available_models", "GET", "/api/available-models"),
        ("change_events", "GET", "/api/events"),
    ];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/v1/capabilities", HermesRoutes.Reading, GetCapabilities)
            .WithTags("Health")
            .Produces<Capabilities>().ProducesErrors();

    /// <summary>Says what this server serves, and what of it is switched on.</summary>
    /// <response code="200">The features and the calls.</response>
    internal static JsonBytes GetCapabilities(EndpointDataSource endpoints, HermesApiOptions options)
    {
        var calls = List(endpoints, options);
        return new JsonBytes(RenderedJson.Render(json =>
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "hermes.capabilities"u8);
            json.WriteString("platform"u8, "hermes-agent"u8);
            json.WriteStartObject("features"u8);
            foreach (var (feature, method, path) in Features)
            {
                // The end of the path: an application may map the API below a prefix.
                json.WriteBoolean(feature, calls.Exists(call => call.Enabled && call.Method == method && call.Path.EndsWith(path, StringComparison.Ordinal)));
            }

            json.WriteEndObject();
            json.WriteStartArray("endpoints"u8);
            foreach (var call in calls)
            {
                json.WriteStartObject();
                json.WriteString("method"u8, call.Method);
                json.WriteString("path"u8, call.Path);
                json.WriteBoolean("enabled"u8, call.Enabled);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }));
    }

    // What answers other methods and unknown paths has no methods in its metadata.
    private static List<CapabilityEndpoint> List(EndpointDataSource endpoints, HermesApiOptions options) =>
    [
        .. from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
           where endpoint.Metadata.GetMetadata<HermesEndpoint>() is not null
           let required = endpoint.Metadata.GetMetadata<WriteSwitch>()
           from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
           where !HttpMethods.IsHead(method)
           select new CapabilityEndpoint { Method = method, Path = endpoint.RoutePattern.RawText!, Enabled = required?.IsOn(options) is not false },
    ];
}
