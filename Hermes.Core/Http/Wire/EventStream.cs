using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Hermes.Core.Http.Wire;

/// <summary>A server-sent event.</summary>
/// <param name="Data">A record of the wire, or a text of one line, which goes out as it is.</param>
/// <param name="Name">Its name; null for none, which clients take for <c>message</c>.</param>
internal readonly record struct ServerEvent(object Data, string? Name = null, string? Id = null);

/// <summary>Writes an answer of server-sent events, with comments while nothing happens. For one writer at a time.</summary>
internal sealed class EventStream(PipeWriter output, TimeProvider time, CancellationToken cancellationToken)
{
    public const string ContentType = "text/event-stream";
    /// <summary>After this long without an event a comment tells proxies and the client that the stream lives.</summary>
    public static readonly TimeSpan KeepaliveInterval = TimeSpan.FromSeconds(10);

    /// <summary>Begins the answer to a request, and sees to it that nothing between us and the client holds events back.</summary>
    public static EventStream Begin(HttpContext http, TimeProvider time, CancellationToken cancellationToken)
    {
        http.Response.ContentType = ContentType;

        // What nginx asks for; other proxies leave event streams alone.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        return new EventStream(http.Response.BodyWriter, time, cancellationToken);
    }

    public void Write(ServerEvent happened)
    {
        var (id, name) = (happened.Id is null ? "" : $"id: {happened.Id}\n", happened.Name is null ? "" : $"event: {happened.Name}\n");
        Encoding.UTF8.GetBytes($"{id}{name}data: ", output);
        if (happened.Data is string text)
            Encoding.UTF8.GetBytes(text, output);
        else
            WireJson.Write(output, happened.Data);

        output.Write("\n\n"u8);
    }

    /// <summary>Sends what is written. Tells whether anybody reads it.</summary>
    public async Task<bool> FlushAsync() => !(await output.FlushAsync(cancellationToken)).IsCompleted;

    /// <summary>Waits for what happens next, and sends a comment whenever that takes long. Tells whether anybody reads.</summary>
    public async Task<bool> WaitAsync(Task next)
    {
        do
        {
            try
            {
                await next.WaitAsync(KeepaliveInterval, time, cancellationToken);
                return true;
            }
            catch (TimeoutException) when (!next.IsFaulted)
            {
                output.Write(": keepalive\n\n"u8);
            }
        }
        while (await FlushAsync());
        return false;
    }
}
