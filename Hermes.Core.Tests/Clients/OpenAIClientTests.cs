using Hermes.Core.Chat;
using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Clients;

/// <summary>The stock <c>openai</c> package of npm, pointed at the API unchanged.</summary>
public class OpenAIClientTests
{
    [Trait("Category", "Slow")]
    [NpmFact]
    public async Task StockClient_ChatsStreamsAbortsAndReadsErrors()
    {
        var interrupted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var model = new ScriptedChatClient()
            .When(request => request.UserText == "plain", ScriptedAnswer.Text("plain answer").WithUsage(11, 7))
            .When(request => request.UserText == "again", ScriptedAnswer.Text("the same session"))
            .When(request => request.UserText == "stream", ScriptedAnswer.Text("one ", "two ", "three"))
            .When(request => request.UserText == "endless", ScriptedAnswer.Text("begun").ThenWait(async cancellationToken =>
            {
                await using var registration = cancellationToken.Register(interrupted.SetResult);
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }))
            .When(request => request.UserText == "broken", ScriptedAnswer.Text("half").ThenFail(new ChatProviderException("the provider fell over", 500)));
        await using var server = await HermesServer.StartAsync(configure: builder => builder.Services.AddSingleton<IChatClient>(model));

        var result = await NodeScript.RunAsync(
            "openai-client.mjs", new Dictionary<string, string> { ["openai"] = "6.10.0" }, new Uri(server.Address, "/v1").ToString(), HermesServer.Key);

        Assert.Equal("hermes-agent", result.GetProperty("models")[0].GetString());
        Assert.Equal("""{"content":"plain answer","finish":"stop","usage":18}""", result.GetProperty("plain").GetRawText());
        Assert.Equal("""{"content":"the same session","sameSession":true}""", result.GetProperty("again").GetRawText());
        Assert.Equal("one two three", result.GetProperty("stream").GetProperty("text").GetString());
        Assert.Equal("stop", result.GetProperty("stream").GetProperty("finish").GetString());
        Assert.Equal("begun", result.GetProperty("abort").GetProperty("text").GetString());
        Assert.Equal("APIError", result.GetProperty("broken").GetProperty("name").GetString());
        Assert.Equal("AuthenticationError", result.GetProperty("badKey").GetProperty("name").GetString());
        Assert.Equal("BadRequestError", result.GetProperty("badBody").GetProperty("name").GetString());
        Assert.Contains("'messages'", result.GetProperty("badBody").GetProperty("message").GetString(), StringComparison.Ordinal);

        // The second call was sent the first one's exchange; the aborted one was cancelled, and what it said is kept.
        Assert.Equal(
            ["plain", "plain answer", "again"],
            model.Requests.Single(request => request.UserText == "again").Messages.Select(message => message.Text));
        await interrupted.Task;
        Assert.Equal("begun", await InterruptedTextAsync(server, result.GetProperty("abort").GetProperty("session").GetString()!));
    }

    // The turn stores what it said after its client has gone, so the reader may be the faster one.
    private static async Task<string?> InterruptedTextAsync(HermesServer server, string sessionId)
    {
        var sessions = server.Services.GetRequiredService<SessionStore>();
        while (true)
        {
            await foreach (var message in sessions.ReadMessagesAsync(sessionId))
            {
                if (message.FinishReason == "interrupted") return message.Content;
            }

            await Task.Yield();
        }
    }
}
