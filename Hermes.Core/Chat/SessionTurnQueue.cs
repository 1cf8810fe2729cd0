namespace Hermes.Core.Chat;

/// <summary>Lets one turn at a time into each session, in the order in which they asked: each waits for the one before it.</summary>
/// <remarks>Safe for use from any thread. A session that nobody is in or waits for takes no memory.</remarks>
internal sealed class SessionTurnQueue
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task> _last = new(StringComparer.Ordinal);

    /// <summary>How many sessions somebody is in.</summary>
    public int Count
    {
        get { lock (_lock) return _last.Count; }
    }

    /// <summary>Waits for the session; the place in the queue is taken before this returns. Dispose the result to leave.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled; those behind move up.</exception>
    public async Task<IDisposable> EnterAsync(string sessionId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var place = new Place(this, sessionId);
        Task before;
        lock (_lock)
        {
            before = _last.GetValueOrDefault(sessionId, Task.CompletedTask);
            _last[sessionId] = place.Left;
        }

        try
        {
            await before.WaitAsync(cancellationToken).ConfigureAwait(false);
            return place;
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                if (_last[sessionId] == place.Left && !before.IsCompleted)
                    _last[sessionId] = before;
            }

            // Those behind still wait for whoever is before.
            before.GetAwaiter().UnsafeOnCompleted(place.Dispose);
            throw;
        }
    }

    private sealed class Place(SessionTurnQueue queue, string sessionId) : IDisposable
    {
        private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when the next one may enter.</summary>
        public Task Left => _left.Task;

        public void Dispose()
        {
            lock (queue._lock)
            {
                if (queue._last.GetValueOrDefault(sessionId) == Left)
                    queue._last.Remove(sessionId);

                _left.TrySetResult();
            }
        }
    }
}
