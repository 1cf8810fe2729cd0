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

namespace Hermes.Core.Tests.Http;

public class ChatEndpointTests
{
    private const string Header = "X-Hermes-Session-Id";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Complete_Plain_AnswersAndNamesTheStoredSession()
    {
        await using var server = await StartAsync(ScriptedAnswer.Text("Hello").WithUsage(11, 7));

        using var response = await PostAsync(server, "hi");

        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Hello", answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal(18, answer.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.Equal(["user:hi", "assistant:Hello"], await TranscriptAsync(server, Session(response)));
    }

    [Fact]
    public async Task Complete_Stream_EndsWithUsageAndDone()
    {
        await using var server = await StartAsync(ScriptedAnswer.Text("Hel", "lo"));

        using var response = await PostAsync(server, "hi", stream: true);

        var lines = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.ToString());
        Assert.Contains("\"role\":\"assistant\"", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"content\":\"Hel\"", lines[1], StringComparison.Ordinal);
        Assert.Contains("\"finish_reason\":\"stop\"", lines[3], StringComparison.Ordinal);
        Assert.Equal("data: [DONE]", lines[4]);
        Assert.Equal(["user:hi", "assistant:Hello"], await TranscriptAsync(server, Session(response)));
    }

    [Fact]
    public async Task Complete_SessionHeader_GoesOnFromTheStoredMessages()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("one"), ScriptedAnswer.Text("two"));
        await using var server = await StartAsync(model);
        using var first = await PostAsync(server, "a");

        using var second = await PostAsync(server, "b", session: Session(first));

        Assert.Equal(Session(first), Session(second));
        Assert.Equal(["a", "one", "b"], model.Requests[1].Messages.Select(message => message.Text));
    }

    [Theory]
    [InlineData(500, 502, null)]
    [InlineData(429, 429, "3")]
    public async Task Complete_ProviderFails_KeepsTheUserMessage(int status, int expected, string? retryAfter)
    {
        await using var server = await StartAsync(ScriptedAnswer.Failure(
            new ChatProviderException("SECRET", status, status == 429 ? TimeSpan.FromSeconds(2.5) : null)));

        using var response = await PostAsync(server, "hi");

        Assert.Equal(expected, (int)response.StatusCode);
        Assert.Equal(retryAfter, response.Headers.RetryAfter?.ToString());
        Assert.DoesNotContain("SECRET", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(["user:hi"], await TranscriptAsync(server, Session(response)));
    }

    [Fact]
    public async Task Complete_ProviderFailsMidStream_EndsWithAnErrorEvent()
    {
        await using var server = await StartAsync(ScriptedAnswer.Text("half").ThenFail(new IOException("SECRET")));

        using var response = await PostAsync(server, "hi", stream: true);

        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("event: error\ndata: {\"error\":", text, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"stop\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{bad", "Invalid JSON in request body")]
    [InlineData("{}", "Missing or invalid 'messages' field")]
    [InlineData("""{"messages":[],"stream":true}""", "Missing or invalid 'messages' field")]
    public async Task Complete_BadBody_Is400InOpenAIsShape(string body, string message)
    {
        await using var server = await StartAsync();

        using var response = await server.Client.PostAsync("/v1/chat/completions", new StringContent(body));

        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal((message, "invalid_request_error"), (error.GetProperty("message").GetString(), error.GetProperty("type").GetString()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Complete_SessionIdTooLong_Is400(bool stream)
    {
        await using var server = await StartAsync();

        using var response = await PostAsync(server, "hi", stream, session: new string('x', 257));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Complete_NoAgent_Is503()
    {
        await using var server = await HermesServer.StartAsync();

        using var response = await PostAsync(server, "hi");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
    }

    [Fact]
    public async Task Complete_ClientGoesMidStream_StoresWhatWasSaid()
    {
        var gate = new Gate();
        await using var server = await StartAsync(ScriptedAnswer.Text("half").ThenWait(gate.WaitAsync), ScriptedAnswer.Text("next"));
        using (var response = await PostAsync(server, "hi", stream: true, session: "s"))
        {
            await gate.Reached;
        }

        // The next turn of the session waits for the end of the one before.
        using var next = await PostAsync(server, "again", session: "s");

        Assert.Equal(["user:hi", "assistant:half", "user:again", "assistant:next"], await TranscriptAsync(server, "s"));
    }

    [Fact]
    public async Task Complete_IdempotencyKey_GivesTheFirstAnswerAndItsSession()
    {
        await using var server = await StartAsync(ScriptedAnswer.Text("one"), ScriptedAnswer.Text("two"));

        using var first = await PostAsync(server, "hi", key: "k");
        using var second = await PostAsync(server, "hi", key: "k");
        using var other = await PostAsync(server, "changed", key: "k");

        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(Session(first), Session(second));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
    }

    [Fact]
    public async Task CreateSession_IdempotencyKey_CreatesOne()
    {
        await using var server = await StartAsync();

        var bodies = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/sessions") { Headers = { { "Idempotency-Key", "k" } } };
            using var response = await server.Client.SendAsync(request);
            bodies.Add(await response.Content.ReadAsStringAsync());
        }

        Assert.Equal(bodies[0], bodies[1]);
    }

    [Fact]
    public async Task Complete_HundredTurnsOverTwentySessions_EachSessionHasWholeTurns()
    {
        await using var server = await StartAsync(new ScriptedChatClient().When(_ => true, ScriptedAnswer.Text("re", "ply").WithUsage(2, 1)));

        await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            using var response = await PostAsync(server, $"m{i}", stream: i % 2 == 0, session: $"s{i % 20}");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await response.Content.ReadAsStringAsync();
        }));

        var store = server.Services.GetRequiredService<SessionStore>();
        for (var i = 0; i < 20; i++)
        {
            var roles = (await TranscriptAsync(server, $"s{i}")).Select(line => line.Split(':')[0]);
            Assert.Equal(Enumerable.Repeat<string[]>(["user", "assistant"], 5).SelectMany(turn => turn), roles);
            var session = (await store.FindAsync($"s{i}"))!;
            Assert.Equal((10, 10, 5), (session.MessageCount, session.InputTokens, session.OutputTokens));
        }
    }

    [Fact]
    public async Task Complete_EightStreamsAtOnce_AllBeginBeforeAnyEnds()
    {
        var everyoneHasBegun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await StartAsync(new ScriptedChatClient().When(
            _ => true, ScriptedAnswer.Text("first").ThenWait(everyoneHasBegun.Task.WaitAsync).ThenText("last")));

        var streams = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            var stream = new EventStreamReader(await PostAsync(server, "hi", stream: true));
            Assert.Contains("\"content\":\"first\"", (await stream.ReadAsync(2))[1], StringComparison.Ordinal);
            return stream;
        }));
        everyoneHasBegun.SetResult();

        foreach (var stream in streams)
        {
            Assert.Equal("data: [DONE]", (await stream.ReadToEndAsync())[^1]);
            stream.Dispose();
        }
    }

    [Fact]
    public async Task Stop_TurnInFlight_StoresWhatItSaid()
    {
        var gate = new Gate();
        using var home = new TemporaryHome();
        var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("half").ThenWait(gate.WaitAsync)), home, TimeSpan.Zero);
        using var response = await PostAsync(server, "hi", stream: true, session: "s");
        await gate.Reached;

        await server.StopAsync();

        Assert.Contains("event: error", await response.Content.ReadAsStringAsync().WaitAsync(Patience), StringComparison.Ordinal);
        await server.DisposeAsync();
        await using var again = await StartAsync(new ScriptedChatClient(), home);
        Assert.Equal(["user:hi", "assistant:half"], await TranscriptAsync(again, "s"));
    }

    private static Task<HermesServer> StartAsync(params ScriptedAnswer[] answers) => StartAsync(new ScriptedChatClient(answers));

    private static Task<HermesServer> StartAsync(IChatClient agent, TemporaryHome? home = null, TimeSpan? grace = null) => HermesServer.StartAsync(
        options => options.Chat.ShutdownGrace = grace ?? options.Chat.ShutdownGrace,
        home,
        builder => builder.Services.AddSingleton(agent));

    private static async Task<HttpResponseMessage> PostAsync(
        HermesServer server, string text, bool stream = false, string? session = null, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(new { messages = new[] { new { role = "user", content = text } }, stream }),
        };
        if (session is not null)
            request.Headers.Add(Header, session);

        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);

        return await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
    }

    private static string Session(HttpResponseMessage response) => Assert.Single(response.Headers.GetValues(Header));

    private static async Task<List<string>> TranscriptAsync(HermesServer server, string session) =>
        await server.Services.GetRequiredService<SessionStore>().ReadMessagesAsync(session)
            .Select(message => $"{message.Role}:{message.Content}").ToListAsync();
}
