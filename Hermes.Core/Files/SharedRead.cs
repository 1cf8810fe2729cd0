namespace Hermes.Core.Files;

/// <summary>
/// Reads what is costly to read once for all who ask at about the same time: one read runs at a time, and those who ask meanwhile share
/// the next one. So nobody is given what was read before the question.
/// </summary>
/// <remarks>Safe for use from any thread.</remarks>
/// <param name="read">Reads; never called by two threads at once.</param>
internal sealed class SharedRead<T>(Func<T> read)
{
    private readonly Lock _lock = new();
    private bool _isRunning;
    private TaskCompletionSource<T>? _next;

    /// <summary>Reads, on this thread if nobody else is reading.</summary>
    public ValueTask<T> ReadAsync()
    {
        lock (_lock)
        {
            if (_isRunning)
            {
                // Those who share go on elsewhere: the thread that read may have the next read to do.
                _next ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                return new(_next.Task);
            }

            _isRunning = true;
        }

        try
        {
            return new(read());
        }
        finally
        {
            HandOn();
        }
    }

    private void HandOn()
    {
        lock (_lock)
        {
            _isRunning = _next is not null;
            if (_isRunning)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static shared => shared.ReadForNext(), this, preferLocal: false);
            }
        }
    }

    private void ReadForNext()
    {
        TaskCompletionSource<T> asked;
        lock (_lock)
        {
            // Who asks from here on may ask about something newer than what is read now.
            asked = _next!;
            _next = null;
        }

        try
        {
            asked.SetResult(read());
        }
        catch (Exception exception)
        {
            asked.SetException(exception);
        }
        finally
        {
            HandOn();
        }
    }
}
