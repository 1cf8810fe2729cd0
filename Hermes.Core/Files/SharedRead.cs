namespace Hermes.Core.Files;

/// <summary>
/// Reads what is costly to read once for all who ask at about the same time: one read runs at a time, and those who ask meanwhile share
/// the next one. So nobody is given what was read before the question.
/// </summary>
/// <remarks>
/// <para>Who asks alone is not kept waiting. Where several ask again and again, one read would follow upon the other, each for the few
/// who asked during the one before. So the next read then waits until as many have asked as did around the last one, or for a moment that
/// is some reads long.</para>
/// <para>Safe for use from any thread.</para>
/// </remarks>
/// <param name="read">Reads; never called by two threads at once.</param>
/// <param name="time">What the moment is measured with.</param>
internal sealed class SharedRead<T>(Func<T> read, TimeProvider time)
{
    // How much longer than a read one is waited for at most, so that reads for several leave most of the time to the answers.
    private const int Patience = 4;

    // As short as a timer can be, and as long as nobody notices.
    private static readonly TimeSpan ShortestMoment = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestMoment = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private bool _isRunning;
    private TaskCompletionSource<T>? _next;
    private int _waiting;
    private int _askedAroundLast;
    private TimeSpan _moment = ShortestMoment;

    /// <summary>Reads, on this thread if nobody else is asking.</summary>
    public ValueTask<T> ReadAsync()
    {
        lock (_lock)
        {
            if (_isRunning || _askedAroundLast > 1)
            {
                // Those who share go on elsewhere: the thread that read may have the next read to do.
                _next ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                var shared = _next.Task;
                _waiting++;
                if (!_isRunning)
                {
                    BeginOrWait();
                }

                return new(shared);
            }

            _isRunning = true;
        }

        try
        {
            return new(Read());
        }
        finally
        {
            HandOn(served: 1);
        }
    }

    // Called with the lock, for each who waits while nothing is read.
    private void BeginOrWait()
    {
        if (_waiting >= _askedAroundLast)
        {
            // Behind what is queued already: it may be more who ask.
            _isRunning = true;
            ThreadPool.UnsafeQueueUserWorkItem(static shared => shared.ReadForNext(), this, preferLocal: false);
        }
        else if (_waiting == 1)
        {
            _ = BeginInAMomentAsync(_next!);
        }
    }

    private async Task BeginInAMomentAsync(TaskCompletionSource<T> asked)
    {
        await Task.Delay(_moment, time).ConfigureAwait(false);
        lock (_lock)
        {
            if (_isRunning || _next != asked)
            {
                return;
            }

            _isRunning = true;
        }

        ReadForNext();
    }

    private void ReadForNext()
    {
        TaskCompletionSource<T> asked;
        int served;
        lock (_lock)
        {
            // Who asks from here on may ask about something newer than what is read now.
            asked = _next!;
            served = _waiting;
            _next = null;
            _waiting = 0;
        }

        // Hands on first: whoever is given the value may ask again at once, and is not to be taken for one who asked meanwhile.
        T value;
        try
        {
            value = Read();
        }
        catch (Exception exception)
        {
            HandOn(served);
            asked.SetException(exception);
            return;
        }

        HandOn(served);
        asked.SetResult(value);
    }

    private T Read()
    {
        var began = time.GetTimestamp();
        var value = read();
        var moment = time.GetElapsedTime(began) * Patience;
        _moment = moment < ShortestMoment ? ShortestMoment : moment > LongestMoment ? LongestMoment : moment;
        return value;
    }

    private void HandOn(int served)
    {
        lock (_lock)
        {
            _isRunning = false;
            _askedAroundLast = served + _waiting;
            if (_waiting > 0)
            {
                _ = BeginInAMomentAsync(_next!);
            }
        }
    }
}
