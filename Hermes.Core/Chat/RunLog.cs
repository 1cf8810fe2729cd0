using System.Diagnostics.CodeAnalysis;
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
            return number < _events.Count ? Task.CompletedTask : (_more ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
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
