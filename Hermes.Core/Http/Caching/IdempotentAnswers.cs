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
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    internal const int MaxAnswers = 1000;
    internal const int MaxBytes = 16 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _answered = [];
    private long _bytes;

    /// <summary>Gives the first answer again, joins the request that is getting it, or runs it.</summary>
    /// <param name="key">The key and what it counts within.</param>
    /// <param name="body">The body; the same key with another body is a mistake of the client's.</param>
    /// <param name="run">Gets the answer. Its token is cancelled when all who wait for it have gone.</param>
    /// <param name="cancellationToken">Cancelled when this one goes.</param>
    /// <returns>The answer; null where the key stands for another body. Answers that ask for a retry (429, 5xx) are not remembered.</returns>
    public async Task<IdempotentAnswer?> GetOrRunAsync(
        IdempotencyKey key, ReadOnlyMemory<byte> body, Func<CancellationToken, Task<IdempotentAnswer>> run, CancellationToken cancellationToken)
    {
        var bodyHash = Convert.ToHexString(SHA256.HashData(body.Span));
        var id = Identify(key);
        while (true)
        {
            Entry? entry;
            var isFirst = false;
            bool isAbandoned;
            lock (_lock)
            {
                DropExpired();
                if (!_entries.TryGetValue(id, out entry))
                {
                    entry = new Entry(id, bodyHash);
                    _entries.Add(id, entry);
                    isFirst = true;
                }
                else if (entry.BodyHash != bodyHash)
                {
                    return null;
                }

                isAbandoned = entry.IsAbandoned;
                entry.Waiting++;
            }

            if (isFirst)
                _ = RunAsync(entry, run);

            try
            {
                if (!isAbandoned)
                    return await entry.Answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);

                // Those who asked are gone. The run may end well all the same; if not, this is a fresh start.
                await ((Task)entry.Answer.Task).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
                if (entry.Expires is not null)
                    return await entry.Answer.Task.ConfigureAwait(false);
            }
            finally
            {
                Leave(entry);
            }
        }
    }

    private static string Identify(IdempotencyKey key)
    {
        // Each part with its length, so that no two keys run together; hashed, so that their size does not matter.
        var text = new StringBuilder();
        foreach (var part in (string?[])[key.Key, key.Principal, key.Path, key.SessionId])
            text.Append(part?.Length ?? -1).Append(':').Append(part);

        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private async Task RunAsync(Entry entry, Func<CancellationToken, Task<IdempotentAnswer>> run)
    {
        try
        {
            var answer = await run(entry.AllGone.Token).ConfigureAwait(false);
            lock (_lock)
            {
                entry.HasEnded = true;
                entry.IsAbandoned = false;
                Remember(entry, answer);
            }

            entry.Answer.SetResult(answer);
        }
        catch (Exception exception)
        {
            lock (_lock)
            {
                entry.HasEnded = true;
                _entries.Remove(entry.Id);
            }

            entry.Answer.SetException(exception);

            // Nobody may be left to see it.
            _ = entry.Answer.Task.Exception;
        }
    }

    private void Remember(Entry entry, IdempotentAnswer answer)
    {
        if (answer.Json.Status is 429 or >= 500)
        {
            _entries.Remove(entry.Id);
            return;
        }

        entry.Size = answer.Json.Body.Length;
        entry.Expires = time.GetUtcNow() + Lifetime;
        _answered.AddLast(entry);
        _bytes += entry.Size;
        while (_answered.Count > MaxAnswers || _bytes > MaxBytes)
            DropOldest();
    }

    private void Leave(Entry entry)
    {
        lock (_lock)
        {
            if (--entry.Waiting > 0 || entry.HasEnded)
                return;

            // Within the lock: whoever comes next must not join a run that is about to be cancelled.
            entry.IsAbandoned = true;
        }

        entry.AllGone.Cancel();
    }

    private void DropExpired()
    {
        var now = time.GetUtcNow();
        while (_answered.First is { } oldest && oldest.Value.Expires <= now)
            DropOldest();
    }

    private void DropOldest()
    {
        var oldest = _answered.First!.Value;
        _answered.RemoveFirst();
        _bytes -= oldest.Size;
        _entries.Remove(oldest.Id);
    }

    private sealed class Entry(string id, string bodyHash)
    {
        public string Id { get; } = id;

        public string BodyHash { get; } = bodyHash;

        public TaskCompletionSource<IdempotentAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationTokenSource AllGone { get; } = new();

        public int Waiting { get; set; }

        /// <summary>Whether all who waited have gone, and the run with them.</summary>
        public bool IsAbandoned { get; set; }

        public bool HasEnded { get; set; }

        public long Size { get; set; }

        public DateTimeOffset? Expires { get; set; }
    }
}
