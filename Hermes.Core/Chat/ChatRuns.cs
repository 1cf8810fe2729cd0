using System.Runtime.InteropServices;
using static Hermes.Core.Chat.ChatEvent;

namespace Hermes.Core.Chat;

/// <summary>The runs that can be asked for: those in flight, and those that ended a short while ago.</summary>
/// <remarks>Safe for use from any thread. What has ended is bounded in number and in bytes; the oldest goes first.</remarks>
internal sealed class ChatRuns(ChatEngine engine, HermesChatOptions options, TimeProvider time)
{
    /// <summary>How long a run can be asked for after its end.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ChatRun> _runs = new(StringComparer.Ordinal);
    private readonly Queue<Ended> _ended = new();
    private long _bytes;

    /// <summary>How many runs are kept after their end.</summary>
    public int MaxEnded { get; init; } = 1000;
    /// <summary>How much they may take together, in bytes: a single one that ran into <see cref="HermesChatOptions.MaxRunBytes"/> is not kept.</summary>
    public long MaxBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>The ids of all runs that there are just now, in flight and ended, and how many have ended.</summary>
    internal (IReadOnlyList<string> Ids, int Ended) Snapshot
    {
        get { lock (_lock) return ([.. _runs.Keys], _ended.Count); }
    }

    /// <summary>Begins a run that ends with its client, where the options say so: nobody who has left comes back for it.</summary>
    public ChatRun Start(ChatTurnRequest request, CancellationToken clientGone) => Keep(engine.Start(request, clientGone: clientGone));

    /// <summary>Begins a run whose events are read: when nobody does any more, it is interrupted after the grace period where the options say so.</summary>
    /// <remarks>Another turn of the session interrupts it earlier. A client that goes away before it has the run's id cannot come back.</remarks>
    public ChatRun StartStream(ChatTurnRequest request, CancellationToken clientGone) =>
        Keep(engine.Start(request, options.OnDisconnect == ChatDisconnect.Interrupt ? options.DisconnectGrace : null, clientGone));

    /// <summary>Finds a run of this owner's; null where there is none, or none any more.</summary>
    public ChatRun? Find(string id, string owner)
    {
        lock (_lock)
        {
            DropEnded();
            return _runs.TryGetValue(id, out var run) && run.Owner == owner ? run : null;
        }
    }

    private ChatRun Keep(ChatRun run)
    {
        lock (_lock)
        {
            DropEnded();
            _runs.Add(run.Id, run);
        }

        _ = EndAsync(run);
        return run;
    }

    private async Task EndAsync(ChatRun run)
    {
        var size = SizeOf(run, await run.Completion.ConfigureAwait(false));
        lock (_lock)
        {
            _ended.Enqueue(new Ended(run.Id, size, time.GetUtcNow() + Lifetime));
            _bytes += size;
            DropEnded();
        }
    }

    private void DropEnded()
    {
        var now = time.GetUtcNow();
        while (_ended.TryPeek(out var oldest) && (oldest.Expires <= now || _ended.Count > MaxEnded || _bytes > MaxBytes))
        {
            _ended.Dequeue();
            _bytes -= oldest.Size;
            _runs.Remove(oldest.Id);
        }
    }

    // About how many bytes a run that has ended takes.
    private static long SizeOf(ChatRun run, ChatOutcome outcome)
    {
        const int ObjectSize = 64;
        var size = outcome.Messages.Sum(message =>
            ObjectSize + TextSize(message.Content) + TextSize(message.Reasoning) + JsonSize(message.ContentParts) + JsonSize(message.ToolCalls));

        // A tool's texts are counted with the messages, which share them.
        for (var number = 0; run.TryGetEvent(number, out var happened); number++)
            size += ObjectSize + (happened is TextDelta delta ? TextSize(delta.Text) : 0);

        return size;
    }

    private static long TextSize(string? text) => sizeof(char) * (long)(text?.Length ?? 0);
    private static long JsonSize(JsonElement? json) => json is { } given ? JsonMarshal.GetRawUtf8Value(given).Length : 0;

    private readonly record struct Ended(string Id, long Size, DateTimeOffset Expires);
}
