using System.Runtime.CompilerServices;
using Hermes.Core.Configuration;
using Hermes.Core.Diagnostics;
using Hermes.Core.Memory;
using Hermes.Core.Sessions;
using Hermes.Core.Skills;

namespace Hermes.Core.Changes;

/// <summary>Tells which parts of a home changed, whoever changed them: this process, or the Python agent beside it.</summary>
/// <remarks>A change is seen within 300 ms. While somebody listens the home is polled five times a second, by version tokens that cost microseconds;
/// while nobody does, not at all. Polling is the same for one listener as for many.
/// <para>Why polling and no notifications of the file system: SQLite's own version token is the only one that tells a commit from a checkpoint,
/// notifications do not come from network and container mounts, and they have limits per user that others use up.</para>
/// <para>A store other than the built-in one tells nothing of its changes. Safe for use from any thread. Disposing it ends all who listen.</para></remarks>
public sealed class HomeChanges : IDisposable
{
    // With a poll's own time and that of a busy machine it stays below 300 ms.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan IntervalAfterFailure = TimeSpan.FromSeconds(10);
    private readonly SessionStore _sessions;
    private readonly MemoryReader _memory;
    private readonly SkillCatalog _skills;
    private readonly ConfigFile _config;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _polling = new(1);
    private volatile Moment _now = new(HomeVersions.Start());
    private object?[]? _states;
    private bool _isRunning;
    private volatile bool _isDisposed;
    private int _listeners;

    internal HomeChanges(
        SessionStore sessions, MemoryReader memory, SkillCatalog skills, ConfigFile config, TimeProvider time, ILogger<HomeChanges> logger) =>
        (_sessions, _memory, _skills, _config, _time, _logger) = (sessions, memory, skills, config, time, logger);

    internal int Listeners => Volatile.Read(ref _listeners);

    /// <summary>The changes from now on, until the token is cancelled. Several of a part while the caller is busy are one.</summary>
    /// <returns>The parts; they end when this is disposed.</returns>
    /// <exception cref="ObjectDisposedException">It was disposed before.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async IAsyncEnumerable<HomePart> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var listener = await ListenAsync().ConfigureAwait(false);
        var now = listener.Now;
        while (await now.Next.WaitAsync(cancellationToken).ConfigureAwait(false))
        {
            var known = now.Versions;
            now = listener.Now;
            foreach (var part in now.Versions.ChangedSince(known))
                yield return part;
        }
    }

    /// <summary>Stops polling, and ends what listens.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _now.End(isLast: true);
        }
    }

    /// <summary>Begins to listen: what changes from here on is seen.</summary>
    internal async Task<Listener> ListenAsync()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        await PollAsync().ConfigureAwait(false);
        lock (_lock)
        {
            Interlocked.Increment(ref _listeners);
            if (!_isRunning)
                _ = Task.Run(KeepPollingAsync);

            _isRunning = true;
        }

        return new Listener(this);
    }

    private async Task KeepPollingAsync()
    {
        var interval = Interval;
        while (true)
        {
            await Task.Delay(interval, _time).ConfigureAwait(false);
            lock (_lock)
            {
                _isRunning = !_isDisposed && Listeners > 0;
                if (!_isRunning) return;
            }

            try
            {
                await PollAsync().ConfigureAwait(false);
                interval = Interval;
            }
            catch (Exception exception)
            {
                // Whatever it is may pass, and listeners would never learn that nobody polls any more. Or the home is closed just now.
                if (_isDisposed) return;

                _logger.ChangesNotSeen(exception);
                interval = IntervalAfterFailure;
            }
        }
    }

    private async Task PollAsync()
    {
        await _polling.WaitAsync().ConfigureAwait(false);
        try
        {
            var states = new object?[HomeVersions.Parts.Length];
            foreach (var part in HomeVersions.Parts)
                states[(int)part] = await ReadStateAsync(part).ConfigureAwait(false);

            // The states stay when nobody listens: whoever comes back learns what changed meanwhile.
            var changed = HomeVersions.Parts.Where(part => _states is not null && !Equals(states[(int)part], _states[(int)part])).ToList();
            _states = states;
            lock (_lock)
            {
                if (changed.Count == 0 || _isDisposed) return;

                var before = _now;
                _now = new Moment(changed.Aggregate(before.Versions, (versions, part) => versions.Count(part)));
                before.End(isLast: false);
            }
        }
        finally
        {
            _polling.Release();
        }
    }

    // Equal values, equal states; nothing is opened that did not change. That a part cannot be read is a state of it as well.
    private async ValueTask<object?> ReadStateAsync(HomePart part)
    {
        try
        {
            return part switch
            {
                HomePart.Sessions => (_sessions as IRowStore)?.ReadVersion(),
                HomePart.Memory => await _memory.ReadAsync().ConfigureAwait(false),
                HomePart.Skills => await _skills.ReadAsync().ConfigureAwait(false),
                _ => (object?)_config.Read().Root,
            };
        }
        catch (Exception exception)
            when (exception is SessionStoreUnavailableException or MemoryUnavailableException or SkillsUnavailableException or ConfigUnreadableException)
        {
            return exception.Message;
        }
    }

    /// <summary>The versions from one change to the next.</summary>
    internal sealed record Moment(HomeVersions Versions)
    {
        private readonly TaskCompletionSource<bool> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        /// <summary>Completes with the next change: true; or with the end of all: false.</summary>
        public Task<bool> Next => _next.Task;
        public void End(bool isLast) => _next.TrySetResult(!isLast);
    }

    /// <summary>Somebody who wants to know, until it is disposed.</summary>
    internal sealed class Listener(HomeChanges changes) : IDisposable
    {
        public Moment Now => changes._now;
        public void Dispose() => Interlocked.Decrement(ref changes._listeners);
    }
}

/// <summary>A part of a home whose changes can be watched.</summary>
public enum HomePart
{
    /// <summary>Sessions and messages: <c>state.db</c>.</summary>
    Sessions,
    /// <summary><c>memories/MEMORY.md</c> and <c>memories/USER.md</c>.</summary>
    Memory,
    /// <summary>The skills of the home and of external folders, and which of them are enabled.</summary>
    Skills,
    /// <summary><c>config.yaml</c>, also what of it is never shown.</summary>
    Config,
}
