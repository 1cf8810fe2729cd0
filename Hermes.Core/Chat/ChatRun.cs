using System.Diagnostics.CodeAnalysis;
using static Hermes.Core.Chat.ChatEvent;

namespace Hermes.Core.Chat;

/// <summary>A turn that runs, or ran: any number of readers get each of its events once, from where they like, and it can be stopped.</summary>
/// <remarks>Safe for use from any thread. No reader holds it up. Without a grace period it runs on for as long as it likes when its last reader
/// has left. <c>onAbandoned</c> is told, in order, when such a period begins (true) and when somebody reads again.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "Neither source has a timer, and late calls of Interrupt must find theirs whole.")]
internal sealed class ChatRun(string sessionId, TimeProvider time, TimeSpan? grace = null, Action<ChatRun, bool>? onAbandoned = null)
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _interrupt = new();
    private int _readers;
    private CancellationTokenSource? _countdown;
    // Not the other one: the engine adds events while it holds its own lock, which onAbandoned takes while the other one is held.
    private readonly Lock _eventsLock = new();
    private readonly List<ChatEvent> _events = [];
    private readonly TaskCompletionSource<ChatOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _more;

    /// <summary><c>run_</c> and 32 hexadecimal digits.</summary>
    public string Id { get; } = $"run_{Guid.NewGuid():N}";

    public string SessionId => sessionId;
    /// <summary>Who began it; nobody else is given it.</summary>
    public string Owner { get; init; } = "";
    /// <summary>The session's title when the turn began; null where it had none.</summary>
    public string? SessionTitle { get; init; }
    /// <summary>The text of the user's message, without its attachments.</summary>
    public string UserText { get; init; } = "";
    /// <summary>How the turn ended; it never fails.</summary>
    public Task<ChatOutcome> Completion => _completion.Task;
    /// <summary>Cancelled when the turn is to stop.</summary>
    public CancellationToken Interruption => _interrupt.Token;
    /// <summary>Whether somebody asked for the end of the turn, as against a client that went away or a server that shuts down.</summary>
    public bool IsStopped { get; private set; }
    /// <summary>Whether the readers have left, so that the turn gives its session to the next one. The engine's lock guards it.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>How the run ended, in the word that clients know; null as long as it has not.</summary>
    public string? EndStatus => !Completion.IsCompletedSuccessfully ? null : Completion.Result.Failure switch
    {
        null => "completed",
        var failure when failure == ChatFailure.Stopped => "cancelled",
        var failure when failure == ChatFailure.Interrupted => "interrupted",
        _ => "failed",
    };

    /// <summary>The event with this number, counted from 0, if it has happened.</summary>
    public bool TryGetEvent(int number, [NotNullWhen(true)] out ChatEvent? happened)
    {
        lock (_eventsLock)
            happened = _events.ElementAtOrDefault(number);

        return happened is not null;
    }

    /// <summary>Waits until the event with this number has happened.</summary>
    public Task WaitForEventAsync(int number)
    {
        lock (_eventsLock)
            return number < _events.Count ? Task.CompletedTask : (_more ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    /// <summary>Adds what happened; <see cref="TurnEnded"/> is the last.</summary>
    public void Add(ChatEvent happened)
    {
        TaskCompletionSource? more;
        lock (_eventsLock)
        {
            _events.Add(happened);
            (more, _more) = (_more, null);
        }

        if (happened is TurnEnded ended)
            _completion.TrySetResult(ended.Outcome);

        more?.SetResult();
    }

    /// <summary>Interrupts the turn because somebody asks for that.</summary>
    public void Stop()
    {
        IsStopped = true;
        Interrupt();
    }

    /// <summary>Ends the turn early: the provider call is cancelled and what was said is stored. After the end it does nothing.</summary>
    /// <remarks>Whoever interrupts is not held up by what the agent does when it is cancelled.</remarks>
    public void Interrupt() => _ = _interrupt.CancelAsync();

    /// <summary>Somebody begins to read, which ends a grace period; dispose the result when they leave.</summary>
    public IDisposable Attach()
    {
        CancellationTokenSource? countdown;
        lock (_lock)
        {
            _readers++;
            (countdown, _countdown) = (_countdown, null);
            if (countdown is not null)
                onAbandoned?.Invoke(this, false);
        }

        countdown?.Cancel();
        return new Reader(this);
    }

    private async Task LeaveAsync()
    {
        CancellationTokenSource countdown;
        lock (_lock)
        {
            if (--_readers > 0 || grace is null || Completion.IsCompleted) return;

            _countdown = countdown = new CancellationTokenSource();
            onAbandoned?.Invoke(this, true);
        }

        await Task.Delay(grace.Value, time, countdown.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Somebody came back, even if in the very last moment.
        lock (_lock)
            if (_countdown != countdown) return;

        Interrupt();
    }

    private sealed class Reader(ChatRun run) : IDisposable
    {
        private ChatRun? _run = run;

        public void Dispose() => _ = Interlocked.Exchange(ref _run, null)?.LeaveAsync();
    }
}
