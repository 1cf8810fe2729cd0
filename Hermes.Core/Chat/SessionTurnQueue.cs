namespace Hermes.Core.Chat;

/// <summary>Lets one turn at a time into each session, in the order in which they asked.</summary>
/// <remarks>Safe for use from any thread. A session that nobody is in or waits for takes no memory.</remarks>
internal sealed class SessionTurnQueue
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedList<TaskCompletionSource>> _waiting = new(StringComparer.Ordinal);

    /// <summary>How many sessions somebody is in.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Waits for the session; the place in the queue is taken before this returns. Dispose the result to leave.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled; those behind move up.</exception>
    public async Task<IDisposable> EnterAsync(string sessionId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (!_waiting.TryGetValue(sessionId, out var waiting))
            {
                _waiting.Add(sessionId, new LinkedList<TaskCompletionSource>());
                return new Place(this, sessionId);
            }

            waiting.AddLast(turn);
        }

        await using (cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), turn))
        {
            try
            {
                await turn.Task.ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                Forget(sessionId, turn);
                throw;
            }
        }

        return new Place(this, sessionId);
    }

    private void Forget(string sessionId, TaskCompletionSource turn)
    {
        lock (_gate)
        {
            // Leave() may have dropped it already, and then others may be in the session.
            if (_waiting.TryGetValue(sessionId, out var waiting))
            {
                waiting.Remove(turn);
            }
        }
    }

    private void Leave(string sessionId)
    {
        lock (_gate)
        {
            var waiting = _waiting[sessionId];
            while (waiting.First is { } next)
            {
                waiting.RemoveFirst();
                if (next.Value.TrySetResult())
                {
                    return;
                }
            }

            _waiting.Remove(sessionId);
        }
    }

    private sealed class Place(SessionTurnQueue queue, string sessionId) : IDisposable
    {
        private SessionTurnQueue? _queue = queue;

        public void Dispose() => Interlocked.Exchange(ref _queue, null)?.Leave(sessionId);
    }
}
