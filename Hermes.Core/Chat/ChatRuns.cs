using System.Runtime.InteropServices;
using System.Text.Json;

namespace Hermes.Core.Chat;

/// <summary>The runs that can be taken up again: those in flight, and those that ended a short while ago.</summary>
/// <remarks>Safe for use from any thread. What has ended is bounded in number and in bytes; the oldest goes first.</remarks>
internal sealed class ChatRuns(ChatEngine engine, HermesChatOptions options, TimeProvider time)
{
    /// <summary>How long a run can be asked for after its end.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ChatRun> _runs = new(StringComparer.Ordinal);
    private readonly Queue<Ended> _ended = new();
    private long _bytes;

    /// <summary>How many runs are kept after their end.</summary>
    public int MaxEnded { get; init; } = 1000;

    /// <summary>How much they may take together, in bytes.</summary>
    public long MaxBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How many runs there are just now, in flight and ended.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _runs.Count;
            }
        }
    }

    /// <summary>Their ids, of all owners.</summary>
    internal IReadOnlyList<string> Ids
    {
        get
        {
            lock (_gate)
            {
                return [.. _runs.Keys];
            }
        }
    }

    /// <summary>How many of them have ended.</summary>
    public int EndedCount
    {
        get
        {
            lock (_gate)
            {
                return _ended.Count;
            }
        }
    }

    /// <summary>Begins a run that ends with its client, where the options say so: nobody who has left comes back for it.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="owner">Who may ask for it.</param>
    /// <param name="sessionTitle">The session's title; null where it has none.</param>
    /// <param name="userText">The text of the user's message, without its attachments.</param>
    /// <param name="clientGone">Cancelled when the client goes away, which interrupts the turn at once where the options say so.</param>
    public ChatRun Start(ChatTurnRequest request, string owner, string? sessionTitle, string userText, CancellationToken clientGone) =>
        Start(request, owner, sessionTitle, userText, grace: null, clientGone);

    /// <summary>Begins a run whose events are read: when nobody does any more, it is interrupted after the grace period where the options say so.</summary>
    /// <remarks>Within the grace period too, another turn of the session interrupts it.</remarks>
    /// <param name="request">What to do.</param>
    /// <param name="owner">Who may ask for it.</param>
    /// <param name="sessionTitle">The session's title; null where it has none.</param>
    /// <param name="userText">The text of the user's message, without its attachments.</param>
    /// <param name="clientGone">Cancelled when the client goes away before it has the run's name: then nobody can come back.</param>
    public ChatRun StartStream(ChatTurnRequest request, string owner, string? sessionTitle, string userText, CancellationToken clientGone) =>
        Start(request, owner, sessionTitle, userText, options.OnDisconnect == ChatDisconnect.Interrupt ? options.DisconnectGrace : null, clientGone);

    /// <summary>Finds a run of this owner's; null where there is none, or none any more.</summary>
    public ChatRun? Find(string id, string owner)
    {
        lock (_gate)
        {
            DropExpired();
            return _runs.TryGetValue(id, out var run) && run.Owner == owner ? run : null;
        }
    }

    private ChatRun Start(
        ChatTurnRequest request, string owner, string? sessionTitle, string userText, TimeSpan? grace, CancellationToken clientGone)
    {
        var turn = engine.Start(request, clientGone);
        var run = new ChatRun($"run_{Guid.NewGuid():N}", owner, turn, time, grace, isAbandoned => engine.SetAbandoned(turn, isAbandoned))
        {
            SessionTitle = sessionTitle,
            UserText = userText,
        };
        lock (_gate)
        {
            DropExpired();
            _runs.Add(run.Id, run);
        }

        _ = EndAsync(run);
        return run;
    }

    private async Task EndAsync(ChatRun run)
    {
        var outcome = await run.Turn.Completion.ConfigureAwait(false);
        var size = SizeOf(run.Turn, outcome);
        lock (_gate)
        {
            _ended.Enqueue(new Ended(run.Id, size, time.GetUtcNow() + Lifetime));
            _bytes += size;
            while (_ended.Count > MaxEnded || _bytes > MaxBytes)
            {
                DropOldest();
            }
        }
    }

    private void DropExpired()
    {
        var now = time.GetUtcNow();
        while (_ended.TryPeek(out var oldest) && oldest.Expires <= now)
        {
            DropOldest();
        }
    }

    private void DropOldest()
    {
        var oldest = _ended.Dequeue();
        _bytes -= oldest.Size;
        _runs.Remove(oldest.Id);
    }

    /// <summary>About how many bytes a turn that has ended takes.</summary>
    private static long SizeOf(ChatTurn turn, ChatOutcome outcome)
    {
        const int ObjectSize = 64;
        var size = outcome.Messages.Sum(message =>
            ObjectSize + TextSize(message.Content) + TextSize(message.Reasoning) + JsonSize(message.ContentParts) + JsonSize(message.ToolCalls));
        for (var number = 0; turn.TryGetEvent(number, out var happened); number++)
        {
            // A tool's texts are counted with the messages, which share them.
            size += ObjectSize + (happened is TextDelta delta ? TextSize(delta.Text) : 0);
        }

        return size;
    }

    private static long TextSize(string? text) => sizeof(char) * (long)(text?.Length ?? 0);

    private static long JsonSize(JsonElement? json) => json is { } given ? JsonMarshal.GetRawUtf8Value(given).Length : 0;

    private readonly record struct Ended(string Id, long Size, DateTimeOffset Expires);
}
