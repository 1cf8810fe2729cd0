using System.Diagnostics.CodeAnalysis;

namespace Hermes.Core.Chat;

/// <summary>A turn by a name of its own, by which its events can be asked for again and by which it can be stopped.</summary>
/// <remarks>Safe for use from any thread.</remarks>
/// <param name="id">Its name: <c>run_</c> and 32 hexadecimal digits.</param>
/// <param name="owner">Who began it; nobody else is given it.</param>
/// <param name="turn">The turn.</param>
/// <param name="time">The clock of the grace period.</param>
/// <param name="grace">How long the turn runs on when its last reader has left; null for as long as it likes.</param>
/// <param name="onAbandoned">Told, in order, when a grace period begins (true) and when somebody reads again; null for nobody.</param>
[SuppressMessage("Design", "CA1001", Justification = "The source holds nothing but its waiter, who drops it.")]
internal sealed class ChatRun(string id, string owner, ChatTurn turn, TimeProvider time, TimeSpan? grace, Action<bool>? onAbandoned = null)
{
    private readonly Lock _gate = new();
    private int _readers;
    private CancellationTokenSource? _countdown;

    public string Id => id;

    public string Owner => owner;

    public ChatTurn Turn => turn;

    /// <summary>The session's title when the turn began; null where it had none.</summary>
    public required string? SessionTitle { get; init; }

    /// <summary>The text of the user's message, without its attachments.</summary>
    public required string UserText { get; init; }

    /// <summary>How the run ended, in the word that clients know; null as long as it has not.</summary>
    public string? EndStatus => !turn.Completion.IsCompletedSuccessfully ? null : turn.Completion.Result.Failure switch
    {
        null => "completed",
        var failure when failure == ChatFailure.Stopped => "cancelled",
        var failure when failure == ChatFailure.Interrupted => "interrupted",
        _ => "failed",
    };

    /// <summary>Somebody begins to read; dispose the result when they leave. It stops a countdown.</summary>
    public IDisposable Attach()
    {
        CancellationTokenSource? countdown;
        lock (_gate)
        {
            _readers++;
            (countdown, _countdown) = (_countdown, null);
            if (countdown is not null)
            {
                onAbandoned?.Invoke(false);
            }
        }

        countdown?.Cancel();
        return new Reader(this);
    }

    private void Leave()
    {
        CancellationTokenSource countdown;
        lock (_gate)
        {
            if (--_readers > 0 || grace is null || turn.Completion.IsCompleted)
            {
                return;
            }

            _countdown = countdown = new CancellationTokenSource();
            onAbandoned?.Invoke(true);
        }

        _ = InterruptAfterAsync(grace.Value, countdown);
    }

    private async Task InterruptAfterAsync(TimeSpan wait, CancellationTokenSource countdown)
    {
        await Task.Delay(wait, time, countdown.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            // Somebody came back, even if in the very last moment.
            if (_countdown != countdown)
            {
                return;
            }
        }

        turn.Interrupt();
    }

    private sealed class Reader(ChatRun run) : IDisposable
    {
        private ChatRun? _run = run;

        public void Dispose() => Interlocked.Exchange(ref _run, null)?.Leave();
    }
}
