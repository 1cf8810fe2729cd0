using System.Security.Cryptography;
using Hermes.Core.Http.Wire;

namespace Hermes.Core.Http.Caching;

/// <summary>An answer as it went out, to be given again, with the session and the run of its headers; null for none.</summary>
internal sealed record IdempotentAnswer(JsonAnswer Json, string? SessionId = null, string? RunId = null);

/// <summary>What a key counts within: the same key of another caller, another path or another session is another key.</summary>
internal readonly record struct IdempotencyKey(string Key, string Principal, string Path, string? SessionId);

/// <summary>Remembers answers by <c>Idempotency-Key</c>, and lets requests join one that still runs.</summary>
/// <remarks>Safe for use from any thread. Bounded in number and in bytes: the oldest answer goes first.</remarks>
internal sealed class IdempotentAnswers(TimeProvider time)
{
    internal const int MaxAnswers = 1000;
    internal const int MaxBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private readonly Lock _lock = new();
    private readonly Dictionary<IdempotencyKey, Entry> _entries = [];
    private readonly Queue<Entry> _answered = new();
    private long _bytes;

    /// <summary>Gives the first answer again, joins the request that is getting it, or runs it, with a token that is cancelled when all who wait have gone.</summary>
    /// <returns>The answer; null where the key stands for another body. Answers that ask for a retry (429, 5xx) are not remembered.</returns>
    public async Task<IdempotentAnswer?> GetOrRunAsync(
        IdempotencyKey key, ReadOnlyMemory<byte> body, Func<CancellationToken, Task<IdempotentAnswer>> run, CancellationToken cancellationToken)
    {
        var bodyHash = Convert.ToHexString(SHA256.HashData(body.Span));
        while (true)
        {
            Entry? entry;
            bool isFirst, isAbandoned;
            lock (_lock)
            {
                DropOldest();
                isFirst = !_entries.TryGetValue(key, out entry);
                if (isFirst)
                    _entries[key] = entry = new Entry(key, bodyHash);
                else if (entry!.BodyHash != bodyHash)
                    return null;

                isAbandoned = entry.IsAbandoned;
                entry.Waiting++;
            }

            if (isFirst)
                _ = RunAsync(entry, run);

            try
            {
                var answer = entry.Answer.Task.WaitAsync(cancellationToken);
                if (!isAbandoned) return await answer.ConfigureAwait(false);

                // Those who asked are gone. The run may end well all the same; if not, this is a fresh start.
                await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
                if (entry.Expires is not null) return await answer.ConfigureAwait(false);
            }
            finally
            {
                Leave(entry);
            }
        }
    }

    private async Task RunAsync(Entry entry, Func<CancellationToken, Task<IdempotentAnswer>> run)
    {
        try
        {
            var answer = await run(entry.AllGone.Token).ConfigureAwait(false);
            Remember(entry, answer);
            entry.Answer.SetResult(answer);
        }
        catch (Exception exception)
        {
            Remember(entry, null);
            entry.Answer.SetException(exception);

            // Nobody may be left to see it.
            _ = entry.Answer.Task.Exception;
        }
    }

    private void Remember(Entry entry, IdempotentAnswer? answer)
    {
        lock (_lock)
        {
            if (answer is null or { Json.Status: 429 or >= 500 })
            {
                _entries.Remove(entry.Key);
                return;
            }

            // A key may be as long as a header.
            entry.Size = answer.Json.Length + (sizeof(char) * entry.Key.Key.Length);
            entry.Expires = time.GetUtcNow() + Lifetime;
            _answered.Enqueue(entry);
            _bytes += entry.Size;
            DropOldest();
        }
    }

    private void Leave(Entry entry)
    {
        lock (_lock)
        {
            if (--entry.Waiting > 0 || entry.Answer.Task.IsCompleted) return;

            // Within the lock: whoever comes next must not join a run that is about to be cancelled.
            entry.IsAbandoned = true;
        }

        entry.AllGone.Cancel();
    }

    private void DropOldest()
    {
        var now = time.GetUtcNow();
        while (_answered.TryPeek(out var oldest) && (oldest.Expires <= now || _answered.Count > MaxAnswers || _bytes > MaxBytes))
        {
            _bytes -= _answered.Dequeue().Size;
            _entries.Remove(oldest.Key);
        }
    }

    private sealed class Entry(IdempotencyKey key, string bodyHash)
    {
        public readonly IdempotencyKey Key = key;
        public readonly string BodyHash = bodyHash;
        public readonly TaskCompletionSource<IdempotentAnswer> Answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public CancellationTokenSource AllGone { get; } = new();
        public int Waiting;
        public long Size;

        // All who waited went before there was an answer, so that the run was told to stop.
        public bool IsAbandoned;

        // Null until the answer is remembered.
        public DateTimeOffset? Expires;
    }
}
