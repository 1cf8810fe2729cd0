using Hermes.Core.Diagnostics;
using Hermes.Core.Sessions;

namespace Hermes.Core.Chat;

/// <summary>The right of one turn to answer in a conversation that other processes answer in as well. Dispose it at the turn's end.</summary>
/// <remarks>
/// <para>It is taken before the turn reads what was said, so that it goes on from what the other one ended with, and lasts for five minutes at a
/// time. Where it runs out all the same, as after a machine slept, and somebody else has taken it, it is lost: the turn is interrupted, what it said
/// is stored like that of any interrupted turn, and the other's lease stays.</para>
/// <para>A store that keeps no leases, or a file without the table, gives one that says nothing.</para>
/// </remarks>
internal sealed class TurnLease : IAsyncDisposable
{
    /// <summary>How often it is made to last longer.</summary>
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(60);

    /// <summary>How often a lease that somebody else has is asked for.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    private readonly SessionStore _sessions;
    private readonly ITurnLeaseStore? _store;
    private readonly string _holder;
    private readonly string? _conversationId;
    private readonly ILogger _logger;
    private readonly Action _onLost;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _refreshing;
    private int _isLost;

    private TurnLease(SessionStore sessions, string holder, string? conversationId, TimeProvider time, ILogger logger, Action onLost)
    {
        (_sessions, _store, _holder, _conversationId, _logger, _onLost) = (sessions, sessions as ITurnLeaseStore, holder, conversationId, logger, onLost);
        _refreshing = conversationId is null ? Task.CompletedTask : RefreshAsync(conversationId, time);
    }

    /// <summary>Waits for the lease of a conversation and takes it.</summary>
    /// <param name="sessions">The store.</param>
    /// <param name="sessionId">The id of any session of the conversation.</param>
    /// <param name="timeout">How long to wait for another holder.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <param name="onLost">Called when somebody else has taken it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ConversationBusyException">Another process still answers in the conversation.</exception>
    public static async Task<TurnLease> TakeAsync(
        SessionStore sessions, string sessionId, TimeSpan timeout, TimeProvider time, ILogger logger, Action onLost, CancellationToken cancellationToken)
    {
        var store = sessions as ITurnLeaseStore;
        var holder = store?.CreateLeaseHolder() ?? "";
        string? conversationId = null;
        if (store is not null)
        {
            var began = time.GetTimestamp();
            while (true)
            {
                var result = await store.TryTakeLeaseAsync(sessionId, holder, cancellationToken).ConfigureAwait(false);
                if (!result.IsHeldByOther)
                {
                    conversationId = result.ConversationId;
                    break;
                }

                var left = timeout - time.GetElapsedTime(began);
                if (left <= TimeSpan.Zero)
                    throw ConversationBusyException.Answering();

                await Task.Delay(left < PollInterval ? left : PollInterval, time, cancellationToken).ConfigureAwait(false);
            }
        }

        return new TurnLease(sessions, holder, conversationId, time, logger, onLost);
    }

    /// <summary>Stores what the turn said, if nobody else has taken the lease meanwhile.</summary>
    /// <returns>False where somebody has: then nothing was stored, and the turn is being interrupted.</returns>
    public async Task<bool> TryAppendAsync(string sessionId, IReadOnlyList<NewMessage> messages, SessionUsage? usage)
    {
        if (_conversationId is null)
        {
            await _sessions.AppendAsync(sessionId, messages, usage).ConfigureAwait(false);
            return true;
        }

        if (_isLost == 0 && await _store!.TryAppendAsync(sessionId, messages, usage, _conversationId, _holder).ConfigureAwait(false))
            return true;

        Lose(_conversationId);
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _refreshing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
        if (_conversationId is null)
            return;

        try
        {
            await _store!.ReleaseLeaseAsync(_conversationId, _holder).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // It ends by itself.
            _logger.LeaseNotGivenBack(exception, _conversationId);
        }
    }

    private void Lose(string conversationId)
    {
        if (Interlocked.Exchange(ref _isLost, 1) == 0)
        {
            _logger.LeaseLost(conversationId);
            _onLost();
        }
    }

    private async Task RefreshAsync(string conversationId, TimeProvider time)
    {
        using var timer = new PeriodicTimer(RefreshInterval, time);
        while (await timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
        {
            try
            {
                if ((await _store!.TryTakeLeaseAsync(conversationId, _holder, _end.Token).ConfigureAwait(false)).IsHeldByOther)
                {
                    Lose(conversationId);
                    return;
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // It still lasts for a few minutes: the next time may be better.
                _logger.LeaseNotRefreshed(exception, conversationId);
            }
        }
    }
}
