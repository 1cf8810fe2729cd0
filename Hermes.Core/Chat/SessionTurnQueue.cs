namespace Hermes.Core.Chat;

/// <summary>Lets one turn at a time into each session, in the order in which they asked: each waits for the one before it.</summary>
/// <remarks>Safe for use from any thread. A session that nobody is in or waits for takes no memory.</remarks>
internal sealed class SessionTurnQueue
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (Task Last, int Count)> _sessions = new(StringComparer.Ordinal);

    /// <summary>How many sessions somebody is in.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Count;
            }
        }
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
            (before, var count) = _sessions.GetValueOrDefault(sessionId, (Task.CompletedTask, 0));
            _sessions[sessionId] = (place.Left, count + 1);
        }

        try
        {
            await before.WaitAsync(cancellationToken).ConfigureAwait(false);
            return place;
        }
        catch (OperationCanceledException)
        {
            // Those behind still wait for whoever is before.
            place.LeaveAfter(before);
            throw;
        }
    }

    private void Forget(string sessionId)
    {
        lock (_lock)
        {
            var (last, count) = _sessions[sessionId];
            if (count == 1)
                _sessions.Remove(sessionId);
            else
                _sessions[sessionId] = (last, count - 1);
        }
    }

    private sealed class Place(SessionTurnQueue queue, string sessionId) : IDisposable
    {
        private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private SessionTurnQueue? _queue = queue;

        /// <summary>Completes when the next one may enter.</summary>
        public Task Left => _left.Task;

        public void Dispose() => LeaveAfter(Task.CompletedTask);

        public void LeaveAfter(Task before)
        {
            Interlocked.Exchange(ref _queue, null)?.Forget(sessionId);
            before.GetAwaiter().UnsafeOnCompleted(() => _left.TrySetResult());
        }
    }
}
