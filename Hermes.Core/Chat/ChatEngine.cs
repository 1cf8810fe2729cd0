using Hermes.Core.Diagnostics;
using Hermes.Core.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hermes.Core.Chat;

/// <summary>Runs turns: what the agent is told (<see cref="TurnOpening"/>), and what it answers (<see cref="TurnAnswer"/>).</summary>
/// <remarks>
/// <para>Safe for use from any thread. Turns of one session run one after the other, those of different sessions at once.</para>
/// <para>No transaction is open while the agent talks: each message is stored in one of its own as soon as it is whole. What
/// happened is stored even when nobody waits for it any more, so storing is never cancelled.</para>
/// </remarks>
internal sealed class ChatEngine(
    SessionStore sessions,
    IServiceScopeFactory scopes,
    HermesChatOptions options,
    TimeProvider time,
    ILogger<ChatEngine> logger) : IHostedLifecycleService
{
    // As long as the session store waits for other writers: what was said is still to be stored.
    private static readonly TimeSpan StoreGrace = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AgentGrace = TimeSpan.FromSeconds(5);

    private readonly TurnOpening _opening = new(sessions, options, logger);
    private readonly TurnAnswer _answer = new(sessions, options, logger);
    private readonly SessionTurnQueue _queue = new();
    private readonly Lock _gate = new();
    private readonly List<ChatTurn> _running = [];
    private readonly HashSet<Task> _ending = [];
    private bool _stopping;

    /// <summary>How many turns are in flight, those that wait for their session included.</summary>
    public int RunningCount
    {
        get
        {
            lock (_gate)
            {
                return _running.Count;
            }
        }
    }

    /// <summary>Begins a turn; its place among the turns of its session is taken before this returns.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="clientGone">Cancelled when the client goes away; <see cref="HermesChatOptions.OnDisconnect"/> says what that means.</param>
    /// <returns>The turn. It runs on its own: whatever goes wrong is in its outcome.</returns>
    public ChatTurn Start(ChatTurnRequest request, CancellationToken clientGone = default)
    {
        var turn = new ChatTurn(request.SessionId ?? Guid.NewGuid().ToString());
        ChatTurn[] abandoned;
        lock (_gate)
        {
            if (_stopping)
            {
                turn.Add(new TurnEnded(new ChatOutcome { Failure = ChatFailure.ShuttingDown, FinishReason = "error" }));
                return turn;
            }

            abandoned = [.. _running.Where(other => other.IsAbandoned && other.SessionId == turn.SessionId)];
            _running.Add(turn);
            request.Place?.IsOfTurn = true;
        }

        foreach (var other in abandoned)
        {
            other.Interrupt();
        }

        _ = RunAsync(turn, request, clientGone);
        return turn;
    }

    /// <summary>Says whether the turn's readers have left, for now: then it runs on as long as no other turn needs its session.</summary>
    public void SetAbandoned(ChatTurn turn, bool isAbandoned)
    {
        lock (_gate)
        {
            turn.IsAbandoned = isAbandoned;

            // Those behind it came later.
            if (!isAbandoned || !_running.SkipWhile(other => other != turn).Skip(1).Any(other => other.SessionId == turn.SessionId && !other.Interruption.IsCancellationRequested))
            {
                return;
            }
        }

        turn.Interrupt();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Refuses new turns, lets those in flight finish for the grace period, then interrupts them; returns when all is stored and the agents are disposed.</summary>
    /// <remarks>
    /// This is the first step of stopping: the server still holds its connections, so clients get their ends. An agent that ignores its
    /// end is not waited for without end.
    /// </remarks>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        ChatTurn[] running;
        lock (_gate)
        {
            _stopping = true;
            running = [.. _running];
        }

        if (running.Length > 0)
        {
            logger.Draining(running.Length, options.ShutdownGrace);
            var ends = running.Select(turn => turn.Completion);
            if (!await EndAsync(ends, options.ShutdownGrace, cancellationToken).ConfigureAwait(false))
            {
                var left = running.Where(turn => !turn.Completion.IsCompleted).ToArray();
                logger.Interrupting(left.Length);
                foreach (var turn in left)
                {
                    turn.Interrupt();
                }

                await EndAsync(ends, StoreGrace, CancellationToken.None).ConfigureAwait(false);
            }
        }

        Task[] ending;
        lock (_gate)
        {
            ending = [.. _ending];
        }

        if (!await EndAsync(ending, AgentGrace, CancellationToken.None).ConfigureAwait(false))
        {
            logger.AgentsLeft(ending.Count(agent => !agent.IsCompleted));
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RunAsync(ChatTurn turn, ChatTurnRequest request, CancellationToken clientGone)
    {
        ChatOutcome outcome;
        var waiting = _queue.EnterAsync(turn.SessionId, turn.Interruption);
        await using (clientGone.UnsafeRegister(OnClientGone, turn).ConfigureAwait(false))
        {
            try
            {
                // An agent that never waits would otherwise run in the caller of Start.
                using (await waiting.ConfigureAwait(ConfigureAwaitOptions.ForceYielding))
                await using (var lease = await TurnLease.TakeAsync(sessions, turn.SessionId, options.LeaseTimeout, time, logger, turn.Interrupt, turn.Interruption)
                    .ConfigureAwait(false))
                {
                    outcome = await RunInSessionAsync(turn, request, lease).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (turn.Interruption.IsCancellationRequested)
            {
                outcome = new ChatOutcome { Failure = ChatFailure.FromInterruption(turn), FinishReason = "interrupted" };
            }
            catch (Exception exception)
            {
                var failure = ChatFailure.FromStore(exception, turn.SessionId);
                if (exception is SessionStoreUnavailableException { RetryAfter: not null })
                {
                    // Another process writes for long: nothing is wrong here.
                    logger.StoreUnavailable(null, exception.Message);
                }
                else if (failure.Status >= 500)
                {
                    logger.TurnFailed(exception, turn.SessionId);
                }

                outcome = new ChatOutcome { Failure = failure, FinishReason = "error" };
            }
        }

        lock (_gate)
        {
            _running.Remove(turn);
        }

        // Before anybody learns of the end: who asks again at once finds the place free.
        request.Place?.Dispose();

        logger.TurnEnded(
            turn.SessionId, outcome.FinishReason, outcome.ModelCalls, outcome.Model, outcome.InputTokens, outcome.OutputTokens);
        turn.Add(new TurnEnded(outcome));
    }

    private void OnClientGone(object? turn)
    {
        if (options.OnDisconnect == ChatDisconnect.Interrupt)
        {
            ((ChatTurn)turn!).Interrupt();
        }
    }

    private async Task<ChatOutcome> RunInSessionAsync(ChatTurn turn, ChatTurnRequest request, TurnLease lease)
    {
        // A scope of its own: the turn may outlive the request, and an app may register its agent as scoped.
        var scope = scopes.CreateAsyncScope();
        AgentStream? stream = null;
        try
        {
            var agent = Agent.Find(scope.ServiceProvider);
            if (agent is null)
            {
                logger.NoAgent();
                return new ChatOutcome { Failure = ChatFailure.NoAgent, FinishReason = "error" };
            }

            turn.Interruption.ThrowIfCancellationRequested();
            var messages = await _opening.BeginAsync(turn, request).ConfigureAwait(false);
            stream = new AgentStream(agent, messages, request.Options, time, turn.Interruption);
            return await _answer.CollectAsync(turn, request.User, stream, lease).ConfigureAwait(false);
        }
        finally
        {
            // An agent that does not heed its cancellation, or a tool of it, keeps its scope until it returns; the turn does not wait.
            End(DisposeAsync(stream, scope));
        }
    }

    private void End(Task ending)
    {
        if (ending.IsCompleted)
        {
            return;
        }

        lock (_gate)
        {
            _ending.Add(ending);
        }

        _ = ending.ContinueWith(
            ended =>
            {
                lock (_gate)
                {
                    _ending.Remove(ended);
                }
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Waits for tasks, for a while.</summary>
    /// <returns>Whether all of them ended.</returns>
    private async Task<bool> EndAsync(IEnumerable<Task> tasks, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(tasks).WaitAsync(timeout, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task DisposeAsync(AgentStream? stream, AsyncServiceScope scope)
    {
        try
        {
            await using (scope.ConfigureAwait(false))
            {
                if (stream is not null)
                {
                    await stream.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
        catch (Exception exception)
        {
            // The turn's outcome stands; this is the agent's way of ending.
            logger.ProviderReport(exception, "");
        }
    }
}
