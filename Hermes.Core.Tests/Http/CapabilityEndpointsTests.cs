using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hermes.Core.Hosting;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.AspNetCore.Builder;

namespace Hermes.Core.Tests.Http;

public class CapabilityEndpointsTests
{
    // What clients of the agent look for, served here or not.
    private static readonly string[] AgentsFeatures =
    [
        "chat_completions", "chat_completions_streaming", "responses_api", "responses_streaming", "run_submission", "run_status", "run_events_sse", "run_stop",
        "run_steer", "run_approval_response", "tool_progress_events", "approval_events", "session_resources", "model_options", "session_chat",
        "session_chat_streaming", "session_fork", "session_model_lock", "reasoning_streaming", "admin_config_rw", "jobs_admin", "memory_write_api", "skills_api",
        "audio_api", "realtime_voice", "cors",
    ];

    [Fact]
    public async Task Capabilities_HaveTheAgentsShape()
    {
        await using var server = await HermesServer.StartAsync();

        var answer = await ReadAsync(server);

        Assert.Equal(["object", "platform", "model", "auth", "runtime", "features", "endpoints"], answer.EnumerateObject().Select(property => property.Name));
        Assert.Equal("hermes.api_server.capabilities", answer.GetProperty("object").GetString());
        Assert.Equal("hermes-agent", answer.GetProperty("platform").GetString());
        Assert.Equal("hermes-agent", answer.GetProperty("model").GetString());
        Assert.Equal("""{"type":"bearer","required":true}""", answer.GetProperty("auth").GetRawText());
        var runtime = answer.GetProperty("runtime");
        Assert.Equal(("server_agent", "server", false), (runtime.GetProperty("mode").GetString(), runtime.GetProperty("tool_execution").GetString(), runtime.GetProperty("split_runtime").GetBoolean()));
        Assert.NotEmpty(runtime.GetProperty("description").GetString()!);
        var features = answer.GetProperty("features");
        Assert.All(AgentsFeatures, name => Assert.True(features.GetProperty(name).ValueKind is JsonValueKind.True or JsonValueKind.False, name));
        Assert.Equal("""{"supported":false,"durable":false,"retention_seconds":0}""", features.GetProperty("runs_idempotency").GetRawText());
        Assert.Equal("X-Hermes-Session-Id", features.GetProperty("session_continuity_header").GetString());
        Assert.Equal("X-Hermes-Session-Key", features.GetProperty("session_key_header").GetString());
    }

    [Fact]
    public async Task Endpoints_AreEveryRouteByAName()
    {
        await using var server = await HermesServer.StartAsync(AllowEverything);

        var listed = (await ReadAsync(server)).GetProperty("endpoints").EnumerateObject()
            .Select(call => (Method: call.Value.GetProperty("method").GetString()!, Path: Probe(call.Value.GetProperty("path").GetString()!))).ToList();

        // An endpoint that is missing here has no name: clients that trust this document would never call it.
        Assert.Equal(RoutesTests.Routes(server).Where(route => route.Method != "HEAD").Order(), listed.Order());
    }

    [Fact]
    public async Task Endpoints_OfAgentsNames_AreWhatTheAgentCallsSo()
    {
        await using var server = await HermesServer.StartAsync();

        var endpoints = (await ReadAsync(server)).GetProperty("endpoints");

        Assert.Equal(
            [
                "GET /health", "GET /health/detailed", "GET /v1/models", "GET /api/model/options", "GET /v1/skills", "GET /v1/toolsets", "POST /v1/chat/completions", "GET /v1/runs/{run_id}/events", "POST /v1/runs/{run_id}/stop",
                "GET /api/sessions", "POST /api/sessions", "GET /api/sessions/{session_id}", "PATCH /api/sessions/{session_id}",
                "DELETE /api/sessions/{session_id}", "GET /api/sessions/{session_id}/messages", "POST /api/sessions/{session_id}/fork",
                "POST /api/sessions/{session_id}/chat", "POST /api/sessions/{session_id}/chat/stream",
            ],
            ((string[])[
                "health", "health_detailed", "models", "model_options", "skills", "toolsets", "chat_completions", "session_run_events", "run_stop", "sessions", "session_create", "session", "session_update", "session_delete",
                "session_messages", "session_fork", "session_chat", "session_chat_stream",
            ]).Select(name => $"{endpoints.GetProperty(name).GetProperty("method").GetString()} {endpoints.GetProperty(name).GetProperty("path").GetString()}"));
    }

    /// <summary>How Hermes Relay and the browser extension tell from this document what they can offer: they probe nothing of what it does not say.</summary>
    [Fact]
    public async Task Rating_OfRelayAndTheExtension_FindsSessionsStreamingAndTheRunsThereAre()
    {
        await using var server = await SessionChat.StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hello")));
        var answer = await ReadAsync(server);
        var features = answer.GetProperty("features");
        var endpoints = answer.GetProperty("endpoints");

        // Sessions: the feature, and all the calls that a list of conversations with its composer needs, each where the document says.
        Assert.True(features.GetProperty("session_resources").GetBoolean());
        Assert.True(features.GetProperty("skills_api").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("sessions")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("session_create", new { id = "made" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("session_messages")).StatusCode);

        // Streaming.
        Assert.True(features.GetProperty("session_chat_streaming").GetBoolean());
        Assert.True(features.GetProperty("chat_completions_streaming").GetBoolean());
        Assert.True(features.GetProperty("tool_progress_events").GetBoolean());
        using var stream = await CallAsync("session_chat_stream", new { input = "hi" });
        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType!.MediaType);

        // Runs: those of turns can be stopped, and read again as the session's stream has them; they cannot be submitted, nor read, by themselves.
        Assert.False(features.GetProperty("run_events_sse").GetBoolean());
        Assert.False(endpoints.TryGetProperty("run_events", out _));
        Assert.True(endpoints.TryGetProperty("session_run_events", out _));
        Assert.True(features.GetProperty("run_stop").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await CallAsync("run_stop", new { }, stream.Headers.GetValues("X-Hermes-Run-Id").Single())).StatusCode);
        Assert.False(features.GetProperty("run_submission").GetBoolean());
        Assert.False(endpoints.TryGetProperty("runs", out _));

