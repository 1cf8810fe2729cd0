using Hermes.Core.Diagnostics;
using Hermes.Core.Sessions;
using Microsoft.Extensions.AI;
using static Hermes.Core.Chat.ChatEvent;

namespace Hermes.Core.Chat;

/// <summary>What one turn says and hears in its session: all of it is stored in the order in which it happened, and then told to the run's readers.</summary>
/// <remarks>Whoever calls it is in the session's queue.</remarks>
internal sealed class AgentTurn(ChatRun run, ChatTurnRequest request, SessionStore sessions, HermesChatOptions options, ILogger logger)
{
    private const string Interrupted = "interrupted";

    private static readonly MessageQuery ForModel = new() { Audience = MessageAudience.Model };

    /// <summary>Stores the user's message, and then asks the agent: the session's system prompt, the request's system messages, history, the user's message.</summary>
    public async Task<AgentStream> BeginAsync(IChatClient agent, TimeProvider time)
    {
        var stored = request.SessionId is null ? [] : await ReadStoredAsync().ConfigureAwait(false);
        var session = request.SessionId is null ? null : await sessions.FindExactAsync(run.SessionId).ConfigureAwait(false);
        var prompt = session is { HasApiSystemPrompt: true, SystemPrompt.Length: > 0 } ? session.SystemPrompt : null;
        var last = stored.Count > 0 ? stored[^1] : null;
        var isRepeated = last is not null && IsSame(last, request.User);
        var history = request.History ?? stored[..(isRepeated ? ^1 : ^0)].ConvertAll(ChatHistory.FromStored);
        var userId = isRepeated ? last!.Id : await StoreUserAsync().ConfigureAwait(false);
        logger.TurnStarted(run.SessionId, history.Count);
        logger.Said(run.SessionId, request.User.Role, request.User.Content);
        run.Log.Add(new TurnStarted(userId));
        ChatMessage[] messages =
        [
            .. request.System.Prepend(prompt).OfType<string>().Select(text => new ChatMessage(ChatRole.System, text)),
            .. ChatHistory.Build([.. history, request.User, .. request.Following]),
        ];
        var settings = request.Options.Clone();
        settings.ModelId = request.Model ?? (options.AllowModelChoice ? session?.ChosenModel : null);
        return new AgentStream(agent, messages, settings, time, run.Interruption);
    }

    /// <summary>Takes what the agent answers, to its end, to a limit or to an interruption; its failure is an outcome too.</summary>
    /// <param name="stream">The agent's stream. The caller disposes it, which stops an agent that has not ended.</param>
    /// <param name="lease">The right to answer; without it, what was said is stored as that of an interrupted turn.</param>
    /// <exception cref="Exception">The session store failed.</exception>
    public async Task<ChatOutcome> CollectAsync(AgentStream stream, TurnLease lease)
    {
        var limit = new AnswerLimit(options.MaxAnswerLength, options.MaxRunBytes);
        var collector = new AnswerCollector(limit);
        var completed = new List<NewMessage>();
        var happened = new List<ChatEvent>();
        var stored = new List<NewMessage> { request.User };
        ChatFailure? failure = null;
        string? end = null;
        while (!limit.IsReached)
        {
            ChatResponseUpdate? update;
            try
            {
                update = await stream.ReadAsync(collector.IsWaitingForTools ? Timeout.InfiniteTimeSpan : options.ModelTimeout).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                var isInterrupted = run.Interruption.IsCancellationRequested;
                failure = isInterrupted ? ChatFailure.FromInterruption(run) : ChatFailure.FromAgent(exception);
                end = isInterrupted ? Interrupted : "error";
                Log(exception, isInterrupted);
                break;
            }

            if (update is null)
                break;

            collector.Add(update, completed, happened);
            await StoreAsync(usage: null).ConfigureAwait(false);
            happened.ForEach(run.Log.Add);
            happened.Clear();
        }

        if (end is null && limit.IsReached)
        {
            end = "length";
            logger.AnswerCut(run.SessionId);
        }

        if (end is null)
            collector.Complete(completed);
        else
            collector.BreakOff(end, completed);

        var isOwn = await StoreAsync(new SessionUsage(collector.InputTokens, collector.OutputTokens, collector.Model ?? stream.AskedModel)
        {
            ContextTokens = collector.ContextTokens,
        }).ConfigureAwait(false);
        if (end is null && !isOwn)
            (failure, end) = (ChatFailure.FromInterruption(run), Interrupted);

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

        // Gives whether the conversation still is this turn's to answer in.
        async Task<bool> StoreAsync(SessionUsage? usage)
        {
            if (completed.Count == 0 && usage is null or { InputTokens: 0, OutputTokens: 0, Model: null })
                return true;

            var isOwn = await lease.TryAppendAsync(run.SessionId, completed, usage).ConfigureAwait(false);
            if (!isOwn)
            {
                // The answer that ends the turn, whole as it may be, comes beside another's.
                if (usage is not null && end is null && completed is [.., { Role: "assistant" }])
                    completed[^1] = completed[^1] with { FinishReason = Interrupted };

                await sessions.AppendAsync(run.SessionId, completed, usage).ConfigureAwait(false);
            }

            completed.ForEach(message => logger.Said(run.SessionId, message.Role, message.Content));
            stored.AddRange(completed);
            completed.Clear();
            return isOwn;
        }
    }

    // A message that has no answer is asked again after a failure, by people and by clients that retry: it is one message.
    private static bool IsSame(Message last, NewMessage user) =>
        last.Role == "user" && last.Content == user.Content
        && (last.ContentParts, user.ContentParts) switch
        {
            (null, null) => true,
            ({ } left, { } right) => JsonElement.DeepEquals(left, right),
            _ => false,
        };

    private async Task<List<Message>> ReadStoredAsync()
    {
        var stored = new List<Message>();
        await foreach (var message in sessions.ReadMessagesAsync(run.SessionId, ForModel).ConfigureAwait(false))
        {
            stored.Add(message);
        }

        return stored;
    }

    private async Task<long> StoreUserAsync()
    {
        var ids = request.CreateSession
            ? await sessions.CreateAndAppendAsync(new NewSession { Id = run.SessionId }, [request.User]).ConfigureAwait(false)
            : await sessions.AppendAsync(run.SessionId, [request.User]).ConfigureAwait(false);
        return ids[0];
    }

    private void Log(Exception exception, bool isInterrupted)
    {
        switch (exception)
        {
            case ChatProviderException provider:
                logger.ProviderFailed(run.SessionId, provider.Status, provider.Message);
                logger.ProviderReport(provider.InnerException, run.SessionId);
                break;
            case ChatConfigurationException:
                logger.AgentMisconfigured(run.SessionId, exception.Message);
                logger.ProviderReport(exception.InnerException, run.SessionId);
                break;
            case ModelTimeoutException:
                logger.ModelTimedOut(run.SessionId, options.ModelTimeout);
                break;
            default:
                if (!isInterrupted)
                    logger.AgentFailed(exception, run.SessionId);

                break;
        }
    }
}
