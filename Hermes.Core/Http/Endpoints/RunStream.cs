using Hermes.Core.Chat;
using Hermes.Core.Http.Wire;
using static Hermes.Core.Chat.ChatEvent;

namespace Hermes.Core.Http.Endpoints;

/// <summary>Sends a run's event log as server-sent events, in any format.</summary>
internal static class RunStream
{
    // A reader that comes late has many events to get, and each is several times as large as text as it is in the log.
    private const int MaxUnsentEvents = 64;

    /// <summary>Waits until the run has begun, while an answer can still have a status of its own.</summary>
    /// <returns>
    /// Why it ended before it began; null where it runs, and also where it still waits for its session after
    /// <see cref="EventStream.KeepaliveInterval"/>: then the stream is to begin, as a client without a byte gives up.
    /// </returns>
    public static async Task<ChatFailure?> WaitForStartAsync(RunLog log, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await log.WaitAsync(0).WaitAsync(EventStream.KeepaliveInterval, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }

        return log.TryGet(0, out var first) && first is TurnEnded ended ? ended.Outcome.Failure : null;
    }

    /// <summary>Sends all events of a log, each as soon as it happens, until the run ends or nobody reads.</summary>
    /// <remarks>What happens at once goes out at once. The response ends with the run's last event, not a moment later.</remarks>
    /// <param name="log">The log.</param>
    /// <param name="stream">Where they go.</param>
    /// <param name="format">What an event means in the format.</param>
    public static async Task SendAsync(RunLog log, EventStream stream, Func<ChatEvent, IEnumerable<ServerEvent>> format)
    {
        var number = 0;
        do
        {
            var hasEnded = false;
            for (var unsent = 0; unsent < MaxUnsentEvents && log.TryGet(number, out var happened); unsent++)
            {
                foreach (var sent in format(happened))
                    stream.Write(sent);

                number++;
                hasEnded = happened is TurnEnded;
            }

            if (!await stream.FlushAsync() || hasEnded)
                return;
        }
        while (await stream.WaitAsync(log.WaitAsync(number)));
    }
}
