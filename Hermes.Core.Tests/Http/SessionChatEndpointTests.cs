using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hermes.Core.Chat;
using Hermes.Core.Sessions;
using Hermes.Core.Tests.Chat;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using static Hermes.Core.Tests.Support.SessionChat;

namespace Hermes.Core.Tests.Http;

public class SessionChatEndpointTests
{
    private const string OnePixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    [Fact]
    public async Task Chat_Message_IsAnsweredWithTheWholeTurn()
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hel", "lo").WithUsage(11, 7).WithModel("m/1")));

        using var response = await PostAsync(server, new { message = "hi" });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("s", Assert.Single(response.Headers.GetValues("X-Hermes-Session-Id")));
        Assert.Equal(
            """
            {"session_id":"s","run_id":"run_ID","model":"m/1","final_response":"Hello","completed":true,"partial":false,"interrupted":false,
            "api_calls":1,"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"Hello","finish_reason":"stop"}],
            "last_reasoning":null,"response_previewed":false,"usage":{"input_tokens":11,"output_tokens":7,"total_tokens":18}}
            """.ReplaceLineEndings(""),
            Normalize(await response.Content.ReadAsStringAsync()));
        Assert.Equal(["user:hi", "assistant:Hello"], await TranscriptAsync(server));
    }

    [Fact]
    public async Task Chat_AgentUsesATool_MessagesHoldCallAndResult()
    {
        await using var server = await StartAsync(WeatherAgent());

        var answer = await ReadJsonAsync(await PostAsync(server, new { message = "weather?" }));

        Assert.Equal(("It rains.", 2), (answer.GetProperty("final_response").GetString(), answer.GetProperty("api_calls").GetInt32()));
        var messages = answer.GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal(["user", "assistant", "tool", "assistant"], messages.Select(message => message.GetProperty("role").GetString()));
        Assert.Equal("call_1", messages[1].GetProperty("tool_calls")[0].GetProperty("id").GetString());
        Assert.Equal(
            ("call_1", "weather", "rain in Zürich"),
            (messages[2].GetProperty("tool_call_id").GetString(), messages[2].GetProperty("tool_name").GetString(), messages[2].GetProperty("content").GetString()));
    }

    [Fact]
    public async Task Chat_AnswerAtTheModelsLimit_IsPartial()
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Once upon").WithFinishReason("length")));

        var answer = await ReadJsonAsync(await PostAsync(server, new { message = "a story" }));

        Assert.Equal((false, true, false), Flags(answer));
    }

    [Fact]
    public async Task Chat_SystemMessageAndModel_ReachTheAgentForThisTurn()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("one"), ScriptedAnswer.Text("two"));
        await using var server = await StartAsync(model, chat => chat.AllowModelChoice = true);

        var first = await ReadJsonAsync(await PostAsync(server, new { message = "a", system_message = "be brief", model = "big" }));
        await PostAsync(server, new { message = "b", model = "hermes-agent" });

        Assert.Equal("big", first.GetProperty("model").GetString());
        Assert.Equal(["system:be brief", "user:a"], Said(model.Requests[0]));
        Assert.Equal(["user:a", "assistant:one", "user:b"], Said(model.Requests[1]));
        Assert.Equal(["big", null], model.Requests.Select(request => request.Options?.ModelId));
    }

    [Fact]
    public async Task Chat_Attachments_AreImagesAndTextsForTheModel()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("I see"));
        await using var server = await StartAsync(model);

        using var response = await PostAsync(server, new
        {
            message = "what is this?",
            attachments = new object[]
            {
                new { name = "dot.png", contentType = "image/png", base64 = OnePixel },
                new { name = "dot2.png", contentType = "image/png", content = $"data:image/png;base64,{OnePixel}" },
                new { name = "notes.md", contentType = "text/markdown", content = "# Notes" },
            },
        });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Collection(
            Assert.Single(model.Requests[0].Messages).Contents,
            text => Assert.Equal("what is this?", Assert.IsType<TextContent>(text).Text),
            image => Assert.Equal("image/png", Assert.IsType<DataContent>(image).MediaType),
            image => Assert.Equal(OnePixel, Convert.ToBase64String(Assert.IsType<DataContent>(image).Data.Span)),
            file => Assert.Equal("Attached file \"notes.md\":\n\n# Notes", Assert.IsType<TextContent>(file).Text));
    }

    [Fact]
    public async Task Chat_IdempotencyKey_RunsOnce()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("once"));
        await using var server = await StartAsync(model);

        var first = await (await PostAsync(server, new { message = "hi" }, key: "k")).Content.ReadAsStringAsync();
        var second = await (await PostAsync(server, new { message = "hi" }, key: "k")).Content.ReadAsStringAsync();

        Assert.Equal(first, second);
        Assert.Single(model.Requests);
    }

    [Theory]
    [InlineData(500, 502, null)]
    [InlineData(429, 429, "3")]
    public async Task Chat_ProviderFails_SaysSoAndKeepsTheMessage(int status, int expected, string? retryAfter)
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Failure(
            new ChatProviderException("SECRET", status, status == 429 ? TimeSpan.FromSeconds(2.5) : null))));

        using var response = await PostAsync(server, new { message = "hi" });

        Assert.Equal(expected, (int)response.StatusCode);
        Assert.Equal(retryAfter, response.Headers.RetryAfter?.ToString());
        Assert.StartsWith("The model provider ", (await ReadJsonAsync(response)).GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(["user:hi"], await TranscriptAsync(server));
    }

    [Fact]
    public async Task Stream_Answer_IsEventsInOrder()
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hel", "lo")));

        using var stream = await StreamAsync(server);
        var text = Normalize(await stream.Response.Content.ReadAsStringAsync());

        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType!.ToString());
        Assert.Equal(
            """
            id: 1
            event: session.created
            data: {"session_id":"s","run_id":"run_ID","title":"T"}

            id: 2
            event: run.started
            data: {"session_id":"s","run_id":"run_ID","user_message":{"id":"1","role":"user","content":"hi"}}

            id: 3
            event: message.started
            data: {"session_id":"s","run_id":"run_ID","message":{"id":"msg_ID","role":"assistant"}}

            id: 4
            event: assistant.delta
            data: {"session_id":"s","run_id":"run_ID","message_id":"msg_ID","delta":"Hel"}

            id: 5
            event: assistant.delta
            data: {"session_id":"s","run_id":"run_ID","message_id":"msg_ID","delta":"lo"}

            id: 6
            event: assistant.completed
            data: {"session_id":"s","run_id":"run_ID","message_id":"msg_ID","content":"Hello","completed":true,"partial":false,"interrupted":false}

            id: 7
            event: run.completed
            data: {"session_id":"s","run_id":"run_ID","message_id":"msg_ID","completed":true,"partial":false,"interrupted":false,"api_calls":1}

            id: 8
            event: done
            data: {"session_id":"s","run_id":"run_ID","state":"final"}


            """,
            text);
    }

    [Fact]
    public async Task Stream_AgentUsesATool_TellsOfItAsItHappens()
    {
        await using var server = await StartAsync(WeatherAgent());

        using var stream = await StreamAsync(server, "weather?");
        var events = await stream.ReadToEndAsync();

        Assert.Equal(
            [
                "session.created", "run.started", "message.started", "assistant.delta", "tool.started", "tool.completed", "assistant.delta",
                "assistant.completed", "run.completed", "done",
            ],
            events.Select(NameOf));
        Assert.Equal(
            """{"session_id":"s","run_id":"run_ID","tool_call_id":"call_1","tool_name":"weather","preview":"Zürich","args":{"city":"Zürich"}}""",
            Normalize(Data(events[4]).GetRawText()));
        Assert.Equal(
            """{"session_id":"s","run_id":"run_ID","tool_call_id":"call_1","tool_name":"weather","args":{"city":"Zürich"},"result_preview":"rain in Zürich"}""",
            Normalize(Data(events[5]).GetRawText()));
        Assert.Equal("It rains.", Data(events[7]).GetProperty("content").GetString());
        Assert.Equal(2, Data(events[8]).GetProperty("api_calls").GetInt32());
    }

    [Fact]
    public async Task Stream_ToolFails_IsToldAsThat()
    {
        await using var server = await StartAsync(new FunctionInvokingChatClient(
            new ScriptedChatClient(ScriptedAnswer.ToolCall("broken", callId: "c1"), ScriptedAnswer.ToolCall("missing", callId: "c2"), ScriptedAnswer.Text("done")))
        {
            AdditionalTools = [AIFunctionFactory.Create(string () => throw new InvalidOperationException("SECRET"), "broken")],
        });

        using var stream = await StreamAsync(server);
        var events = await stream.ReadToEndAsync();

        Assert.DoesNotContain("tool.completed", events.Select(NameOf));
        Assert.Equal(
            [
                """{"session_id":"s","run_id":"run_ID","tool_call_id":"c1","tool_name":"broken","args":{},"error":"Error: Function failed."}""",
                """{"session_id":"s","run_id":"run_ID","tool_call_id":"c2","tool_name":"missing","args":{},"error":"Error: Requested function \"missing\" not found."}""",
            ],
            events.Where(next => NameOf(next) == "tool.failed").Select(next => Normalize(Data(next).GetRawText())));
        Assert.DoesNotContain("SECRET", string.Concat(events), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_ToolStarts_IsToldWhileItRuns()
    {
        var gate = new Gate();
        await using var server = await StartAsync(new FunctionInvokingChatClient(
            new ScriptedChatClient(ScriptedAnswer.ToolCall("slow"), ScriptedAnswer.Text("done")))
        {
            AdditionalTools = [AIFunctionFactory.Create(gate.WaitAsync, "slow")],
        });

        using var stream = await StreamAsync(server);

        Assert.Equal("tool.started", NameOf((await stream.ReadAsync(4))[3]));
        gate.Open();
        Assert.Equal("tool.completed", NameOf((await stream.ReadAsync())!));
    }

    [Fact]
    public async Task Stream_ProviderFailsMidway_EndsWithErrorAndDone()
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("half").ThenFail(new IOException("SECRET"))));

        using var stream = await StreamAsync(server);
        var events = await stream.ReadToEndAsync();

        Assert.Equal(["assistant.delta", "error", "done"], events[3..].Select(NameOf));
        Assert.Equal(
            "The model provider failed. Your message is stored; try again.", Data(events[4]).GetProperty("message").GetString());
        Assert.DoesNotContain("SECRET", string.Concat(events), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_ServerStops_EndsWithWhatWasSaid()
    {
        var gate = new Gate();
        await using var server = await StartAsync(
            new ScriptedChatClient(ScriptedAnswer.Text("half").ThenWait(gate.WaitAsync)), chat => chat.ShutdownGrace = TimeSpan.Zero);
        using var stream = await StreamAsync(server);
        await gate.Reached;

        await server.StopAsync();

        var events = await stream.ReadToEndAsync();
        Assert.Equal(["assistant.completed", "run.completed", "done"], events[4..].Select(NameOf));
        Assert.Equal("half", Data(events[4]).GetProperty("content").GetString());
        Assert.Equal((false, true, true), Flags(Data(events[5])));
    }

    [Theory]
    [InlineData("{}", "Missing or empty 'message'")]
    [InlineData("""{"message":null}""", "Missing or empty 'message'")]
    [InlineData("""{"message":" \n"}""", "Missing or empty 'message'")]
    [InlineData("""{"message":5}""", "'message' must be a string or a list of parts")]
    [InlineData("", "Invalid JSON in request body")]
    [InlineData("{bad", "Invalid JSON in request body")]
    [InlineData("[]", "The request body must be a JSON object")]
    public async Task Probe_BodyThatCannotBeUsed_Is400AndLeavesNothing(string body, string error)
    {
        await using var server = await HermesServer.StartAsync();

        foreach (var path in (string[])["/api/sessions/__probe__/chat", "/api/sessions/__probe__/chat/stream"])
        {
            using var response = await server.Client.PostAsync(path, new StringContent(body));

            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Equal(error, (await ReadJsonAsync(response)).GetProperty("error").GetString());
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(server.Home.Path));
    }

    [Theory]
    [InlineData("/api/sessions/unknown/chat")]
    [InlineData("/api/sessions/unknown/chat/stream")]
    [InlineData("/api/sessions/long-i/chat")]
    public async Task Chat_NoSessionOfExactlyThisId_Is404AndCreatesNone(string path)
    {
        await using var server = await StartAsync(new ScriptedChatClient());
        var store = server.Services.GetRequiredService<SessionStore>();
        await store.CreateAsync(new NewSession { Id = "long-id" });

        using var response = await PostAsync(server, new { message = "hi" }, path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("Session not found", (await ReadJsonAsync(response)).GetProperty("error").GetString());
        Assert.Equal(2, (await store.ListAsync(new SessionQuery())).Total);
    }

    [Fact]
    public async Task Chat_IdWithASlash_IsFound()
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("ok"), ScriptedAnswer.Text("ok")));
        await server.Services.GetRequiredService<SessionStore>().CreateAsync(new NewSession { Id = "a/b" });

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, new { message = "hi" }, "/api/sessions/a%2Fb/chat")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, new { message = "hi" }, "/api/sessions/a%2Fb/chat/stream")).StatusCode);
    }

    [Fact]
    public async Task Chat_SessionDeletedWhileTheTurnWaits_Is409AndItStaysDeleted()
    {
        var gate = new Gate();
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Empty.ThenWait(gate.WaitAsync)));
        using var first = await StreamAsync(server);
        await gate.Reached;
        var waiting = PostAsync(server, new { message = "b" });
        while (server.Services.GetRequiredService<ChatRuns>().Snapshot.Ids.Count < 2)
            await Task.Yield();

        var store = server.Services.GetRequiredService<SessionStore>();

        await store.DeleteAsync("s");
        gate.Open();
        using var response = await waiting;

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Null(await store.FindAsync("s"));
    }

    [Fact]
    public async Task Chat_NoAgent_Is503()
    {
        await using var server = await HermesServer.StartAsync();
        await server.Services.GetRequiredService<SessionStore>().CreateAsync(new NewSession { Id = "s" });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await PostAsync(server, new { message = "hi" })).StatusCode);
        using var stream = await StreamAsync(server);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, stream.Response.StatusCode);
    }

    [Fact]
    public async Task Chat_BodyOverTheLimit_Is413()
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("ok")));

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, new { message = new string('x', 9_000_000) })).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(server, new { message = new string('x', 10_000_000) })).StatusCode);
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("GET")]
    public async Task Chat_OtherMethod_Is405(string method)
    {
        await using var server = await HermesServer.StartAsync();

        foreach (var path in (string[])["/api/sessions/x/chat", "/api/sessions/x/chat/stream"])
        {
            using var response = await server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

            Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
            Assert.Equal(["OPTIONS", "POST"], response.Content.Headers.Allow.Order(StringComparer.Ordinal));
        }
    }

    private static FunctionInvokingChatClient WeatherAgent() => new(new ScriptedChatClient(
        ScriptedAnswer.Text("Let me see. ").ThenToolCall("weather", new Dictionary<string, object?> { ["city"] = "Zürich" }, "call_1"),
        ScriptedAnswer.Text("It rains.")))
    {
        AdditionalTools = [AIFunctionFactory.Create((string city) => $"rain in {city}", "weather")],
    };

    private static (bool Completed, bool Partial, bool Interrupted) Flags(JsonElement json) =>
        (json.GetProperty("completed").GetBoolean(), json.GetProperty("partial").GetBoolean(), json.GetProperty("interrupted").GetBoolean());

    private static IEnumerable<string> Said(ScriptedRequest request) => request.Messages.Select(message => $"{message.Role}:{message.Text}");

    private static async Task<JsonElement> ReadJsonAsync(HttpResponseMessage response) => await response.Content.ReadFromJsonAsync<JsonElement>();
}
