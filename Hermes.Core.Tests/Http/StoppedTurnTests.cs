using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hermes.Core.Chat;
using Hermes.Core.Tests.Chat;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Xunit.Abstractions;
using static Hermes.Core.Tests.Support.SessionChat;

namespace Hermes.Core.Tests.Http;

/// <summary>Turns that are stopped: by a call, or by leaving them and saying something else.</summary>
public class StoppedTurnTests(ITestOutputHelper output)
{
    private static readonly object Completion = new { messages = new[] { new { role = "user", content = "hi" } } };

    [Fact]
    public async Task LeaveAndSaySomethingElse_TheNextTurnBeginsAtOnce()
    {
        var gate = new Gate();
        await using var server = await StartAsync(
            new ScriptedChatClient(ScriptedAnswer.Text("half").ThenWait(gate.WaitAsync), ScriptedAnswer.Text("next")),
            chat => chat.DisconnectGrace = TimeSpan.FromHours(1));

        // A browser closes the connection at once; .NET's client would first try for two seconds to read the rest.
        using var browser = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero }) { BaseAddress = server.Address };
        browser.DefaultRequestHeaders.Authorization = server.Client.DefaultRequestHeaders.Authorization;
        using (var left = await EventStreamReader.SendAsync(
            browser, new HttpRequestMessage(HttpMethod.Post, "/api/sessions/s/chat/stream") { Content = JsonContent.Create(new { message = "first" }) }))
        {
            await left.ReadAsync(4);
        }

        var clock = Stopwatch.StartNew();
        using var next = await StreamAsync(server, "second");
        var events = await next.ReadAsync(4);
        output.WriteLine($"First word of the next turn: {clock.Elapsed.TotalMilliseconds:F0} ms after its request");
        await next.ReadToEndAsync();

        // The gate is still closed: nobody waited for the model of the turn before.
        Assert.Equal("next", Data(events[3]).GetProperty("delta").GetString());
        Assert.Equal(["user:first", "assistant:half", "user:second", "assistant:next"], await TranscriptAsync(server));
    }

    [Fact]
    public async Task SaySomethingElseAndLeave_TheNextTurnBeginsAtOnce()
    {
        var gate = new Gate();
        await using var server = await StartAsync(
            new ScriptedChatClient(ScriptedAnswer.Text("half").ThenWait(gate.WaitAsync), ScriptedAnswer.Text("next")),
            chat => chat.DisconnectGrace = TimeSpan.FromHours(1));
        var left = await StreamAsync(server, "first");
        await left.ReadAsync(4);

        // The next message overtakes the end of the connection.
        var next = PostAsync(server, new { message = "second" });
        await WaitForRunsAsync(server, 2);
        left.Dispose();

        Assert.Equal(HttpStatusCode.OK, (await next).StatusCode);
        Assert.Equal(["user:first", "assistant:half", "user:second", "assistant:next"], await TranscriptAsync(server));
    }

    [Fact]
    public async Task WaitingTurnGivesUp_TheOneThatIsLeftHasItsGraceAgain()
    {
        var gate = new Gate();
        await using var server = await StartAsync(
            new ScriptedChatClient(ScriptedAnswer.Text("half").ThenWait(gate.WaitAsync).ThenText(" whole")),
            chat => chat.DisconnectGrace = TimeSpan.FromHours(1));
        var left = await StreamAsync(server, "first");
        await left.ReadAsync(4);
        using var impatient = new CancellationTokenSource();
        var next = server.Client.PostAsJsonAsync("/api/sessions/s/chat", new { message = "second" }, impatient.Token);
        await WaitForRunsAsync(server, 2);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        await WaitForEndsAsync(server, 1);

        left.Dispose();
        gate.Open();
        await WaitForEndsAsync(server, 2);

        Assert.Equal(["user:first", "assistant:half whole"], await TranscriptAsync(server));
    }

    [Fact]
    public async Task SomebodyReadsAgain_TheNextTurnWaits()
    {
        var gate = new Gate();
        await using var server = await StartAsync(
            new ScriptedChatClient(ScriptedAnswer.Text("half").ThenWait(gate.WaitAsync).ThenText(" whole"), ScriptedAnswer.Text("next")),
            chat => chat.DisconnectGrace = TimeSpan.FromHours(1));
        string run;
        using (var left = await StreamAsync(server, "first"))
        {
            run = RunOf((await left.ReadAsync(4))[0]);
        }

        using var back = await ResumeAsync(server, run);
        await back.ReadAsync(4);
        var next = PostAsync(server, new { message = "second" });
        await WaitForRunsAsync(server, 2);
        gate.Open();

        Assert.Equal(HttpStatusCode.OK, (await next).StatusCode);
        Assert.Equal(["user:first", "assistant:half whole", "user:second", "assistant:next"], await TranscriptAsync(server));
    }

    [Fact]
    public async Task OtherSessions_AreNoReasonToEndATurn()
    {
        var gate = new Gate();
        await using var server = await StartAsync(
            new ScriptedChatClient(ScriptedAnswer.Text("half").ThenWait(gate.WaitAsync).ThenText(" whole"), ScriptedAnswer.Text("other")),
            chat => chat.DisconnectGrace = TimeSpan.FromHours(1));
        using (var left = await StreamAsync(server, "first"))
        {
            await left.ReadAsync(4);
        }

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, Completion, "/v1/chat/completions")).StatusCode);
        gate.Open();
        await WaitForEndsAsync(server, 2);

        Assert.Equal(["user:first", "assistant:half whole"], await TranscriptAsync(server));
    }

    [Fact]
    public async Task Finish_ATurnThatIsLeftIsNotInterrupted()
    {
        var gate = new Gate();
        await using var server = await StartAsync(
            new ScriptedChatClient(ScriptedAnswer.Text("half").ThenWait(gate.WaitAsync).ThenText(" whole"), ScriptedAnswer.Text("next")),
            chat => chat.OnDisconnect = ChatDisconnect.Finish);
        using (var left = await StreamAsync(server, "first"))
        {
            await left.ReadAsync(4);
        }

        var next = PostAsync(server, new { message = "second" });
        await WaitForRunsAsync(server, 2);
        gate.Open();

        Assert.Equal(HttpStatusCode.OK, (await next).StatusCode);
        Assert.Equal(["user:first", "assistant:half whole", "user:second", "assistant:next"], await TranscriptAsync(server));
    }

    [Fact]
    public async Task Stop_SessionStream_StoresWhatWasSaidAndTellsTheReader()
    {
        var gate = new Gate();
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("half").ThenWait(gate.WaitAsync), ScriptedAnswer.Text("next")));
        using var stream = await StreamAsync(server);
        var run = RunOf((await stream.ReadAsync(4))[0]);

        var stopped = await StopAsync(server, run);
        var rest = await stream.ReadToEndAsync();
        await WaitForEndsAsync(server, 1);

        Assert.Equal($$"""{"run_id":"{{run}}","status":"stopping"}""", stopped);
        Assert.Equal(["assistant.completed", "run.completed", "done"], rest.Select(NameOf));
        Assert.True(Data(rest[0]).GetProperty("interrupted").GetBoolean());
        Assert.Equal($$"""{"run_id":"{{run}}","status":"cancelled"}""", await StopAsync(server, run));
        Assert.Equal(["user:hi", "assistant:half"], await TranscriptAsync(server));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, new { message = "more" })).StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_ChatCompletion_EndsItAndTellsItsClientNotToRetry(bool isStream)
    {
        var gate = new Gate();
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("half").ThenWait(gate.WaitAsync)));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(new { messages = new[] { new { role = "user", content = "hi" } }, stream = isStream }),
            Headers = { { "X-Hermes-Session-Id", "s" } },
        };
        var answering = server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await gate.Reached;
        var runs = (ChatRuns)server.Services.GetService(typeof(ChatRuns))!;
        var run = isStream ? (await answering).Headers.GetValues("X-Hermes-Run-Id").Single() : runs.Snapshot.Ids.Single();

        Assert.Contains("stopping", await StopAsync(server, run), StringComparison.Ordinal);
        using var answer = await answering;
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Contains("The turn was stopped", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        Assert.True(isStream || (answer.StatusCode == HttpStatusCode.ServiceUnavailable && answer.Headers.GetValues("x-should-retry").Single() == "false"));
        Assert.Equal(["user:hi", "assistant:half"], await TranscriptAsync(server));
    }

    [Fact]
    public async Task Stop_ATurnThatWaits_LeavesTheOneBeforeIt()
    {
        var gate = new Gate();
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("half").ThenWait(gate.WaitAsync).ThenText(" whole")));
        using var first = await StreamAsync(server, "first");
        await first.ReadAsync(4);
        var second = PostAsync(server, new { message = "second" });
        var runs = (ChatRuns)server.Services.GetService(typeof(ChatRuns))!;
        await WaitForRunsAsync(server, 2);
        var run = runs.Snapshot.Ids.Single(id => id != first.Response.Headers.GetValues("X-Hermes-Run-Id").Single());

        await StopAsync(server, run);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await second).StatusCode);
        gate.Open();
        await first.ReadToEndAsync();

        Assert.Equal(["user:first", "assistant:half whole"], await TranscriptAsync(server));
    }

    [Fact]
    public async Task Stop_ARunThatHasEnded_SaysHow()
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hello"), ScriptedAnswer.Failure(new ChatProviderException("broken", 500))));

        foreach (var status in (string[])["completed", "failed"])
        {
            using var answer = await PostAsync(server, new { message = status });
            Assert.Contains($"\"status\":\"{status}\"", await StopAsync(server, answer.Headers.GetValues("X-Hermes-Run-Id").Single()), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Stop_UnknownRun_Is404WithItsCode()
    {
        await using var server = await HermesServer.StartAsync();

        using var answer = await server.Client.PostAsync("/v1/runs/run_unknown/stop", null);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("run_not_found", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString());
    }

    private static async Task<string> StopAsync(HermesServer server, string run)
    {
        using var answer = await server.Client.PostAsync($"/v1/runs/{run}/stop", null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task WaitForRunsAsync(HermesServer server, int count)
    {
        var runs = (ChatRuns)server.Services.GetService(typeof(ChatRuns))!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (runs.Snapshot.Ids.Count < count)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
