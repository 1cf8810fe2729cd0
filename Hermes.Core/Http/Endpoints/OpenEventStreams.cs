namespace Hermes.Core.Http.Endpoints;

/// <summary>The event streams that are open: at most so many; where one more is opened, the oldest ends. Safe for use from any thread.</summary>
/// <remarks>
/// Refusing the newest would let whoever holds all of them shut out everybody else. A client whose stream ends takes it up again by itself,
/// and <c>Last-Event-ID</c> tells it what it missed.
/// </remarks>
internal sealed class OpenEventStreams
{
    /// <summary>How many are open at the same time.</summary>
    public const int Max = 100;

    private readonly Lock _lock = new();
    private readonly LinkedList<CancellationTokenSource> _ends = [];

    /// <summary>Opens a stream.</summary>
    /// <param name="isOver">Cancelled when the stream has to end.</param>
    /// <returns>Dispose it when the stream has ended.</returns>
    public IDisposable Open(out CancellationToken isOver)
    {
        lock (_lock)
        {
            if (_ends.Count == Max)
            {
                // Whoever ends goes on elsewhere, not under the lock.
                _ = _ends.First!.Value.CancelAsync();
                _ends.RemoveFirst();
            }

            var end = new CancellationTokenSource();
            isOver = end.Token;
            return new OpenStream(this, _ends.AddLast(end));
        }
    }

    private sealed class OpenStream(OpenEventStreams streams, LinkedListNode<CancellationTokenSource> node) : IDisposable
    {
        public void Dispose()
        {
            lock (streams._lock)
            {
                if (node.List is not null)
                    streams._ends.Remove(node);
            }
        }
    }
}
