using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using Hermes.Core.Diagnostics;
using Hermes.Core.Sessions;
using Microsoft.Extensions.Hosting;
using static Hermes.Core.Chat.ChatEvent;

namespace Hermes.Core.Chat;

/// <summary>Runs turns, and knows which run: what a turn says and hears is an <see cref="AgentTurn"/>'s part.</summary>
/// <remarks>Safe for use from any thread. Turns of one session run one after the other. No transaction is open while the agent talks: each
/// message is stored as soon as it is whole, also when nobody waits for it any more, so storing is never cancelled.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A limiter without a queue holds nothing that would have to be disposed.")]
internal sealed class ChatEngine(SessionStore sessions, IServiceScopeFactory scopes, HermesChatOptions options, TimeProvider time, ILogger<ChatEngine> logger)
    : IHostedLifecycleService
{
    // As long as the session store waits for other writers: what was said is still to be stored.
    private static readonly TimeSpan StoreGrace = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AgentGrace = TimeSpan.FromSeconds(5);
    private readonly SessionTurnQueue _queue = new();
    private readonly ConcurrencyLimiter _places = new(new() { PermitLimit = options.MaxConcurrentTurns ?? int.MaxValue });
    private readonly Lock _lock = new();
    private readonly List<ChatRun> _running = [];
    private readonly List<Task> _ending = [];
    private bool _stopping;

    /// <summary>How many turns are in flight, those that wait for their session included.</summary>
    public int RunningCount
    {
        get { lock (_lock) return _running.Count; }
    }

    /// <summary>Takes a place among the turns that there may be at once, null where there is none; disposing it gives it back.</summary>
    public RateLimitLease? TryTakePlace() => _places.AttemptAcquire() is { IsAcquired: true } place ? place : null;

    /// <summary>Begins a turn; its place among the turns of its session is taken before this returns.</summary>
    /// <remarks>The run goes on by itself: whatever goes wrong is in its outcome. What a client means that goes away, <see cref="HermesChatOptions.OnDisconnect"/> says.</remarks>
    public ChatRun Start(ChatTurnRequest request, TimeSpan? grace = null, CancellationToken clientGone = default)
    {
        var run = new ChatRun(request.SessionId ?? Guid.NewGuid().ToString(), time, grace, SetAbandoned)
        { Owner = request.Owner, SessionTitle = request.SessionTitle, UserText = request.UserText };
        ChatRun[] abandoned;
        lock (_lock)
        {
            if (_stopping)
            {
                request.Place?.Dispose();
                run.Add(new TurnEnded(ChatOutcome.Failed(ChatFailure.ShuttingDown)));
                return run;
            }

            abandoned = [.. _running.Where(other => other.IsAbandoned && other.SessionId == run.SessionId)];
            _running.Add(run);
        }

        Array.ForEach(abandoned, other => other.Interrupt());
        _ = RunAsync(run, request, clientGone);
        return run;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Refuses new turns, lets those in flight finish for the grace period, then interrupts them; returns when all is stored and the agents are disposed.</summary>
    /// <remarks>In this first step of stopping, the server still holds its connections: clients get their ends. An agent that ignores its end is left behind.</remarks>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        ChatRun[] running;
        lock (_lock)
        {
            _stopping = true;
            running = [.. _running];
        }

        if (running.Length > 0)
        {
            logger.Draining(running.Length, options.ShutdownGrace);
            var ends = running.Select(run => run.Completion);
            if (!await EndAsync(ends, options.ShutdownGrace, cancellationToken).ConfigureAwait(false))
            {
                var left = running.Where(run => !run.Completion.IsCompleted).ToArray();
                logger.Interrupting(left.Length);
                Array.ForEach(left, run => run.Interrupt());
                await EndAsync(ends, StoreGrace, CancellationToken.None).ConfigureAwait(false);
            }
        }

        Task[] ending;
        lock (_lock)
            ending = [.. _ending];

        if (!await EndAsync(ending, AgentGrace, CancellationToken.None).ConfigureAwait(false))
            logger.AgentsLeft(ending.Count(agent => !agent.IsCompleted));
    }

    // A run that nobody reads goes on as long as no other turn needs its session.
    private void SetAbandoned(ChatRun run, bool isAbandoned)
    {
        lock (_lock)
        {
            run.IsAbandoned = isAbandoned;

            // Those behind it came later.
            if (!isAbandoned || !_running.SkipWhile(other => other != run).Skip(1).Any(other => other.SessionId == run.SessionId && !other.Interruption.IsCancellationRequested))
                return;
        }

        run.Interrupt();
    }

    private async Task RunAsync(ChatRun run, ChatTurnRequest request, CancellationToken clientGone)
    {
        ChatOutcome outcome;
        var waiting = _queue.EnterAsync(run.SessionId, run.Interruption);
        var disconnecting = options.OnDisconnect == ChatDisconnect.Interrupt ? clientGone.UnsafeRegister(static run => ((ChatRun)run!).Interrupt(), run) : default;
        await using (disconnecting.ConfigureAwait(false))
        {
            try
            {
                // An agent that never waits would otherwise run in the caller of Start.
                using (await waiting.ConfigureAwait(ConfigureAwaitOptions.ForceYielding))
                await using (var lease = await TurnLease.TakeAsync(sessions, run.SessionId, options.LeaseTimeout, time, logger, run.Interrupt, run.Interruption)
                    .ConfigureAwait(false))
                {
                    outcome = await RunInSessionAsync(run, request, lease).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (run.Interruption.IsCancellationRequested)
            {
                outcome = ChatOutcome.Failed(ChatFailure.FromInterruption(run));
            }
            catch (Exception exception)
            {
                var failure = ChatFailure.FromStore(exception, run.SessionId);

                // A busy file is another process that writes for long: nothing is wrong here.
                if (exception is SessionStoreUnavailableException { RetryAfter: not null })
                    logger.StoreUnavailable(null, exception.Message);
                else if (failure.Status >= 500)
                    logger.TurnFailed(exception, run.SessionId);

                outcome = ChatOutcome.Failed(failure);
            }
        }

        lock (_lock)
            _running.Remove(run);

        // Before anybody learns of the end: who asks again at once finds the place free.
        request.Place?.Dispose();
        logger.TurnEnded(run.SessionId, outcome.FinishReason, outcome.ModelCalls, outcome.Model, outcome.InputTokens, outcome.OutputTokens);
        run.Add(new TurnEnded(outcome));
    }

    private async Task<ChatOutcome> RunInSessionAsync(ChatRun run, ChatTurnRequest request, TurnLease lease)
    {
        // A scope of its own: the turn may outlive the request, and an app may register its agent as scoped.
        var scope = scopes.CreateAsyncScope();
        AgentStream? stream = null;
        try
        {
            if (Agent.Find(scope.ServiceProvider) is not { } agent)
            {
                logger.NoAgent();
                return ChatOutcome.Failed(ChatFailure.NoAgent);
            }

            run.Interruption.ThrowIfCancellationRequested();
            var turn = new AgentTurn(run, request, sessions, options, logger);
            stream = await turn.BeginAsync(agent, time).ConfigureAwait(false);
            return await turn.CollectAsync(stream, lease).ConfigureAwait(false);
        }
        finally
        {
            // An agent that does not heed its cancellation, or a tool of it, keeps its scope until it returns; the turn does not wait.
            var ending = DisposeAsync(stream, scope);
            lock (_lock)
            {
                _ending.RemoveAll(earlier => earlier.IsCompleted);
                _ending.Add(ending);
            }
        }
    }

    // Waits for tasks, for a while, and says whether all of them ended.
    private async Task<bool> EndAsync(IEnumerable<Task> tasks, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var all = Task.WhenAll(tasks);
        await all.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return all.IsCompleted;
    }

    private async Task DisposeAsync(AgentStream? stream, AsyncServiceScope scope)
    {
        try
        {
            await using (scope.ConfigureAwait(false))
            {
                if (stream is not null)
                    await stream.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // The turn's outcome stands; this is the agent's way of ending.
            logger.ProviderReport(exception, "");
        }
    }
}
