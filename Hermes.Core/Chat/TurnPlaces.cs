namespace Hermes.Core.Chat;

/// <summary>Counts the turns that there are at once against <see cref="HermesChatOptions.MaxConcurrentTurns"/>, those included that are only asked for.</summary>
/// <remarks>Safe for use from any thread.</remarks>
internal sealed class TurnPlaces(HermesChatOptions options)
{
    private int _taken;

    /// <summary>Takes a place.</summary>
    /// <returns>Null where there is none.</returns>
    public TurnPlace? TryTake()
    {
        while (true)
        {
            var taken = Volatile.Read(ref _taken);
            if (taken >= options.MaxConcurrentTurns)
            {
                return null;
            }

            if (Interlocked.CompareExchange(ref _taken, taken + 1, taken) == taken)
            {
                return new TurnPlace(() => Interlocked.Decrement(ref _taken));
            }
        }
    }
}

/// <summary>A place among the turns that there are at once: first that of a request, then that of the turn which begins with it.</summary>
/// <remarks>Safe for use from any thread. Disposing it twice gives it back once.</remarks>
internal sealed class TurnPlace(Action giveBack) : IDisposable
{
    private Action? _giveBack = giveBack;

    /// <summary>Whether it is a turn's, which gives it back at its end.</summary>
    public bool IsOfTurn { get; set; }

    public void Dispose() => Interlocked.Exchange(ref _giveBack, null)?.Invoke();
}
