using Hermes.Core.Sessions;
using static Hermes.Core.Chat.ChatEvent;

namespace Hermes.Core.Chat;

/// <summary>Remembers which session a turn that failed had, so that a client that repeats its request goes on there instead of in a new one.</summary>
/// <remarks>Safe for use from any thread. Two clients that say the same keep two sessions: each failure is given to one repetition. The oldest of too many goes.</remarks>
internal sealed class FailedTurns(TimeProvider time, SessionStore sessions)
{
    /// <summary>How long after its failure a turn can be repeated.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    internal const int MaxTurns = 1000;

    /// <summary>What makes two requests without a session the same: who sent it, the hash of its body, and its idempotency key; null for none.</summary>
    internal readonly record struct TurnIdentity(string Caller, string BodyHash, string? IdempotencyKey);

    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];

    /// <summary>Remembers the turn should it fail; completes when its end is known here.</summary>
    public async Task WatchAsync(TurnIdentity identity, ChatRun run)
    {
        var entry = new Entry(identity, run);
        lock (_lock)
        {
            DropExpired();
            _entries.Add(entry);
            if (_entries.Count > MaxTurns)
                _entries.RemoveAt(0);
        }

        var outcome = await run.Completion.ConfigureAwait(false);
        lock (_lock)
        {
            entry.End(time.GetUtcNow() + Lifetime);
            if (outcome.Failure is null)
                _entries.Remove(entry);
        }
    }

    /// <summary>The session of a turn that failed, or is being interrupted, and that this request repeats; null where there is none, or where it was deleted since.</summary>
    /// <remarks>That a client asks again, it says so itself or by its idempotency key.</remarks>
    public async Task<string?> TakeAsync(TurnIdentity identity, bool isRetry)
    {
        if (!isRetry && identity.IdempotencyKey is null) return null;

        Entry? entry;
        lock (_lock)
        {
            DropExpired();
            entry = _entries.Find(known => known.HasFailed && IsRepeated(known.Identity, identity, isRetry));
            if (entry is null || !_entries.Remove(entry)) return null;
        }

        // One that was never stored, as where the store could not be written, has nothing that could be deleted.
        return !entry.IsStored || await sessions.FindExactAsync(entry.SessionId).ConfigureAwait(false) is not null ? entry.SessionId : null;
    }

    // Two keys that differ mean two requests, however alike they are.
    private static bool IsRepeated(TurnIdentity first, TurnIdentity second, bool isRetry) =>
        first.Caller == second.Caller && first.BodyHash == second.BodyHash
        && (first.IdempotencyKey == second.IdempotencyKey || (isRetry && (first.IdempotencyKey is null || second.IdempotencyKey is null)));

    private void DropExpired() => _entries.RemoveAll(entry => entry.Expires <= time.GetUtcNow());

    private sealed class Entry(TurnIdentity identity, ChatRun run)
    {
        // Null after the turn's end: what it said is not kept for the sake of its session's name.
        private ChatRun? _running = run;
        private bool _wasStored;

        public TurnIdentity Identity => identity;
        public string SessionId { get; } = run.SessionId;
        /// <summary>Null as long as the turn runs.</summary>
        public DateTimeOffset? Expires { get; private set; }
        /// <summary>Whether the turn came so far that its session was stored.</summary>
        public bool IsStored => _running is null ? _wasStored : _running.TryGetEvent(0, out var first) && first is TurnStarted;
        // A client that gave up and asks again may be faster than the end of its first turn.
        public bool HasFailed => _running is null or { Interruption.IsCancellationRequested: true };

        public void End(DateTimeOffset expires) => (_wasStored, _running, Expires) = (IsStored, null, expires);
    }
}
