using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hermes.Core.Chat;
using Hermes.Core.Tests.Chat;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using static Hermes.Core.Tests.Support.SessionChat;

namespace Hermes.Core.Tests.Http;

public class RunEndpointTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task ReadEvents_StreamWasKilled_DeliversTheRestOnceAndInOrder(int delivered)
    {
        var gate = new Gate();
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("a", "b", "c").ThenWait(gate.WaitAsync).ThenText("d", "e")));
        List<string> received;
        using (var killed = await StreamAsync(server))
        {
            received = await killed.ReadAsync(delivered);
        }

        using var steady = await ResumeAsync(server, RunOf(received[0]));
        using var resumed = await ResumeAsync(server, RunOf(received[0]), IdOf(received[^1]));
        await gate.Reached;
        gate.Open();
        received.AddRange(await resumed.ReadToEndAsync());

        Assert.Equal(await steady.ReadToEndAsync(), received);
        Assert.Equal(Enumerable.Range(1, received.Count).Select(number => $"{number}"), received.Select(IdOf));
        Assert.Equal("abcde", string.Concat(received.Where(next => NameOf(next) == "assistant.delta").Select(next => Data(next).GetProperty("delta").GetString())));
        Assert.Equal("done", NameOf(received[^1]));
        Assert.Equal(["user:hi", "assistant:abcde"], await TranscriptAsync(server));
    }

    [Fact]
    public async Task ReadEvents_RunIsOver_GivesTheSameBytesAgain()
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hel", "lo")));
        using var original = await StreamAsync(server);
        var bytes = await original.Response.Content.ReadAsStringAsync();

        using var replayed = await ResumeAsync(server, RunOf(bytes));

        Assert.Equal(bytes, await replayed.Response.Content.ReadAsStringAsync());
        Assert.Equal("text/event-stream", replayed.Response.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task ReadEvents_RunOfAPlainChat_TellsWhatHappened()
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hello")));
        using var answer = await PostAsync(server, new { message = "hi" });
        var runId = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("run_id").GetString()!;

        using var events = await ResumeAsync(server, runId, "5");

        Assert.Equal(["run.completed", "done"], (await events.ReadToEndAsync()).Select(NameOf));
    }

    [Fact]
    public async Task ReadEvents_LastEventIdInTheQuery_CountsWhereThereIsNoHeader()
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hello")));
        var runId = await FinishedRunAsync(server);

        var byQuery = await server.Client.GetStringAsync($"/v1/runs/{runId}/events?last_event_id=6");
        using var both = await EventStreamReader.SendAsync(
            server.Client,
            new HttpRequestMessage(HttpMethod.Get, $"/v1/runs/{runId}/events?last_event_id=6") { Headers = { { "Last-Event-ID", "5" } } });

        Assert.StartsWith("id: 7\n", byQuery, StringComparison.Ordinal);
        Assert.Equal("6", IdOf((await both.ReadAsync())!));
    }

    [Fact]
    public async Task ReadEvents_AllRead_Is204SoThatAnEventSourceStops()
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hello")));
        var runId = await FinishedRunAsync(server);

        foreach (var last in (string[])["7", "1000", "99999999999999999999"])
        {
            using var response = await ResumeAsync(server, runId, last);
            Assert.Equal(HttpStatusCode.NoContent, response.Response.StatusCode);
        }
    }

    [Fact]
    public async Task ReadEvents_BeyondWhatHasHappened_GivesWhatFollows()
    {
        var gate = new Gate();
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("a").ThenWait(gate.WaitAsync).ThenText("b", "c")));
        using var stream = await StreamAsync(server);
        var first = (await stream.ReadAsync())!;

        using var ahead = await ResumeAsync(server, RunOf(first), "5");
        gate.Open();

        Assert.Equal("6", IdOf((await ahead.ReadAsync())!));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("1.5")]
    public async Task ReadEvents_LastEventIdIsNoNumber_Is400(string last)
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hello")));
        var runId = await FinishedRunAsync(server);

        using var response = await ResumeAsync(server, runId, last);

        Assert.Equal(HttpStatusCode.BadRequest, response.Response.StatusCode);
    }

    [Fact]
    public async Task ReadEvents_UnknownRun_Is404InOpenAIsShape()
    {
        await using var server = await HermesServer.StartAsync();

        using var response = await server.Client.GetAsync("/v1/runs/run_unknown/events");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.StartsWith(
            "Run not found.",
            (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("message").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadEvents_FiveMinutesAfterTheEnd_Is404()
    {
        var time = new AdjustableTime();
        await using var server = await StartAsync(
            new ScriptedChatClient(ScriptedAnswer.Text("Hello")), services: services => services.AddSingleton<TimeProvider>(time));
        var runId = await FinishedRunAsync(server);
        await WaitForEndsAsync(server, 1);

        time.Now += TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1);
        using var inTime = await ResumeAsync(server, runId);
        time.Now += TimeSpan.FromSeconds(1);
        using var late = await ResumeAsync(server, runId);

        Assert.Equal(HttpStatusCode.OK, inTime.Response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, late.Response.StatusCode);
    }

    [Fact]
    public async Task ReadEvents_SomebodyElsesRun_Is404()
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hello")), services: services =>
        {
            services.AddAuthentication("Own").AddScheme<AuthenticationSchemeOptions, NameHandler>("Own", null);
            services.AddAuthorization(options => options.AddPolicy("Hermes", policy => policy.RequireAuthenticatedUser()));
        });
        server.Client.DefaultRequestHeaders.Add("X-Name", "ada");
        var runId = await FinishedRunAsync(server);
        using var bob = server.CreateClient(null);
        bob.DefaultRequestHeaders.Add("X-Name", "bob");

        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync($"/v1/runs/{runId}/events")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await bob.GetAsync($"/v1/runs/{runId}/events")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.PostAsync($"/v1/runs/{runId}/stop", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await bob.PostAsync($"/v1/runs/{runId}/stop", null)).StatusCode);
    }

    [Fact]
    public async Task ReadEvents_Head_GivesTheHeadersAlone()
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hello")));
        var runId = await FinishedRunAsync(server);

        using var response = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/v1/runs/{runId}/events"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task ClientGoes_NoGrace_InterruptsTheTurn()
    {
        var gate = new Gate();
        await using var server = await StartAsync(
            new ScriptedChatClient(ScriptedAnswer.Text("half").ThenWait(gate.WaitAsync), ScriptedAnswer.Text("next")),
            chat => chat.DisconnectGrace = TimeSpan.Zero);
        string first;
        using (var killed = await StreamAsync(server))
        {
            first = (await killed.ReadAsync(4))[0];
        }

        // The next turn of the session waits for the end of the one before.
        using var next = await PostAsync(server, new { message = "again" });
        using var left = await ResumeAsync(server, RunOf(first), "4");

        Assert.Equal(["user:hi", "assistant:half", "user:again", "assistant:next"], await TranscriptAsync(server));
        Assert.True(Data((await left.ReadAsync())!).GetProperty("interrupted").GetBoolean());
    }

    [Fact]
    public async Task ClientGoes_BeforeItKnowsTheRun_EndsTheTurnAtOnce()
    {
        var gate = new Gate();
        await using var server = await StartAsync(
            new ScriptedChatClient(ScriptedAnswer.Text("one").ThenWait(gate.WaitAsync)), chat => chat.DisconnectGrace = TimeSpan.FromHours(1));
        using var first = await StreamAsync(server, "first");
        await gate.Reached;
        var runs = server.Services.GetRequiredService<ChatRuns>();
        using var impatient = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/sessions/s/chat/stream") { Content = JsonContent.Create(new { message = "second" }) };
        var waiting = server.Client.SendAsync(request, impatient.Token);
        while (runs.Snapshot.Ids.Count < 2)
            await Task.Yield();

        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await WaitForEndsAsync(server, 1);
        gate.Open();
        await first.ReadToEndAsync();
        Assert.Equal(["user:first", "assistant:one"], await TranscriptAsync(server));
    }

    [Fact]
    public async Task ClientGoes_Finish_TheTurnIsFinishedAndCanBeRead()
    {
        var gate = new Gate();
        await using var server = await StartAsync(
            new ScriptedChatClient(ScriptedAnswer.Text("half ").ThenWait(gate.WaitAsync).ThenText("whole"), ScriptedAnswer.Text("next")),
            chat => (chat.OnDisconnect, chat.DisconnectGrace) = (ChatDisconnect.Finish, TimeSpan.Zero));
        string first;
        using (var killed = await StreamAsync(server))
        {
            first = (await killed.ReadAsync(4))[0];
        }

        var next = PostAsync(server, new { message = "again" });
        gate.Open();
        using var answer = await next;
        using var left = await ResumeAsync(server, RunOf(first), "4");

        Assert.Equal(["user:hi", "assistant:half whole", "user:again", "assistant:next"], await TranscriptAsync(server));
        Assert.Equal(["assistant.delta", "assistant.completed", "run.completed", "done"], (await left.ReadToEndAsync()).Select(NameOf));
    }

    private static async Task<string> FinishedRunAsync(HermesServer server)
    {
        using var stream = await StreamAsync(server);
        return RunOf((await stream.ReadToEndAsync())[0]);
    }

    private sealed class NameHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers["X-Name"].ToString() is { Length: > 0 } name
                ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "Own")), "Own"))
                : AuthenticateResult.NoResult());
    }
}
