using Hermes.Core.Chat;
using Hermes.Core.Http.Wire;
using Microsoft.AspNetCore.Mvc;
using static Hermes.Core.Chat.ChatEvent;
using static Hermes.Core.Http.Wire.ChatWire;

namespace Hermes.Core.Http.Endpoints;

internal static class RunEndpoints
{
    private const string LastEventHeader = "Last-Event-ID";
    // A reader that comes late has many events to get, and each is several times as large as text as it is in the log.
    private const int MaxUnsentEvents = 64;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var routes = endpoints.MapGroup("").WithTags("Chat");

        // Not the agent's run_events: the frames are those of the session's stream.
        routes.MapGet("/v1/runs/{run_id}/events", ReadEvents).Named("session_run_events")
            .Produces<string>(StatusCodes.Status200OK, EventStream.ContentType).ProducesEvents(SessionChatEvents.Documented)
            .Produces(StatusCodes.Status204NoContent).ProducesErrors(400, 404);
        routes.MapPost("/v1/runs/{run_id}/stop", StopRun).Named("run_stop").Produces<RunStopped>().ProducesErrors(404, 413);
    }

    /// <summary>Resumes the event stream of a session's chat: what came after the event that the client names, then what happens, to the end.</summary>
    /// <remarks>The event is named by the header <c>Last-Event-ID</c>, or by the query where a client cannot set it. Without either, all events are sent.</remarks>
    /// <param name="run_id">The run, as its events and its answer name it.</param>
    /// <param name="last_event_id">The <c>id</c> of the last event that the client has; the header wins.</param>
    /// <response code="200">The events, the same as in the stream that broke off.</response>
    /// <response code="204">The run is over and the client has all of its events; an EventSource stops asking here.</response>
    /// <response code="400">The last event's id is not a number.</response>
    /// <response code="404">There is no such run, it ended more than 5 minutes ago, or somebody else began it.</response>
    internal static async Task<IResult> ReadEvents(
        HttpContext http, ChatRuns runs, TimeProvider time, string run_id, [FromQuery] string? last_event_id)
    {
        var (name, text) = http.Request.Headers[LastEventHeader].ToString() is { Length: > 0 } header ? (LastEventHeader, header)
            : ("last_event_id", string.IsNullOrEmpty(last_event_id) ? null : last_event_id);
        var after = QueryFields.Integer(name, text, missing: 0, min: 0, max: long.MaxValue);
        var run = Get(runs, run_id, http);
        TurnHeaders.Write(http.Response, run.SessionId, run.Id);
        if (SessionChatEvents.IsAllRead(run, after)) return Results.NoContent();

        if (!HttpMethods.IsHead(http.Request.Method)) return await SendAsync(http, run, after, time);

        EventStream.Begin(http, time, http.RequestAborted);
        return Results.Empty;
    }

    /// <summary>Stops a turn: of a session's chat, plain or streamed, or of chat completions. What was said so far is stored.</summary>
    /// <remarks>Its stream is told so, and ends. Other turns of the session go on.</remarks>
    /// <param name="run_id">The run, as its events and the header <c>X-Hermes-Run-Id</c> of its answer name it.</param>
    /// <response code="200"><c>stopping</c>; how it ended, where it has: <c>completed</c>, <c>failed</c>, <c>cancelled</c> or <c>interrupted</c>.</response>
    /// <response code="404">There is no such run, it ended more than 5 minutes ago, or somebody else began it.</response>
    internal static JsonAnswer StopRun(HttpContext http, ChatRuns runs, string run_id)
    {
        var run = Get(runs, run_id, http);
        if (run.EndStatus is { } ended) return JsonAnswer.Of(new RunStopped(run.Id, ended));

        run.Stop();
        return JsonAnswer.Of(new RunStopped(run.Id, "stopping"));
    }

    private static ChatRun Get(ChatRuns runs, string id, HttpContext http) => runs.Find(id, Caller.Name(http)) ?? throw new RequestException(
        "Run not found. It may have ended more than 5 minutes ago: the session's messages have its answer.", 404, param: "run_id", code: "run_not_found");

    /// <summary>Sends the run's events that follow the one with this number, until the run ends.</summary>
    internal static async Task<IResult> SendAsync(HttpContext http, ChatRun run, long after, TimeProvider time)
    {
        using var attached = run.Attach();
        await SendAsync(run, EventStream.Begin(http, time, http.RequestAborted), new SessionChatEvents(run, after).Next);
        return Results.Empty;
    }

    /// <summary>Sends all events of a run, in any format, each as soon as it happens, until the run ends or nobody reads.</summary>
    /// <remarks>What happens at once goes out at once. The response ends with the run's last event, not a moment later.</remarks>
    internal static async Task SendAsync(ChatRun run, EventStream stream, Func<ChatEvent, IEnumerable<ServerEvent>> format)
    {
        var number = 0;
        do
        {
            var hasEnded = false;
            for (var unsent = 0; unsent < MaxUnsentEvents && run.TryGetEvent(number, out var happened); unsent++)
            {
                foreach (var sent in format(happened))
                    stream.Write(sent);

                number++;
                hasEnded = happened is TurnEnded;
            }

            if (!await stream.FlushAsync() || hasEnded) return;
        }
        while (await stream.WaitAsync(run.WaitForEventAsync(number)));
    }

    /// <summary>Waits until the run has begun, while an answer can still have a status of its own. Gives why it ended before it began.</summary>
    /// <returns>Null where it runs, or still waits for its session: then the stream is to begin, as a client without a byte gives up.</returns>
    internal static async Task<ChatFailure?> WaitForStartAsync(ChatRun run, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await run.WaitForEventAsync(0).WaitAsync(EventStream.KeepaliveInterval, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }

        return run.TryGetEvent(0, out var first) && first is TurnEnded ended ? ended.Outcome.Failure : null;
    }
}
