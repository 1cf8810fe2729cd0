using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Hermes.Core.Changes;
using Hermes.Core.Http.OpenApi;
using Hermes.Core.Http.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Hermes.Core.Http.Endpoints;

internal static class EventEndpoints
{
    private const string ContentType = "text/event-stream";

    // Shorter than what proxies take for a dead connection.
    private static readonly TimeSpan KeepaliveInterval = TimeSpan.FromSeconds(15);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/api/events", HermesRoutes.Reading, WatchHome)
            .Named("change_events")
            .WithTags("Events")
            .Produces<ChangeEvent>(StatusCodes.Status200OK, ContentType)
            .ProducesEvents([.. ((string[])["ready", .. Enum.GetValues<HomePart>().Select(Name)]).Select(name => (name, typeof(ChangeEvent)))])
            .ProducesErrors();

    /// <summary>Tells, as server-sent events, which parts of the home change, whoever changes them: so that no client needs to poll.</summary>
    /// <remarks>
    /// First <c>ready</c>, then <c>sessions.changed</c>, <c>memory.changed</c>, <c>skills.changed</c>, <c>config.changed</c>, each within 300 ms of
    /// the change; several changes of a part at once are one event. Data is <c>{"at":UNIX_SECONDS}</c>. With <c>Last-Event-ID</c> the parts that
    /// changed meanwhile are told after <c>ready</c>. A comment every 15 seconds keeps the connection open. At most 100 streams are open: one
    /// more ends the oldest.
    /// </remarks>
    /// <response code="200">The stream. It ends with the server.</response>
    internal static async Task<IResult> WatchHome(
        HttpContext http, HomeChanges changes, OpenEventStreams streams, IHostApplicationLifetime application, TimeProvider time)
    {
        http.Response.ContentType = ContentType;
        if (HttpMethods.IsHead(http.Request.Method))
        {
            return Results.Empty;
        }

        using var listener = await changes.ListenAsync();
        using var stream = streams.Open(out var isOver);

        // A stream that stayed open would hold up the end of the application.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, application.ApplicationStopping, isOver);
        http.Response.Headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await WriteAsync(listener, http.Request.Headers["Last-Event-ID"].ToString(), http.Response.BodyWriter, time, KeepaliveInterval, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client or the application is done, or another client has its place.
        }

        return Results.Empty;
    }

    /// <summary>Writes events until the token is cancelled or there will be no more. While a client is slow to read, changes gather as one event of each part.</summary>
    internal static async Task WriteAsync(
        HomeChanges.Listener listener, string lastEventId, PipeWriter output, TimeProvider time, TimeSpan keepalive, CancellationToken cancellationToken)
    {
        var now = listener.Now;
        var known = lastEventId.Length == 0 ? now.Versions : now.Versions.Recall(lastEventId);
        Write(output, "ready", known, time);
        while (true)
        {
            foreach (var part in now.Versions.ChangedSince(known))
            {
                // Each id says what was told so far, so that a stream that breaks in between is taken up there.
                known = known.Take(part, now.Versions);
                Write(output, Name(part), known, time);
            }

            if ((await output.FlushAsync(cancellationToken)).IsCompleted)
            {
                return;
            }

            try
            {
                if (!await now.Next.WaitAsync(keepalive, time, cancellationToken))
                {
                    return;
                }
            }
            catch (TimeoutException)
            {
                output.Write(": keepalive\n\n"u8);
            }

            now = listener.Now;
        }
    }

    private static string Name(HomePart part) => part switch
    {
        HomePart.Sessions => "sessions.changed",
        HomePart.Memory => "memory.changed",
        HomePart.Skills => "skills.changed",
        _ => "config.changed",
    };

    private static void Write(PipeWriter output, string name, HomeVersions known, TimeProvider time)
    {
        var at = time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        output.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"event: {name}\nid: {known}\ndata: {{\"at\":{at:F3}}}\n\n")));
    }
}
