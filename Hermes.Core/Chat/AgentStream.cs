using Microsoft.Extensions.AI;

namespace Hermes.Core.Chat;

/// <summary>Reads an agent's stream; cancelling ends the reading at once, whether or not the agent heeds it.</summary>
internal sealed class AgentStream(
    IChatClient agent, IEnumerable<ChatMessage> messages, ChatOptions options, TimeProvider time, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private IAsyncEnumerator<ChatResponseUpdate>? _updates;
    private Task _pending = Task.CompletedTask;
    private bool _ended;

    /// <summary>The model that is asked, for answers that do not name it; null where the agent does not say.</summary>
    public string? AskedModel => options.ModelId ?? agent.GetService<ChatClientMetadata>()?.DefaultModelId;

    /// <summary>The next update within a time, which may be <see cref="Timeout.InfiniteTimeSpan"/>; null at the end.</summary>
    /// <exception cref="ModelTimeoutException">It took longer.</exception>
    public async Task<ChatResponseUpdate?> ReadAsync(TimeSpan timeout)
    {
        _stop.Token.ThrowIfCancellationRequested();
        _updates ??= agent.GetStreamingResponseAsync(messages, options, _stop.Token).GetAsyncEnumerator(_stop.Token);
        var moved = _updates.MoveNextAsync().AsTask();
        _pending = moved;
        try
        {
            _ended = !await moved.WaitAsync(timeout, time, _stop.Token).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!moved.IsFaulted)
        {
            throw new ModelTimeoutException();
        }

        return _ended ? null : _updates.Current;
    }

    /// <summary>Stops the agent if it has not ended, and ends the stream once a read that was abandoned has returned.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_ended)
            await _stop.CancelAsync().ConfigureAwait(false);

        // An enumerator must not be disposed while it moves.
        await _pending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_updates is not null)
            await _updates.DisposeAsync().ConfigureAwait(false);

        _stop.Dispose();
    }

    /// <summary>The model said nothing for as long as <see cref="HermesChatOptions.ModelTimeout"/> allows.</summary>
    internal sealed class ModelTimeoutException : Exception;
}
