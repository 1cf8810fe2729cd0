using System.Net;
using System.Net.Http.Json;
using Hermes.Core.Chat;
using Hermes.Core.Sessions;
using Hermes.Core.Tests.Chat;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Http;

/// <summary>The Python agent and this API answer in one conversation: one after the other.</summary>
public sealed class AgentAnswersBesideTests : IAsyncLifetime, IDisposable
{
    private const string Busy = "The agent is answering in this conversation";

    private readonly ScriptedChatClient _model = new(ScriptedAnswer.Text("hello"));
    private TemporaryHome _home = null!;
    private LeasingAgent _agent = null!;

    public async Task InitializeAsync()
    {
        _home = await StateDatabaseFiles.CreateHomeAsync(
            StateDatabaseFiles.Schema6, LeasingAgent.Tables, "INSERT INTO sessions(id, source, started_at) VALUES ('s', 'cli', 1)");
        _agent = await LeasingAgent.StartAsync(_home.Home.StateDatabase);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _agent.Dispose();
        _home.Dispose();
        _model.Dispose();
    }

    public static TheoryData<string, string, object> Turns => new()
    {
        { "/api/sessions/s/chat", $$"""{"error":"{{Busy}}"}""", new { message = "hi" } },
        { "/api/sessions/s/chat/stream", $$"""{"error":"{{Busy}}"}""", new { message = "hi" } },
        { "/v1/chat/completions", Busy, new { messages = new[] { new { role = "user", content = "hi" } } } },
        { "/v1/chat/completions", Busy, new { stream = true, messages = new[] { new { role = "user", content = "hi" } } } },
    };

    [Theory]
    [MemberData(nameof(Turns))]
    public async Task Turn_AgentDoesNotEndInTime_Is409AndStoresNothing(string path, string body, object message)
    {
        await _agent.TakeAsync("s");
        await using var server = await StartAsync(chat => chat.LeaseTimeout = TimeSpan.Zero);

        using var response = await PostAsync(server, path, message);

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains(body, text);
        Assert.Equal(path.StartsWith("/v1", StringComparison.Ordinal), text.Contains("\"type\":\"invalid_request_error\"", StringComparison.Ordinal));
        Assert.Empty(_model.Requests);
        Assert.Empty(await TranscriptAsync(server));
    }

    [Theory]
    [MemberData(nameof(Turns))]
    public async Task Turn_AgentEndsInTime_GoesOnFromWhatTheAgentSaid(string path, string body, object message)
    {
        Assert.NotEmpty(body);
        await _agent.TakeAsync("s");
        await using var server = await StartAsync(chat => chat.LeaseTimeout = TimeSpan.FromMinutes(5));

        var answering = PostAsync(server, path, message);
        await PythonScript.RunSqlAsync(
            _home.Home.StateDatabase, "INSERT INTO messages(session_id, role, content, timestamp) VALUES ('s', 'user', 'theirs', 2), ('s', 'assistant', 'answered', 3)");
        Assert.False(answering.IsCompleted);
        Assert.Empty(_model.Requests);
        Assert.Equal("1", await _agent.ReleaseAsync("s"));
        using var response = await answering;
        await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["user:theirs", "assistant:answered", "user:hi"], _model.Requests[0].Messages.Select(said => $"{said.Role}:{said.Text}"));
        Assert.Equal(["user:theirs", "assistant:answered", "user:hi", "assistant:hello"], await TranscriptAsync(server));
        Assert.Equal("[]", await _agent.ShowAsync());
    }

    [Fact]
    public async Task Turn_WhileItRuns_HoldsTheLease()
    {
        var gate = new Gate();
        await using var server = await StartAsync(model: new ScriptedChatClient(ScriptedAnswer.Empty.ThenWait(gate.WaitAsync).ThenText("hello")));

        var answering = PostAsync(server, "/api/sessions/s/chat", new { message = "hi" });
        await gate.Reached;

        Assert.StartsWith($"held by hermes-dotnet:pid={Environment.ProcessId}:", await _agent.TakeAsync("s"));
        gate.Open();
        Assert.Equal(HttpStatusCode.OK, (await answering).StatusCode);
        Assert.Equal("taken", await _agent.TakeAsync("s"));
    }

    [Fact]
    public async Task Turn_ThatFails_GivesTheLeaseBack()
    {
        await using var server = await StartAsync(model: new ScriptedChatClient(ScriptedAnswer.Failure(new ChatProviderException("down", 503))));

        Assert.Equal(HttpStatusCode.BadGateway, (await PostAsync(server, "/api/sessions/s/chat", new { message = "hi" })).StatusCode);

        Assert.Equal("taken", await _agent.TakeAsync("s"));
    }

    [Fact]
    public async Task NewSession_WhileItsFirstTurnRuns_HasALease()
    {
        var gate = new Gate();
        await using var server = await StartAsync(model: new ScriptedChatClient(ScriptedAnswer.Empty.ThenWait(gate.WaitAsync).ThenText("hello")));

        var answering = PostAsync(server, "/v1/chat/completions", new { messages = new[] { new { role = "user", content = "hi" } } }, session: null);
        await gate.Reached;

        Assert.Contains("hermes-dotnet", await _agent.ShowAsync());
        gate.Open();
        await answering;
        Assert.Equal("[]", await _agent.ShowAsync());
    }

    [Theory]
    [InlineData("session_turn_leases", Busy)]
    [InlineData("compression_locks", "The agent is compressing this conversation")]
    public async Task Change_WhileTheAgentIsAtWork_Is409AtOnce(string table, string reason)
    {
        await _agent.TakeAsync("s", table: table);
        await using var server = await StartAsync();

        HttpResponseMessage[] answers =
        [
            await server.Client.DeleteAsync("/api/sessions/s"),
            await server.Client.PatchAsJsonAsync("/api/sessions/s", new { title = "T" }),
            await server.Client.PatchAsJsonAsync("/api/sessions/s", new { end_reason = "done" }),
        ];

        foreach (var answer in answers)
        {
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
            Assert.Equal($$"""{"error":"{{reason}}"}""", await answer.Content.ReadAsStringAsync());
        }

        await _agent.ReleaseAsync("s", table);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.DeleteAsync("/api/sessions/s")).StatusCode);
    }

    private static Task<HttpResponseMessage> PostAsync(HermesServer server, string path, object body, string? session = "s")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (session is not null && path.StartsWith("/v1", StringComparison.Ordinal))
            request.Headers.Add("X-Hermes-Session-Id", session);

        return server.Client.SendAsync(request);
    }

    private static async Task<List<string>> TranscriptAsync(HermesServer server) =>
        await server.Services.GetRequiredService<SessionStore>().ReadMessagesAsync("s").Select(message => $"{message.Role}:{message.Content}").ToListAsync();

    private Task<HermesServer> StartAsync(Action<HermesChatOptions>? chat = null, ScriptedChatClient? model = null) => HermesServer.StartAsync(
        options => chat?.Invoke(options.Chat), _home, configure: builder => builder.Services.AddSingleton<IChatClient>(model ?? _model));
}
