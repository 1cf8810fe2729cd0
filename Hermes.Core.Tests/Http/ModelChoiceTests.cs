using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hermes.Core.Configuration;
using Hermes.Core.Hosting;
using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Http;

/// <summary>The model of a turn and of a session: chosen by clients where the application allows it, and nowhere else.</summary>
public sealed class ModelChoiceTests
{
    private const string Completions = "/v1/chat/completions";
    private const string Chat = "/api/sessions/s/chat";
    private const string Stream = "/api/sessions/s/chat/stream";
    private const string Lock = "/api/sessions/s/model";

    private const string Config = """
        model: {default: m-1, provider: "custom:my-server"}
        custom_providers:
          - {name: My Server, base_url: "http://127.0.0.1:9/v1", models: [m-1, m-2]}
          - {name: Other, base_url: "https://other.example/v1", model: o-1}
        """;

    private readonly ScriptedChatClient _agent = new ScriptedChatClient().When(_ => true, ScriptedAnswer.Text("Hello"));

    [Theory]
    [InlineData(Completions, false)]
    [InlineData(Completions, true)]
    [InlineData(Chat, false)]
    [InlineData(Stream, true)]
    public async Task Turn_ModelOfTheBody_IsAskedForWhereAllowedAndEchoedAnyway(string path, bool stream)
    {
        foreach (var isAllowed in (bool[])[false, true])
        {
            await using var server = await StartAsync(isAllowed);

            var answer = await PostAsync(server, path, Body("big", stream));

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(path == Stream || text.Contains("\"model\":\"big\"", StringComparison.Ordinal), text);
            Assert.Equal(isAllowed ? "big" : null, _agent.Requests[^1].Options?.ModelId);
        }
    }

