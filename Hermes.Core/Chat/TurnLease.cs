using Hermes.Core.Diagnostics;
using Hermes.Core.Sessions;

namespace Hermes.Core.Chat;

/// <summary>The right of one turn to answer in a conversation that other processes answer in as well. Dispose it at the turn's end.</summary>
/// <remarks>It is taken before the turn reads what was said, and lasts for five minutes at a time. Where it ran out, as after a machine slept,
/// and somebody else has taken it, the turn is interrupted. A store that keeps none gives one that says nothing.</remarks>
internal sealed class TurnLease(SessionStore sessions, string? conversationId, string holder, ILogger logger, Action onLost) : IAsyncDisposable
{
    // How often it is made to last longer, and how often one that somebody else has is asked for.
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private readonly ITurnLeaseStore? _store = conversationId is null ? null : (ITurnLeaseStore)sessions;
    private readonly CancellationTokenSource _end = new();
    private Task _refreshing = Task.CompletedTask;
    private int _isLost;

    /// <summary>Waits for the lease of a session's conversation, and takes it; <paramref name="onLost"/> is called when somebody else has taken it since.</summary>
    /// <exception cref="ConversationBusyException">After the timeout, another process still answers in the conversation.</exception>
    public static async Task<TurnLease> TakeAsync(
        SessionStore sessions, string sessionId, TimeSpan timeout, TimeProvider time, ILogger logger, Action onLost, CancellationToken cancellationToken)
    {
        var holder = (sessions as ITurnLeaseStore)?.CreateLeaseHolder() ?? "";
        var began = time.GetTimestamp();
        (bool IsHeldByOther, string? ConversationId) taken = default;
        while (sessions is ITurnLeaseStore store
            && (taken = await store.TryTakeLeaseAsync(sessionId, holder, cancellationToken).ConfigureAwait(false)).IsHeldByOther)
        {
            var left = timeout - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero) throw ConversationBusyException.Answering();

            await Task.Delay(left < PollInterval ? left : PollInterval, time, cancellationToken).ConfigureAwait(false);
        }

        var lease = new TurnLease(sessions, taken.ConversationId, holder, logger, onLost);
        lease._refreshing = lease.RefreshAsync(time);
        return lease;
    }

    /// <summary>Stores what the turn said, if nobody else has taken the lease meanwhile.</summary>
    /// <returns>False where somebody has: then nothing was stored, and the turn is being interrupted.</returns>
    public async Task<bool> TryAppendAsync(string sessionId, IReadOnlyList<NewMessage> messages, SessionUsage? usage)
    {
        if (_store is null)
        {
            await sessions.AppendAsync(sessionId, messages, usage).ConfigureAwait(false);
            return true;
        }

        if (_isLost == 0 && await _store.TryAppendAsync(sessionId, messages, usage, conversationId!, holder).ConfigureAwait(false))
            return true;

        Lose();
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _refreshing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
        if (_store is null) return;

        try
        {
            await _store.ReleaseLeaseAsync(conversationId!, holder).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // It ends by itself.
            logger.LeaseNotGivenBack(exception, conversationId!);
        }
    }

    private void Lose()
    {
        if (Interlocked.Exchange(ref _isLost, 1) == 0)
        {
            logger.LeaseLost(conversationId!);
            onLost();
        }
    }

    private async Task RefreshAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(RefreshInterval, time);
        while (_store is not null && await timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
        {
            try
            {
                if ((await _store.TryTakeLeaseAsync(conversationId!, holder, _end.Token).ConfigureAwait(false)).IsHeldByOther)
                {
                    Lose();
                    return;
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // It still lasts for a few minutes: the next time may be better.
                logger.LeaseNotRefreshed(exception, conversationId!);
            }
        }
    }
}
