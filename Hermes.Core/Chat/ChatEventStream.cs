using System.Buffers;
using System.IO.Pipelines;

namespace Hermes.Core.Chat;

/// <summary>Renders the events of a turn as server-sent events of one wire format.</summary>
internal interface IChatEventWriter
{
    /// <summary>Writes what an event means in this format, with the empty line behind each server-sent event; nothing is a meaning too.</summary>
    void Write(ChatEvent happened, IBufferWriter<byte> output);
}

/// <summary>Sends a turn to a client as server-sent events.</summary>
internal static class ChatEventStream
{
    /// <summary>After this long without an event a comment tells proxies and the client that the turn lives.</summary>
    public static readonly TimeSpan KeepaliveInterval = TimeSpan.FromSeconds(10);

    // A reader that comes late has many events to get, and each is several times as large as text as it is in the log.
    private const int MaxUnsentEvents = 64;

    /// <summary>Waits until the turn has begun, while an answer can still have a status of its own.</summary>
    /// <returns>
    /// Why it ended before it began; null where it runs, and also where it still waits for its session after
    /// <see cref="KeepaliveInterval"/>: then the stream is to begin, as a client without a byte gives up.
    /// </returns>
    public static async Task<ChatFailure?> WaitForStartAsync(ChatTurn turn, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await turn.WaitForEventAsync(0).WaitAsync(KeepaliveInterval, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }

        return turn.TryGetEvent(0, out var first) && first is TurnEnded ended ? ended.Outcome.Failure : null;
    }

    /// <summary>Writes the turn's events from number <paramref name="from"/> on, each as soon as it happens, until the turn ends.</summary>
    /// <remarks>What happens at once goes out at once. The response ends with the turn's last event, not a moment later.</remarks>
    public static async Task WriteAsync(
        ChatTurn turn, IChatEventWriter format, PipeWriter output, TimeProvider time, CancellationToken cancellationToken, int from = 0)
    {
        for (var number = from; ;)
        {
            var ended = false;
            for (var unsent = 0; unsent < MaxUnsentEvents && turn.TryGetEvent(number, out var happened); unsent++)
            {
                format.Write(happened, output);
                number++;
                ended = happened is TurnEnded;
            }

            var flushed = await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (ended || flushed.IsCompleted)
            {
                return;
            }

            try
            {
                await turn.WaitForEventAsync(number).WaitAsync(KeepaliveInterval, time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                output.Write(": keepalive\n\n"u8);
            }
        }
    }
}
