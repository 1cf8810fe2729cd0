using Hermes.Core.Diagnostics;
using Hermes.Core.Sessions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hermes.Core.Chat;

/// <summary>Runs turns: history, the agent's stream, and everything stored in the order in which it happened.</summary>
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
    /// <summary>The key of the <see cref="IChatClient"/> that is preferred to the one without a key.</summary>
    public const string AgentKey = "hermes";

    private static readonly MessageQuery ForModel = new() { Audience = MessageAudience.Model };

    private readonly SessionTurnQueue _queue = new();
    private readonly Lock _gate = new();
    private readonly HashSet<ChatTurn> _running = [];
    private bool _stopping;

    /// <summary>Begins a turn; its place among the turns of its session is taken before this returns.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="clientGone">Cancelled when the client goes away; <see cref="HermesChatOptions.OnDisconnect"/> says what that means.</param>
    /// <returns>The turn. It runs on its own: whatever goes wrong is in its outcome.</returns>
    public ChatTurn Start(ChatTurnRequest request, CancellationToken clientGone = default)
    {
        var turn = new ChatTurn(request.SessionId ?? Guid.NewGuid().ToString());
        lock (_gate)
        {
            if (_stopping)
            {
                turn.Add(new TurnEnded(new ChatOutcome { Failure = ChatFailure.ShuttingDown, FinishReason = "error" }));
                return turn;
            }

            _running.Add(turn);
        }

        _ = RunAsync(turn, request, clientGone);
        return turn;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Refuses new turns, lets those in flight finish for the grace period, then interrupts them; returns when all is stored.</summary>
    /// <remarks>This is the first step of stopping: the server still holds its connections, so clients get their ends.</remarks>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        ChatTurn[] running;
        lock (_gate)
        {
            _stopping = true;
            running = [.. _running];
        }

        if (running.Length == 0)
        {
            return;
        }

        var grace = options.ShutdownGrace;
        logger.Draining(running.Length, grace);
        var ends = Task.WhenAll(running.Select(turn => turn.Completion));
        try
        {
            await ends.WaitAsync(grace, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            var left = running.Where(turn => !turn.Completion.IsCompleted).ToArray();
            logger.Interrupting(left.Length);
            foreach (var turn in left)
            {
                turn.Interrupt();
            }

            await ends.ConfigureAwait(false);
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
                await using (await TurnLease.TakeAsync(sessions, turn.SessionId, options.LeaseTimeout, time, logger, turn.Interrupt, turn.Interruption)
                    .ConfigureAwait(false))
                {
                    outcome = await RunInSessionAsync(turn, request).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (turn.Interruption.IsCancellationRequested)
            {
                outcome = new ChatOutcome { Failure = ChatFailure.Interrupted, FinishReason = "interrupted" };
            }
            catch (Exception exception)
            {
                var failure = ChatFailure.FromStore(exception, turn.SessionId);
                if (failure.Status >= 500)
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

    private async Task<ChatOutcome> RunInSessionAsync(ChatTurn turn, ChatTurnRequest request)
    {
        // A scope of its own: the turn may outlive the request, and an app may register its agent as scoped.
        var scope = scopes.CreateAsyncScope();
        AgentStream? stream = null;
        try
        {
            var agent = scope.ServiceProvider.GetKeyedService<IChatClient>(AgentKey) ?? scope.ServiceProvider.GetService<IChatClient>();
            if (agent is null)
            {
                logger.NoAgent();
                return new ChatOutcome { Failure = ChatFailure.NoAgent, FinishReason = "error" };
            }

            turn.Interruption.ThrowIfCancellationRequested();
            var messages = await BeginAsync(turn, request).ConfigureAwait(false);
            stream = new AgentStream(agent, messages, request.Options, turn.Interruption);
            return await AnswerAsync(turn, request.User, stream).ConfigureAwait(false);
        }
        finally
        {
            // An agent that does not heed its cancellation, or a tool of it, keeps its scope until it returns; the turn does not wait.
            _ = DisposeAsync(stream, scope);
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

    /// <summary>Stores the user's message, before the agent hears of it, and gives what the agent is to hear.</summary>
    private async Task<List<ChatMessage>> BeginAsync(ChatTurn turn, ChatTurnRequest request)
    {
        var history = new List<NewMessage>(request.History);
        if (request.SessionId is not null)
        {
            history.Clear();
            await foreach (var message in sessions.ReadMessagesAsync(turn.SessionId, ForModel).ConfigureAwait(false))
            {
                history.Add(ChatHistory.FromStored(message));
            }
        }

        var ids = request.CreateSession
            ? await sessions.CreateAndAppendAsync(new NewSession { Id = turn.SessionId }, [request.User]).ConfigureAwait(false)
            : await sessions.AppendAsync(turn.SessionId, [request.User]).ConfigureAwait(false);
        logger.TurnStarted(turn.SessionId, history.Count);
        logger.Said(turn.SessionId, request.User.Role, request.User.Content);
        turn.Add(new TurnStarted(ids[0]));

        history.Add(request.User);
        if (request.SessionId is null)
        {
            history.AddRange(request.Following);
        }

        return [.. request.System.Select(text => new ChatMessage(ChatRole.System, text)), .. ChatHistory.Build(history)];
    }

    private async Task<ChatOutcome> AnswerAsync(ChatTurn turn, NewMessage user, AgentStream stream)
    {
        var collector = new AnswerCollector();
        var completed = new List<NewMessage>();
        var happened = new List<ChatEvent>();
        var stored = new List<NewMessage> { user };
        ChatFailure? failure = null;
        try
        {
            while (await stream.ReadAsync().ConfigureAwait(false) is { } update)
            {
                collector.Add(update, completed, happened);
                await StoreAsync(usage: null).ConfigureAwait(false);
                happened.ForEach(turn.Add);
                happened.Clear();
            }

            collector.Complete(completed);
        }
        catch (AgentException exception)
        {
            failure = turn.Interruption.IsCancellationRequested ? ChatFailure.Interrupted : ChatFailure.FromAgent(exception.InnerException!);
            Log(turn.SessionId, failure, exception.InnerException!);
            collector.BreakOff(failure == ChatFailure.Interrupted ? "interrupted" : "error", completed);
        }

        var usage = new SessionUsage(collector.InputTokens, collector.OutputTokens, collector.Model);
        await StoreAsync(usage).ConfigureAwait(false);
        return new ChatOutcome
        {
            Failure = failure,
            Text = collector.Answer?.Content ?? "",
            Reasoning = collector.Answer?.Reasoning,
            FinishReason = failure is null ? collector.Answer?.FinishReason ?? "stop" : failure == ChatFailure.Interrupted ? "interrupted" : "error",
            PendingToolCalls = collector.Answer?.ToolCalls,
            Model = collector.Model,
            ModelCalls = collector.ModelCalls,
            InputTokens = collector.InputTokens,
            OutputTokens = collector.OutputTokens,
            TotalTokens = collector.TotalTokens,
            Messages = stored,
        };

        async Task StoreAsync(SessionUsage? usage)
        {
            if (completed.Count == 0 && usage is null or { InputTokens: 0, OutputTokens: 0, Model: null })
            {
                return;
            }

            await sessions.AppendAsync(turn.SessionId, completed, usage).ConfigureAwait(false);
            foreach (var message in completed)
            {
                logger.Said(turn.SessionId, message.Role, message.Content);
            }

            stored.AddRange(completed);
            completed.Clear();
        }
    }

    private void Log(string sessionId, ChatFailure failure, Exception exception)
    {
        if (exception is ChatProviderException provider)
        {
            logger.ProviderFailed(sessionId, provider.Status, provider.Message);
            logger.ProviderReport(provider.InnerException, sessionId);
        }
        else if (exception is ChatConfigurationException)
        {
            logger.AgentMisconfigured(sessionId, exception.Message);
            logger.ProviderReport(exception.InnerException, sessionId);
        }
        else if (failure != ChatFailure.Interrupted)
        {
            logger.AgentFailed(exception, sessionId);
        }
    }
}
