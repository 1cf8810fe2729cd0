using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Hermes.Core.Chat;

/// <summary>A turn that runs, or ran: its events from the first on, for any number of readers, each from where it likes.</summary>
/// <remarks>Safe for use from any thread. It runs whether or not anybody reads.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer, and late calls of Interrupt must find it whole.")]
internal sealed class ChatTurn
{
    private readonly Lock _gate = new();
    private readonly List<ChatEvent> _events = [];
    private readonly CancellationTokenSource _interrupt = new();
    private readonly TaskCompletionSource<ChatOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _more;

    public ChatTurn(string sessionId) => SessionId = sessionId;

    /// <summary>The session that the turn belongs to; of a new one too, before it is stored.</summary>
    public string SessionId { get; }

    /// <summary>How the turn ended; it never fails.</summary>
    public Task<ChatOutcome> Completion => _completion.Task;

    /// <summary>Cancelled when the turn is to stop.</summary>
    public CancellationToken Interruption => _interrupt.Token;

    /// <summary>Whether somebody asked for the end of the turn, as against a client that went away or a server that shuts down.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Whether the turn's reader has left, so that it gives its session to the next turn. The engine's lock guards it.</summary>
    internal bool IsAbandoned { get; set; }

    /// <summary>Interrupts the turn because somebody asks for that.</summary>
    public void Stop()
    {
        IsStopped = true;
        Interrupt();
    }

    /// <summary>Stops the turn: the provider call is cancelled and what was said is stored. After the end it does nothing.</summary>
    public void Interrupt() =>
        // What the agent does when it is cancelled must not hold up whoever interrupts it.
        _ = _interrupt.CancelAsync();

    /// <summary>The event with this number, counted from 0, if it has happened.</summary>
    public bool TryGetEvent(int number, [NotNullWhen(true)] out ChatEvent? happened)
    {
        lock (_gate)
        {
            happened = number < _events.Count ? _events[number] : null;
            return happened is not null;
        }
    }

    /// <summary>Waits until the event with this number has happened.</summary>
    public Task WaitForEventAsync(int number)
    {
        lock (_gate)
        {
            return number < _events.Count
                ? Task.CompletedTask
                : (_more ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Reads the events from a number on, until the turn ends. Cancelling stops the reading, not the turn.</summary>
    public async IAsyncEnumerable<ChatEvent> ReadEventsAsync(int from = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var number = from; ; number++)
        {
            ChatEvent? happened;
            while (!TryGetEvent(number, out happened))
            {
                await WaitForEventAsync(number).WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            yield return happened;
            if (happened is TurnEnded)
            {
                yield break;
            }
        }
    }

    internal void Add(ChatEvent happened)
    {
        TaskCompletionSource? more;
        lock (_gate)
        {
            _events.Add(happened);
            (more, _more) = (_more, null);
        }

        if (happened is TurnEnded ended)
        {
            _completion.TrySetResult(ended.Outcome);
        }

        more?.SetResult();
    }
}
