using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Http;

public class HealthEndpointsTests
{
    [Theory]
    [InlineData("/health")]
    [InlineData("/v1/health")]
    public async Task Health_WithoutAKey_SaysOkAndTheVersion(string path)
    {
        await using var server = await HermesServer.StartAsync();
        using var stranger = server.CreateClient(key: null);

        Assert.Equal($$"""{"status":"ok","platform":"hermes-agent","version":"{{HermesVersion.Text}}"}""", await stranger.GetStringAsync(path));
        Assert.Matches(@"^\d+\.\d+\.\d+", HermesVersion.Text);
    }

    [Fact]
    public async Task Detailed_WithoutAKey_Is401()
    {
        await using var server = await HermesServer.StartAsync();
        using var stranger = server.CreateClient(key: null);

        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/health/detailed")).StatusCode);
    }

    [Fact]
    public async Task Detailed_EmptyHomeWithAnAgent_IsOkAndStaysEmpty()
    {
        await using var server = await HermesServer.StartAsync(configure: builder => builder.Services.AddSingleton<IChatClient>(new ScriptedChatClient()));

        var health = await server.Client.GetFromJsonAsync<JsonElement>("/health/detailed");

        Assert.Equal(
            ["status", "readiness", "platform", "version", "active_agents", "gateway_busy", "updated_at", "pid"],
            health.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("ok", "ok"), (health.GetProperty("status").GetString(), health.GetProperty("readiness").GetProperty("status").GetString()));
        Assert.Equal(
            ["state_db", "config", "model", "disk", "background_queues"],
            health.GetProperty("readiness").GetProperty("checks").EnumerateObject().Select(property => property.Name));
        Assert.Equal((0, false), (health.GetProperty("active_agents").GetInt32(), health.GetProperty("gateway_busy").GetBoolean()));
        Assert.Equal(Environment.ProcessId, health.GetProperty("pid").GetInt32());
        Assert.True(health.GetProperty("updated_at").TryGetDateTimeOffset(out _));
        Assert.Empty(Directory.EnumerateFileSystemEntries(server.Home.Path));
    }

    [Theory]
    [InlineData("state.db", "no database at all, but long enough to be looked at as one: SECRET", "state_db")]
    [InlineData("config.yaml", "model: [SECRET\n", "config")]
    public async Task Detailed_BrokenFile_IsDegradedAndSaysWhereWithoutPathAndText(string file, string text, string check)
    {
        await using var server = await HermesServer.StartAsync(configure: builder => builder.Services.AddSingleton<IChatClient>(new ScriptedChatClient()));
        server.Home.Write(file, text);

        var answer = await server.Client.GetStringAsync("/health/detailed");

        var health = JsonElement.Parse(answer);
        var checks = health.GetProperty("readiness").GetProperty("checks");
        Assert.Equal("degraded", health.GetProperty("status").GetString());
        Assert.Equal([check], checks.EnumerateObject().Where(property => property.Value.GetProperty("status").GetString() != "ok").Select(property => property.Name));
        Assert.NotEqual("", checks.GetProperty(check).GetProperty("detail").GetString());
        Assert.DoesNotContain("SECRET", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Home.Path, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Detailed_AgentThatIsMissingOrCannotBeMade_IsDegraded()
    {
        await using var without = await HermesServer.StartAsync();
        await using var broken = await HermesServer.StartAsync(
            configure: builder => builder.Services.AddSingleton<IChatClient>(_ => throw new InvalidOperationException("SECRET")));

        foreach (var server in (HermesServer[])[without, broken])
        {
            var answer = await server.Client.GetStringAsync("/health/detailed");

            Assert.Equal("degraded", JsonElement.Parse(answer).GetProperty("readiness").GetProperty("checks").GetProperty("model").GetProperty("status").GetString());
            Assert.DoesNotContain("SECRET", answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("model: {default: m, provider: nobody-knows}", null, "degraded")]
    [InlineData("model: {default: m, provider: 5}", null, "degraded")]
    [InlineData("model: [SECRET", null, "degraded")]
    [InlineData("model: {default: m, base_url: 'http://local/v1'}", "pipe", "degraded")]
    [InlineData("model: {default: m, base_url: 'http://local/v1'}", "folder", "degraded")]
    [InlineData("model: {default: m, base_url: 'http://local/v1'}", "dangling", "degraded")]
    [InlineData("model: {default: m, base_url: 'http://local/v1'}", null, "ok")]
    [InlineData("", null, "ok")]
    public async Task Detailed_AgentThatAsksTheConfiguredProvider_IsAsWellAsTheConfiguration(string yaml, string? environment, string status)
    {
        await using var own = await HermesServer.StartAsync(configure: builder => builder.Services.AddSingleton<IChatClient>(new ScriptedChatClient()));
        await using var configured = await HermesServer.StartAsync(configure: builder => builder.Services.AddHermesChatClient());
        foreach (var server in (HermesServer[])[own, configured])
        {
            server.Home.Write("config.yaml", yaml);
            if (environment is not null)
                IrregularFile.Create(Path.Join(server.Home.Path, ".env"), environment);

            var answer = await server.Client.GetStringAsync("/health/detailed");

            var model = JsonElement.Parse(answer).GetProperty("readiness").GetProperty("checks").GetProperty("model");
            Assert.Equal(server == own ? "ok" : status, model.GetProperty("status").GetString());
            Assert.DoesNotContain("SECRET", answer, StringComparison.Ordinal);
            Assert.DoesNotContain(server.Home.Path, answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Detailed_WhileTheAgentTalks_CountsIt()
    {
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var agent = new ScriptedChatClient(ScriptedAnswer.Text("Hel").ThenWait(_ =>
        {
            begun.SetResult();
            return said.Task;
        }).ThenText("lo"));
        await using var server = await HermesServer.StartAsync(configure: builder => builder.Services.AddSingleton<IChatClient>(agent));

        var turn = server.Client.PostAsJsonAsync("/v1/chat/completions", new { messages = new[] { new { role = "user", content = "hi" } } });
        await begun.Task;
        var busy = await server.Client.GetFromJsonAsync<JsonElement>("/health/detailed");
        said.SetResult();
        (await turn).EnsureSuccessStatusCode();

        Assert.Equal((1, true), (busy.GetProperty("active_agents").GetInt32(), busy.GetProperty("gateway_busy").GetBoolean()));
    }
}
