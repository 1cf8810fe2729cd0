using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using static Hermes.Core.Chat.ChatEvent;

namespace Hermes.Core.Chat;

/// <summary>The events of a run from the first on, for any number of readers: each gets every event once, from where it likes, whenever it comes.</summary>
/// <remarks>Safe for use from any thread. No reader holds up the run.</remarks>
internal sealed class RunLog
{
    private readonly Lock _lock = new();
    private readonly List<ChatEvent> _events = [];
    private readonly TaskCompletionSource<ChatOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _more;

    /// <summary>How the run ended; it never fails.</summary>
    public Task<ChatOutcome> Completion => _completion.Task;

    /// <summary>The event with this number, counted from 0, if it has happened.</summary>
    public bool TryGet(int number, [NotNullWhen(true)] out ChatEvent? happened)
    {
        lock (_lock)
        {
            happened = number < _events.Count ? _events[number] : null;
            return happened is not null;
        }
    }

    /// <summary>Waits until the event with this number has happened.</summary>
    public Task WaitAsync(int number)
    {
        lock (_lock)
        {
            return number < _events.Count
                ? Task.CompletedTask
                : (_more ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Reads the events from a number on, until the run ends. Cancelling stops the reading, not the run.</summary>
    public async IAsyncEnumerable<ChatEvent> ReadAsync(int from = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var number = from; ; number++)
        {
            ChatEvent? happened;
            while (!TryGet(number, out happened))
                await WaitAsync(number).WaitAsync(cancellationToken).ConfigureAwait(false);

            yield return happened;
            if (happened is TurnEnded)
                yield break;
        }
    }

    /// <summary>Adds what happened; <see cref="TurnEnded"/> is the last.</summary>
    public void Add(ChatEvent happened)
    {
        TaskCompletionSource? more;
        lock (_lock)
        {
            _events.Add(happened);
            (more, _more) = (_more, null);
        }

        if (happened is TurnEnded ended)
            _completion.TrySetResult(ended.Outcome);

        more?.SetResult();
    }
}
