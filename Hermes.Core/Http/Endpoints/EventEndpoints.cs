using Hermes.Core.Changes;
using Hermes.Core.Http.Wire;
using Microsoft.Extensions.Hosting;
using static Hermes.Core.Http.Wire.AgentWire;

namespace Hermes.Core.Http.Endpoints;

internal static class EventEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/events", WatchHome).Named("change_events").WithTags("Events").Produces<ChangeEvent>(200, EventStream.ContentType)
            .ProducesEvents([.. Enum.GetValues<HomePart>().Select(Name).Prepend("ready").Select(name => (name, typeof(ChangeEvent)))]).ProducesErrors();

    /// <summary>Tells, as server-sent events, which parts of the home change, whoever changes them: so that no client needs to poll.</summary>
    /// <remarks>
    /// First <c>ready</c>, then <c>sessions.changed</c>, <c>memory.changed</c>, <c>skills.changed</c>, <c>config.changed</c>, each within 300 ms of
    /// the change; several changes of a part at once are one event. Data is <c>{"at":UNIX_SECONDS}</c>. With <c>Last-Event-ID</c> the parts that
    /// changed meanwhile are told after <c>ready</c>. A comment every 10 seconds keeps the connection open. At most 100 streams are open: one
    /// more ends the oldest.
    /// </remarks>
    /// <response code="200">The stream. It ends with the server.</response>
    internal static async Task<IResult> WatchHome(
        HttpContext http, HomeChanges changes, OpenStreams streams, IHostApplicationLifetime application, TimeProvider time)
    {
        if (HttpMethods.IsHead(http.Request.Method))
        {
            EventStream.Begin(http, time, http.RequestAborted);
            return Results.Empty;
        }

        using var listener = await changes.ListenAsync();

        // A stream that stayed open would hold up the end of the application.
        using var end = streams.Open(http.RequestAborted, application.ApplicationStopping);
        try
        {
            await WriteAsync(listener, http.Request.Headers["Last-Event-ID"].ToString(), EventStream.Begin(http, time, end.Token), time);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client or the application is done, or another client has its place.
        }
        finally
        {
            streams.Close(end);
        }

        return Results.Empty;
    }

    /// <summary>Writes events until nobody reads or there will be no more. While a client is slow to read, changes gather as one event of each part.</summary>
    internal static async Task WriteAsync(HomeChanges.Listener listener, string lastEventId, EventStream stream, TimeProvider time)
    {
        var now = listener.Now;
        var known = lastEventId.Length == 0 ? now.Versions : now.Versions.Recall(lastEventId);
        Write("ready");
        while (true)
        {
            foreach (var part in now.Versions.ChangedSince(known))
            {
                // Each id says what was told so far, so that a stream that breaks in between is resumed there.
                known = known.Take(part, now.Versions);
                Write(Name(part));
            }

            if (!await stream.FlushAsync() || !await stream.WaitAsync(now.Next) || !await now.Next) return;

            now = listener.Now;
        }

        void Write(string name) => stream.Write(new(new ChangeEvent(time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0), name, known.ToString()));
    }

    private static string Name(HomePart part) => $"{part.ToString().ToLowerInvariant()}.changed";

    /// <summary>The streams that are open: at most so many; where one more is opened, the oldest ends. Safe for use from any thread.</summary>
    /// <remarks>Refusing the newest would let whoever holds all of them shut out everybody else. A client whose stream ends takes it up again.</remarks>
    internal sealed class OpenStreams
    {
        public const int Max = 100;
        private readonly Lock _lock = new();
        private readonly List<CancellationTokenSource> _ends = [];

        /// <summary>Opens a stream, which has to end when one of the tokens is cancelled, or its place is needed.</summary>
        public CancellationTokenSource Open(CancellationToken clientGone, CancellationToken stopping)
        {
            var end = CancellationTokenSource.CreateLinkedTokenSource(clientGone, stopping);
            lock (_lock)
            {
                _ends.Add(end);
                if (_ends.Count <= Max) return end;

                // Whoever ends goes on elsewhere, not under the lock.
                _ = _ends[0].CancelAsync();
                _ends.RemoveAt(0);
                return end;
            }
        }

        public void Close(CancellationTokenSource end)
        {
            lock (_lock)
                _ends.Remove(end);
        }
    }
}