        Task<HttpResponseMessage> CallAsync(string name, object? body = null, string run = "none")
        {
            var endpoint = endpoints.GetProperty(name);
            var path = endpoint.GetProperty("path").GetString()!.Replace("{session_id}", "s", StringComparison.Ordinal).Replace("{run_id}", run, StringComparison.Ordinal);
            return server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(endpoint.GetProperty("method").GetString()!), path)
            {
                Content = body is null ? null : JsonContent.Create(body),
            });
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Switches_Off_NeitherEndpointNorFeatureIsThere(bool isOn)
    {
        await using var server = await HermesServer.StartAsync(options =>
            (options.Api.AllowConfigWrites, options.Api.AllowMemoryWrites, options.Api.AllowSessionWrites, options.Chat.AllowModelChoice) = (isOn, isOn, isOn, isOn));

        var answer = await ReadAsync(server);

        var features = answer.GetProperty("features");
        Assert.All(
            ["config_writes", "admin_config_rw", "memory_writes", "memory_write_api", "session_writes", "session_fork", "session_model_lock"],
            name => Assert.Equal(isOn, features.GetProperty(name).GetBoolean()));
        Assert.All(
            ["config_update", "memory_writes", "memory_replace", "memory_remove", "session_create", "session_update", "session_delete", "session_fork", "session_model_lock"],
            name => Assert.Equal(isOn, answer.GetProperty("endpoints").TryGetProperty(name, out _)));
        Assert.All(
            ["session_resources", "memory", "config", "change_events", "session_search", "session_chat"],
            name => Assert.True(features.GetProperty(name).GetBoolean(), name));
        Assert.Equal("/api/sessions/{session_id}/runtime", answer.GetProperty("endpoints").GetProperty("session_runtime").GetProperty("path").GetString());
        Assert.Equal("/api/analytics/usage", answer.GetProperty("endpoints").GetProperty("usage").GetProperty("path").GetString());
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(HermesServer.Key, true)]
    public async Task Auth_IsRequiredWhereAKeyIs(string? key, bool isRequired)
    {
        await using var server = await HermesServer.StartAsync(options => options.Api.Key = key);

        Assert.Equal(isRequired, (await ReadAsync(server)).GetProperty("auth").GetProperty("required").GetBoolean());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cors_IsAFeatureWhereOriginsAreListed(bool isListed)
    {
        await using var server = await HermesServer.StartAsync(options => options.Api.CorsOrigins = isListed ? ["https://ui.example"] : []);

        Assert.Equal(isListed, (await ReadAsync(server)).GetProperty("features").GetProperty("cors").GetBoolean());
    }

    [Fact]
    public async Task Paths_OfAnApiBehindAPathBaseAndPrefixes_AreThoseOfTheApiThatWasAsked()
    {
        await using var server = await HermesServer.StartAsync(map: app =>
        {
            app.UsePathBase("/base");
            app.UseRouting();
            app.MapHermesApi();
            app.MapGroup("/hermes").MapHermesApi();
            app.MapGroup("/of/{tenant:alpha}").MapHermesApi();
        });

        foreach (var prefix in (string[])["", "/hermes", "/of/ada", "/base", "/base/hermes"])
        {
            var answer = await ReadAsync(server, prefix);
            var endpoints = answer.GetProperty("endpoints");
            Assert.Equal($"{prefix}/api/sessions", endpoints.GetProperty("sessions").GetProperty("path").GetString());
            Assert.Equal($"{prefix}/v1/runs/{{run_id}}/stop", endpoints.GetProperty("run_stop").GetProperty("path").GetString());
            Assert.Equal($"{prefix}/api/sessions/{{session_id}}/chat", endpoints.GetProperty("session_chat").GetProperty("path").GetString());
            Assert.Equal(endpoints.EnumerateObject().Select(endpoint => endpoint.Name).Distinct().Count(), endpoints.EnumerateObject().Count());
            Assert.True(answer.GetProperty("features").GetProperty("session_resources").GetBoolean());
        }
    }

    [Fact]
    public async Task Get_CapabilitiesWithoutAKey_Is401()
    {
        await using var server = await HermesServer.StartAsync();
        using var anonymous = server.CreateClient(null);

        Assert.Equal(HttpStatusCode.Unauthorized, (await anonymous.GetAsync("/v1/capabilities")).StatusCode);
    }

    private static void AllowEverything(HermesOptions options) =>
        (options.Api.AllowConfigWrites, options.Api.AllowMemoryWrites, options.Chat.AllowModelChoice) = (true, true, true);

    private static Task<JsonElement> ReadAsync(HermesServer server, string prefix = "") =>
        server.Client.GetFromJsonAsync<JsonElement>($"{prefix}/v1/capabilities");

    private static string Probe(string path) => string.Join('/', path.Split('/').Select(segment => segment.StartsWith('{') ? "probe" : segment));
}
