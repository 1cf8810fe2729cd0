using Hermes.Core.Diagnostics;
using Hermes.Core.Sessions;
using Microsoft.Extensions.Logging;

namespace Hermes.Core.Chat;

/// <summary>Takes what the agent answers, to the end or to a limit: it is stored in the order in which it happened, and told to the turn's readers.</summary>
/// <remarks>Safe for use from any thread.</remarks>
internal sealed class TurnAnswer(SessionStore sessions, HermesChatOptions options, ILogger logger)
{
    private const string Interrupted = "interrupted";

    /// <summary>Reads the agent's stream; its failure, a limit and an interruption are ends of the turn too, and in its outcome.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="user">The user's message, which is stored.</param>
    /// <param name="lease">The right to answer; without it, what was said is stored as that of an interrupted turn.</param>
    /// <param name="stream">The agent's stream. The caller disposes it, which stops an agent that has not ended.</param>
    public async Task<ChatOutcome> CollectAsync(ChatTurn turn, NewMessage user, AgentStream stream, TurnLease lease)
    {
        var limit = new AnswerLimit(options.MaxAnswerLength, options.MaxRunBytes);
        var collector = new AnswerCollector(limit);
        var completed = new List<NewMessage>();
        var happened = new List<ChatEvent>();
        var stored = new List<NewMessage> { user };
        ChatFailure? failure = null;
        string? end = null;
        try
        {
            while (!limit.IsReached && await stream.ReadAsync(Timeout()).ConfigureAwait(false) is { } update)
            {
                collector.Add(update, completed, happened);
                await StoreAsync(usage: null).ConfigureAwait(false);
                happened.ForEach(turn.Add);
                happened.Clear();
            }

            if (limit.IsReached)
            {
                end = "length";
                logger.AnswerCut(turn.SessionId);
            }
        }
        catch (AgentException exception)
        {
            failure = turn.Interruption.IsCancellationRequested ? ChatFailure.FromInterruption(turn) : ChatFailure.FromAgent(exception.InnerException!);
            end = turn.Interruption.IsCancellationRequested ? Interrupted : "error";
            Log(turn.SessionId, end, exception.InnerException!);
        }

        if (end is null)
        {
            collector.Complete(completed);
        }
        else
        {
            collector.BreakOff(end, completed);
        }

        var isOwn = await StoreAsync(new SessionUsage(collector.InputTokens, collector.OutputTokens, collector.Model)
        {
            ContextTokens = collector.ContextTokens,
        }).ConfigureAwait(false);
        if (end is null && !isOwn)
        {
            (failure, end) = (ChatFailure.FromInterruption(turn), Interrupted);
        }

        return new ChatOutcome
        {
            Failure = failure,
            Text = collector.Answer?.Content ?? "",
            Reasoning = collector.Answer?.Reasoning,
            FinishReason = end ?? collector.Answer?.FinishReason ?? "stop",
            PendingToolCalls = end is null ? collector.Answer?.ToolCalls : null,
            Model = collector.Model,
            ModelCalls = collector.ModelCalls,
            InputTokens = collector.InputTokens,
            OutputTokens = collector.OutputTokens,
            TotalTokens = collector.TotalTokens,
            Messages = stored,
        };

        TimeSpan Timeout() => collector.IsWaitingForTools ? System.Threading.Timeout.InfiniteTimeSpan : options.ModelTimeout;

        // Gives whether the conversation still is this turn's to answer in.
        async Task<bool> StoreAsync(SessionUsage? usage)
        {
            if (completed.Count == 0 && usage is null or { InputTokens: 0, OutputTokens: 0, Model: null })
            {
                return true;
            }

            var isOwn = await lease.TryAppendAsync(turn.SessionId, completed, usage).ConfigureAwait(false);
            if (!isOwn)
            {
                // The answer that ends the turn, whole as it may be, comes beside another's.
                if (usage is not null && end is null && completed is [.., { Role: "assistant" }])
                {
                    completed[^1] = completed[^1] with { FinishReason = Interrupted };
                }

                await sessions.AppendAsync(turn.SessionId, completed, usage).ConfigureAwait(false);
            }

            foreach (var message in completed)
            {
                logger.Said(turn.SessionId, message.Role, message.Content);
            }

            stored.AddRange(completed);
            completed.Clear();
            return isOwn;
        }
    }

    private void Log(string sessionId, string end, Exception exception)
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
        else if (exception is ModelTimeoutException)
        {
            logger.ModelTimedOut(sessionId, options.ModelTimeout);
        }
        else if (end != Interrupted)
        {
            logger.AgentFailed(exception, sessionId);
        }
    }
}
