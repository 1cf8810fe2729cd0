using Hermes.Core.Http.OpenAI;
using Hermes.Core.Http.Security;
using Hermes.Core.Http.Wire;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Routing.Patterns;
using static Hermes.Core.Http.Wire.AgentWire;

namespace Hermes.Core.Http.Endpoints;

/// <summary>What the server can do, and the conventions by which endpoints say their part of it.</summary>
internal static class CapabilityEndpoints
{
    /// <summary>What a client may offer its user, and the endpoints, by their names, without which there is no such thing; nobody maps all of the agent's.</summary>
    private static readonly (string Feature, string[] Endpoints)[] Features =
    [
        ("chat_completions", ["chat_completions"]), ("chat_completions_streaming", ["chat_completions"]),
        ("responses_api", ["responses"]), ("responses_streaming", ["responses"]),
        ("run_submission", ["runs"]), ("run_status", ["run_status"]), ("run_events_sse", ["run_events"]), ("run_stop", ["run_stop"]),
        ("run_steer", ["run_steer"]), ("run_approval_response", ["run_approval"]), ("tool_progress_events", ["chat_completions"]),
        ("approval_events", ["run_approval"]),

        // To read them: whether they may be changed as well is said by their endpoints and by session_writes.
        ("session_resources", ["sessions", "session", "session_messages"]), ("model_options", ["model_options"]),
        ("session_chat", ["session_chat"]), ("session_chat_streaming", ["session_chat_stream"]), ("session_fork", ["session_fork"]),
        ("session_model_lock", ["session_model_lock"]), ("reasoning_streaming", ["reasoning"]),
        ("admin_config_rw", ["config", "config_update"]), ("jobs_admin", ["jobs"]), ("memory_write_api", ["memory_writes"]),
        ("skills_api", ["skills"]), ("audio_api", ["audio"]), ("realtime_voice", ["realtime"]),

        // These are this library's own.
        ("session_writes", ["session_create", "session_update", "session_delete"]), ("session_search", ["session_search"]),
        ("memory", ["memory"]), ("memory_writes", ["memory_writes"]), ("home_skills", ["home_skills"]), ("config", ["config"]),
        ("config_writes", ["config_update"]), ("available_models", ["available_models"]), ("change_events", ["change_events"]),
    ];

    /// <summary>Names the endpoint for capabilities: clients know the agent's endpoints by theirs, and one without a name does not exist for those that trust them.</summary>
    public static RouteHandlerBuilder Named(this RouteHandlerBuilder endpoint, string name) => endpoint.WithMetadata(new EndpointName(name));

    /// <summary>Says what the parameter <c>id</c> in the paths of these endpoints is the id of.</summary>
    public static RouteGroupBuilder NamesId(this RouteGroupBuilder endpoints, string name) => endpoints.WithMetadata(new IdName(name));

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/capabilities", GetCapabilities).Named("capabilities").WithTags("Health").Produces<Capabilities>().ProducesErrors();

    /// <summary>Lists the features of this server and the calls that it serves. A client can rely on it: what is not listed is not served, or is switched off.</summary>
    /// <response code="200">The features, and the calls by name.</response>
    internal static JsonAnswer GetCapabilities(HttpContext http, EndpointDataSource endpoints, AccessRules access)
    {
        var asked = http.GetEndpoint()!.Metadata;
        var served = endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<EndpointName>() is not null
                && endpoint.Metadata.GetMetadata<MappedApi>() == asked.GetRequiredMetadata<MappedApi>()
                && endpoint.Metadata.GetMetadata<WriteSwitch>()?.IsOn(http.RequestServices) is not false)
            .ToDictionary(
                endpoint => endpoint.Metadata.GetRequiredMetadata<EndpointName>().Name,
                endpoint => new CapabilityEndpoint(endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods[0], PathOf(endpoint, http)));
        var features = new OrderedDictionary<string, JsonElement>();
        foreach (var (feature, needed) in Features)
            features.Add(feature, WireJson.ToElement(needed.All(served.ContainsKey)));

        // Keys of the other calls are remembered for five minutes; this is of those that submit runs.
        features.Add("runs_idempotency", WireJson.ToElement(new RunsIdempotency(Supported: false, Durable: false, RetentionSeconds: 0)));
        features.Add("cors", WireJson.ToElement(access.Origins.IsAnyAdmitted || asked.GetMetadata<ICorsMetadata>() is not null));
        features.Add("session_continuity_header", WireJson.ToElement(TurnHeaders.SessionId));
        features.Add("session_key_header", WireJson.ToElement(TurnHeaders.SessionKey));
        return JsonAnswer.Tagged(new Capabilities(
            "hermes.api_server.capabilities", "hermes-agent", ChatCompletionRequest.AgentName,
            new CapabilityAuth("bearer", Required: !access.IsOpen(asked.GetRequiredMetadata<EndpointAccess>())),
            new CapabilityRuntime("server_agent", "server", false, "The agent and its tools run on the server; clients send messages and read what happens."),
            features, served));
    }

    // As the client that asks has to write it: behind the path base, and with what its own path had for parameters of a prefix.
    private static string PathOf(RouteEndpoint endpoint, HttpContext http)
    {
        var id = endpoint.Metadata.GetMetadata<IdName>()?.Name;
        return http.Request.PathBase.ToUriComponent() + string.Concat(
            endpoint.RoutePattern.PathSegments.Select(segment => "/" + string.Concat(segment.Parts.Select(Text))));

        string Text(RoutePatternPart part) => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart parameter when http.GetRouteValue(parameter.Name) is string value => Uri.EscapeDataString(value),
            RoutePatternParameterPart { Name: "id" } when id is not null => $"{{{id}}}",
            RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
            _ => "",
        };
    }

    /// <summary>Tells the endpoints of one call of <c>MapHermesApi</c> from those of another: an application may map the API at several prefixes.</summary>
    internal sealed class MappedApi;

    private sealed record EndpointName(string Name);
    private sealed record IdName(string Name);
}
