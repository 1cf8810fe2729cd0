using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hermes.Core.Chat;
using Hermes.Core.Sessions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Support;

/// <summary>A server with an agent, and what a client of its session chat does.</summary>
internal static partial class SessionChat
{
    /// <summary>Starts a server with this agent, and a session <c>s</c> of the title <c>T</c>.</summary>
    public static async Task<HermesServer> StartAsync(
        IChatClient agent, Action<HermesChatOptions>? chat = null, Action<IServiceCollection>? services = null)
    {
        var server = await HermesServer.StartAsync(
            options => chat?.Invoke(options.Chat),
            configure: builder =>
            {
                builder.Services.AddSingleton(agent);
                services?.Invoke(builder.Services);
            });
        await server.Services.GetRequiredService<SessionStore>().CreateAsync(new NewSession { Id = "s", Title = "T" });
        return server;
    }

    /// <summary>Says something and gives the answer.</summary>
    public static Task<HttpResponseMessage> PostAsync(HermesServer server, object body, string path = "/api/sessions/s/chat", string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);

        return server.Client.SendAsync(request);
    }

    /// <summary>Says something and reads the answer as it is streamed.</summary>
    public static Task<EventStreamReader> StreamAsync(HermesServer server, string message = "hi") => EventStreamReader.SendAsync(
        server.Client, new HttpRequestMessage(HttpMethod.Post, "/api/sessions/s/chat/stream") { Content = JsonContent.Create(new { message }) });

    /// <summary>Takes up a run's events, behind the one with this id; null from the first.</summary>
    public static Task<EventStreamReader> ResumeAsync(HermesServer server, string runId, string? lastEventId = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/runs/{runId}/events");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);

        return EventStreamReader.SendAsync(server.Client, request);
    }

    /// <summary>Waits until this many runs have ended.</summary>
    public static async Task WaitForEndsAsync(HermesServer server, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (server.Services.GetRequiredService<ChatRuns>().Snapshot.Ended < count)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>The text that an answer or an event holds, with the run's and the message's id as the words that stand for them.</summary>
    public static string Normalize(string text) => GeneratedId().Replace(text, "$1_ID");

    /// <summary>The run that an event belongs to.</summary>
    public static string RunOf(string happened) => Data(happened).GetProperty("run_id").GetString()!;

    /// <summary>The id of an event.</summary>
    public static string IdOf(string happened) => happened.Split('\n')[0]["id: ".Length..];

    /// <summary>The name of an event.</summary>
    public static string NameOf(string happened) => happened.Split('\n')[1]["event: ".Length..];

    /// <summary>The JSON of an event.</summary>
    public static JsonElement Data(string happened) => JsonElement.Parse(happened.Split('\n')[2]["data: ".Length..]);

    /// <summary>The session's messages as <c>role:content</c>.</summary>
    public static async Task<List<string>> TranscriptAsync(HermesServer server, string session = "s") =>
        await server.Services.GetRequiredService<SessionStore>().ReadMessagesAsync(session)
            .Select(message => $"{message.Role}:{message.Content}").ToListAsync();

    [GeneratedRegex("(run|msg)_[0-9a-f]{32}")]
    private static partial Regex GeneratedId();
}