    [Theory]
    [InlineData(Completions)]
    [InlineData(Chat)]
    public async Task Turn_NoModelOrTheAgentsName_IsTheAgentsOwn(string path)
    {
        await using var server = await StartAsync();

        foreach (var model in (string?[])[null, "hermes-agent", "", "  "])
        {
            Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, path, Body(model))).StatusCode);
            Assert.Null(_agent.Requests[^1].Options?.ModelId);
        }
    }

    [Fact]
    public async Task Lock_Session_IsTheModelOfItsTurnsThatNameNone()
    {
        await using var server = await StartAsync();

        Assert.Equal(
            """{"object":"hermes.session.model_lock","session_id":"s","runtime":{"provider":null,"model":"big","route_source":"session","requested":{"provider":null,"model":"big"},"model_lock":"accepted"}}""",
            await (await PostAsync(server, Lock, new { model_id = " big ", model_options = new { reasoning_effort = "high" } })).Content.ReadAsStringAsync());

        foreach (var (path, body, model) in ((string, object, string)[])
            [(Chat, Body(null), "big"), (Chat, Body("small"), "small"), (Stream, Body("hermes-agent"), "big"), (Completions, Body("hermes-agent"), "big"), (Completions, Body("small", stream: true), "small")])
        {
            using var answer = await PostAsync(server, path, body, session: "s");
            await answer.Content.ReadAsStringAsync();
            Assert.Equal(model, _agent.Requests[^1].Options?.ModelId);
        }

        // Another session has its own.
        await PostAsync(server, Completions, Body(null));
        Assert.Null(_agent.Requests[^1].Options?.ModelId);

        // The agent's name gives the choice back.
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, Lock, new { model = "hermes-agent" })).StatusCode);
        await PostAsync(server, Chat, Body(null));
        Assert.Null(_agent.Requests[^1].Options?.ModelId);
    }

    [Fact]
    public async Task Lock_ServerStartedAgain_HoldsWhereItIsStillAllowed()
    {
        using var home = new TemporaryHome();
        await using (var first = await StartAsync(home: home))
        {
            await PostAsync(first, Lock, new { model = "big" });
            var session = await first.Services.GetRequiredService<SessionStore>().FindAsync("s");
            Assert.Equal(("big", "big"), (session!.Model, session.ChosenModel));
        }

        foreach (var isAllowed in (bool[])[true, false])
        {
            await using var server = await StartAsync(isAllowed, home: home);
            await PostAsync(server, Chat, Body(null));
            Assert.Equal(isAllowed ? "big" : null, _agent.Requests[^1].Options?.ModelId);
        }
    }

    [Theory]
    [InlineData("first")]
    [InlineData("last")]
    public async Task Lock_ConversationOfSeveralSessions_HoldsForAllOfIt(string id)
    {
        const string Sessions = """
            INSERT INTO sessions(id, source, model_config, parent_session_id, started_at, ended_at, end_reason) VALUES
                ('first', 'cli', '{"max_iterations": 90}', NULL, 100, 200, 'compression'), ('last', 'cli', NULL, 'first', 200, NULL, NULL);
            """;
        using var home = await StateDatabaseFiles.CreateHomeAsync(StateDatabaseFiles.Schema6, Sessions);
        await using var server = await StartAsync(home: home, session: null);

        await PostAsync(server, $"/api/sessions/{id}/model", new { model = "big" });

        foreach (var other in (string[])["first", "last"])
        {
            await PostAsync(server, $"/api/sessions/{other}/chat", Body(null));
            Assert.Equal("big", _agent.Requests[^1].Options?.ModelId);
        }

        // The agent compacts, and goes on in a session of which nobody chose anything.
        await PythonScript.RunSqlAsync(home.Home.StateDatabase, """
            UPDATE sessions SET ended_at = 300, end_reason = 'compression' WHERE id = 'last';
            INSERT INTO sessions(id, source, parent_session_id, started_at) VALUES ('next', 'cli', 'last', 300);
            """);
        await PostAsync(server, "/api/sessions/next/chat", Body(null));
        Assert.Equal("big", _agent.Requests[^1].Options?.ModelId);
    }

    [Fact]
    public async Task Lock_SwitchedOff_Is403WithTheLineThatSwitchesItOn()
    {
        await using var server = await StartAsync(isAllowed: false);

        var answer = await PostAsync(server, Lock, new { model = "big" });

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("Hermes:Chat:AllowModelChoice", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "Invalid JSON")]
    [InlineData("[]", "object")]
    [InlineData("{}", "'model'")]
    [InlineData("""{"model":" "}""", "'model'")]
    [InlineData("""{"model":5}""", "'model'")]
    [InlineData("""{"model":"a\u0000b"}""", "'model'")]
    [InlineData("""{"model_id":[]}""", "'model_id'")]
    [InlineData("""{"model":"m-1","provider":{}}""", "'provider'")]
    [InlineData("""{"model":"m-1","provider":"nobody"}""", "No provider of the name")]
    [InlineData("""{"model":"o-1","provider":"custom:other"}""", "and this is another")]
    [InlineData("""{"model":"m-1","model_options":"high"}""", "'model_options'")]
    public async Task Lock_BadBody_Is400AndChangesNothing(string body, string reason)
    {
        await using var server = await StartAsync();
        server.Home.Write("config.yaml", Config);

        var answer = await server.Client.PostAsync(Lock, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(reason, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Null((await server.Services.GetRequiredService<SessionStore>().FindAsync("s"))!.ChosenModel);
    }

    [Theory]
    [InlineData("custom:my-server")]
    [InlineData("my_server")]
    [InlineData("My Server")]
    public async Task Lock_ConfiguredProviderByAnyOfItsNames_IsAccepted(string provider)
    {
        await using var server = await StartAsync();
        server.Home.Write("config.yaml", Config);

        var answer = JsonElement.Parse(await (await PostAsync(server, Lock, new { model = "m-2", provider })).Content.ReadAsStringAsync());

        Assert.Equal("custom:my-server", answer.GetProperty("runtime").GetProperty("provider").GetString());
        Assert.Equal(provider, answer.GetProperty("runtime").GetProperty("requested").GetProperty("provider").GetString());
    }

    [Fact]
    public async Task Lock_UnknownSession_Is404()
    {
        await using var server = await StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(server, "/api/sessions/none/model", new { model = "big" })).StatusCode);
    }

    [Theory]
    [InlineData(Completions, 404, "error.code")]
    [InlineData(Chat, 400, "code")]
    [InlineData(Stream, 400, "code")]
    [InlineData(Lock, 400, "code")]
    public async Task Model_ThatTheProviderDoesNotList_IsRefused(string path, int status, string code)
    {
        await using var server = await StartAsync(source: new Source());
        server.Home.Write("config.yaml", Config);

        var answer = await PostAsync(server, path, Body("none"));

        Assert.Equal(status, (int)answer.StatusCode);
        var said = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal("model_not_found", code.Split('.').Aggregate(said, (place, name) => place.GetProperty(name)).GetString());
        Assert.Empty(_agent.Requests);
        Assert.Empty(await SessionChat.TranscriptAsync(server));

        // What is listed, and what is configured, can be chosen.
        foreach (var model in (string[])["listed-1", "m-1"])
            Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, path, Body(model))).StatusCode);
    }

    [Fact]
    public async Task Models_WhereClientsChoose_AreTheAgentAndTheProvidersOwn()
    {
        foreach (var (isAllowed, source, expected) in ((bool, Source?, string[])[])
            [(false, new Source(), ["hermes-agent"]), (true, new Source(), ["hermes-agent", "m-1", "listed-1", "org/listed-2"]), (true, null, ["hermes-agent", "m-1", "m-2"])])
        {
            await using var server = await StartAsync(isAllowed, source: source);
            server.Home.Write("config.yaml", Config);

            var listed = (await server.Client.GetFromJsonAsync<JsonElement>("/v1/models")).GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()!).ToList();

            Assert.Equal(expected, listed);
            foreach (var id in listed)
                Assert.Equal(id, (await server.Client.GetFromJsonAsync<JsonElement>($"/v1/models/{Uri.EscapeDataString(id)}")).GetProperty("id").GetString());

            Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync("/v1/models/o-1")).StatusCode);
        }
    }

    private async Task<HermesServer> StartAsync(bool isAllowed = true, TemporaryHome? home = null, string? session = "s", Source? source = null)
    {
        var server = await HermesServer.StartAsync(
            (HermesOptions options) => options.Chat.AllowModelChoice = isAllowed,
            home,
            builder =>
            {
                builder.Services.AddSingleton<IChatClient>(_agent);
                if (source is not null)
                    builder.Services.AddSingleton<IModelSource>(source);
            });
        if (session is not null)
            await server.Services.GetRequiredService<SessionStore>().CreateAsync(new NewSession { Id = session });

        return server;
    }

    private static object Body(string? model, bool stream = false) => new { model, stream, message = "hi", messages = new[] { new { role = "user", content = "hi" } } };

    private static Task<HttpResponseMessage> PostAsync(HermesServer server, string path, object body, string? session = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (session is not null)
            request.Headers.Add("X-Hermes-Session-Id", session);

        return server.Client.SendAsync(request);
    }

    private sealed class Source : IModelSource
    {
        public Task<IReadOnlyList<AvailableModel>?> ListAsync(string? provider, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<AvailableModel>?>([new AvailableModel("listed-1"), new AvailableModel("org/listed-2")]);
    }
}
