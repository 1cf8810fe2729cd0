using System.Runtime.CompilerServices;
using Hermes.Core.Diagnostics;

namespace Hermes.Core.Changes;

/// <summary>Tells which parts of a home changed, whoever changed them: this process, or the Python agent beside it.</summary>
/// <remarks>
/// <para>A change is seen within 300 ms. While somebody listens the home is looked at five times a second, by stamps that cost microseconds;
/// while nobody does, not at all. Looking is the same for one listener as for many.</para>
/// <para>Why looking and no notifications of the file system: SQLite's own stamp is the only one that tells a commit from a checkpoint,
/// notifications do not come from network and container mounts, and they have limits per user that others use up.</para>
/// <para>A store other than the built-in one tells nothing of its changes. Safe for use from any thread. Disposing it ends all who listen.</para>
/// </remarks>
public sealed class HomeChanges : IDisposable
{
    // With a look's own time and that of a busy machine it stays below 300 ms.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan IntervalAfterFailure = TimeSpan.FromSeconds(10);

    private readonly HomeProbe _probe;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _looking = new(1);
    private volatile Moment _now = new(HomeVersions.Start());
    private object?[]? _states;
    private bool _isRunning;
    private volatile bool _isDisposed;
    private int _listeners;

    internal HomeChanges(HomeProbe probe, TimeProvider time, ILogger<HomeChanges> logger)
    {
        _probe = probe;
        _time = time;
        _logger = logger;
    }

    /// <summary>How many listen now.</summary>
    internal int Listeners => Volatile.Read(ref _listeners);

    /// <summary>The changes from now on, until the token is cancelled. Several of a part while the caller is busy are one.</summary>
    /// <returns>The parts; they end when this is disposed.</returns>
    /// <exception cref="ObjectDisposedException">It was disposed before.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async IAsyncEnumerable<HomePart> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var listener = await ListenAsync().ConfigureAwait(false);
        var known = listener.Now.Versions;
        Moment now;
        do
        {
            now = listener.Now;
            foreach (var part in now.Versions.ChangedSince(known))
                yield return part;

            known = now.Versions;
        }
        while (await now.Next.WaitAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Stops looking, and ends what listens.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _now.End(isLast: true);
        }
    }

    /// <summary>Begins to listen: what changes from here on is seen.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed before.</exception>
    internal async Task<Listener> ListenAsync()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Interlocked.Increment(ref _listeners);
        var listener = new Listener(this);
        try
        {
            await LookAsync().ConfigureAwait(false);
            StartLooking();
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    private void StartLooking()
    {
        lock (_lock)
        {
            if (_isRunning)
                return;

            _isRunning = true;
        }

        _ = Task.Run(KeepLookingAsync);
    }

    private async Task KeepLookingAsync()
    {
        var interval = Interval;
        while (true)
        {
            await Task.Delay(interval, _time).ConfigureAwait(false);
            lock (_lock)
            {
                if (_isDisposed || Listeners == 0)
                {
                    _isRunning = false;
                    return;
                }
            }

            try
            {
                await LookAsync().ConfigureAwait(false);
                interval = Interval;
            }
            catch (Exception exception)
            {
                // Whatever it is may pass, and listeners would never learn that nobody looks any more. Or the home is closed just now.
                if (_isDisposed)
                    return;

                _logger.ChangesNotSeen(exception);
                interval = IntervalAfterFailure;
            }
        }
    }

    private async Task LookAsync()
    {
        await _looking.WaitAsync().ConfigureAwait(false);
        try
        {
            var states = new object?[HomeVersions.Parts.Length];
            foreach (var part in HomeVersions.Parts)
                states[(int)part] = await _probe.ReadAsync(part).ConfigureAwait(false);

            // The states stay when nobody listens: whoever comes back learns what changed meanwhile.
            var changed = HomeVersions.Parts.Where(part => _states is not null && !Equals(states[(int)part], _states[(int)part])).ToList();
            _states = states;
            if (changed.Count > 0)
                Tell(changed.Aggregate(_now.Versions, (versions, part) => versions.Count(part)));
        }
        finally
        {
            _looking.Release();
        }
    }

    private void Tell(HomeVersions versions)
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                var before = _now;
                _now = new Moment(versions);
                before.End(isLast: false);
            }
        }
    }

    /// <summary>The versions from one change to the next.</summary>
    internal sealed class Moment(HomeVersions versions)
    {
        private readonly TaskCompletionSource<bool> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The versions.</summary>
        public HomeVersions Versions { get; } = versions;

        /// <summary>Completes with the next change: true; or with the end of all: false.</summary>
        public Task<bool> Next => _next.Task;

        /// <summary>Says that there is a next one, or never will be.</summary>
        public void End(bool isLast) => _next.TrySetResult(!isLast);
    }

    /// <summary>Somebody who wants to know.</summary>
    internal sealed class Listener(HomeChanges changes) : IDisposable
    {
        private int _isDisposed;

        /// <summary>The versions as they are now.</summary>
        public Moment Now => changes._now;

        /// <summary>Wants to know no more.</summary>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
                Interlocked.Decrement(ref changes._listeners);
        }
    }
}
