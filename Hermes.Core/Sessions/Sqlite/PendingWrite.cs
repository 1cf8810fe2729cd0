namespace Hermes.Core.Sessions.Sqlite;

/// <summary>A change that waits for its turn or is being made.</summary>
/// <remarks>It can be cancelled, from any thread, for as long as it waits. All else is for <see cref="Writer"/> alone.</remarks>
internal abstract class PendingWrite(long since, CancellationToken cancellationToken)
{
    private const int Waiting = 0;
    private const int Running = 1;
    private const int Over = 2;

    private int _state;

    /// <summary>The timestamp since which it waits.</summary>
    public long Since => since;

    /// <summary>Whether nothing is left to do: it was cancelled, or has its result.</summary>
    public bool IsOver => Volatile.Read(ref _state) == Over;

    /// <summary>Whether it makes the file and its tables where they are not there.</summary>
    public abstract bool CreatesFile { get; }

    protected CancellationToken CancellationToken => cancellationToken;

    /// <summary>From here on it cannot be cancelled.</summary>
    /// <returns>False where it was.</returns>
    public bool TryBegin() => Interlocked.CompareExchange(ref _state, Running, Waiting) == Waiting;

    /// <summary>What was run, if anything, has been undone: it waits again.</summary>
    public void Wait()
    {
        Interlocked.CompareExchange(ref _state, Waiting, Running);
        if (cancellationToken.IsCancellationRequested)
        {
            Cancel();
        }
    }

    /// <summary>Makes the change.</summary>
    public abstract void Run(Connection connection);

    /// <summary>There is no file, or no table in it, that could be changed.</summary>
    public abstract void RunMissing();

    /// <summary>Hands the result of what was run to whoever waits for it.</summary>
    public void Complete()
    {
        Volatile.Write(ref _state, Over);
        HandOver();
    }

    public void Fail(Exception exception)
    {
        if (Interlocked.Exchange(ref _state, Over) != Over)
        {
            HandOver(exception);
        }
    }

    protected void Cancel()
    {
        if (Interlocked.CompareExchange(ref _state, Over, Waiting) == Waiting)
        {
            HandOver(new OperationCanceledException(cancellationToken));
        }
    }

    protected abstract void HandOver(Exception? exception = null);
}

/// <inheritdoc/>
internal sealed class PendingWrite<TState, TResult> : PendingWrite
{
    private readonly TState _input;
    private readonly Func<Connection, TState, TResult> _work;
    private readonly Missing<TResult>? _missing;

    // Whoever waits goes on elsewhere: the thread that writes has others to write for.
    private readonly TaskCompletionSource<TResult> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _cancellation;
    private TResult _result = default!;

    public PendingWrite(
        TState input, Func<Connection, TState, TResult> work, Missing<TResult>? missing, long since, CancellationToken cancellationToken)
        : base(since, cancellationToken)
    {
        _input = input;
        _work = work;
        _missing = missing;
        _cancellation = cancellationToken.UnsafeRegister(static write => ((PendingWrite<TState, TResult>)write!).Cancel(), this);
    }

    public Task<TResult> Task => _outcome.Task;

    public override bool CreatesFile => _missing is null;

    public override void Run(Connection connection) => _result = _work(connection, _input);

    public override void RunMissing() => _result = _missing!.Value.Result;

    protected override void HandOver(Exception? exception = null)
    {
        _cancellation.Unregister();
        _ = exception switch
        {
            null => _outcome.TrySetResult(_result),
            OperationCanceledException cancelled when cancelled.CancellationToken == CancellationToken && CancellationToken.CanBeCanceled =>
                _outcome.TrySetCanceled(CancellationToken),
            _ => _outcome.TrySetException(exception),
        };
    }
}

/// <summary>The result of a write that finds nothing to change.</summary>
internal readonly record struct Missing<TResult>(TResult Result);
