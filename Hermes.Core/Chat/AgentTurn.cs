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
        var isNew = request.SessionId is null;
        var stored = isNew ? [] : await sessions.ReadMessagesAsync(run.SessionId, ForModel).ToListAsync().ConfigureAwait(false);
        var session = isNew ? null : await sessions.FindExactAsync(run.SessionId).ConfigureAwait(false);
        var prompt = session is { HasApiSystemPrompt: true, SystemPrompt.Length: > 0 } ? session.SystemPrompt : null;
        var repeated = stored is [.., var last] && IsSame(last, request.User) ? last : null;
        var history = request.History ?? stored[..(repeated is null ? ^0 : ^1)].ConvertAll(ChatHistory.FromStored);
        var userId = repeated?.Id ?? await StoreUserAsync().ConfigureAwait(false);
        logger.TurnStarted(run.SessionId, history.Count);
        logger.Said(run.SessionId, request.User.Role, request.User.Content);
        run.Add(new TurnStarted(userId));
        ChatMessage[] messages =
        [
            .. request.System.Prepend(prompt).OfType<string>().Select(text => new ChatMessage(ChatRole.System, text)),
            .. ChatHistory.Build([.. history, request.User, .. request.Following]),
        ];
        var settings = request.Options.Clone();
        settings.ModelId = request.Model ?? (options.AllowModelChoice ? session?.ChosenModel : null);
        return new AgentStream(agent, messages, settings, time, run.Interruption);
    }

    /// <summary>Takes what the agent answers, to its end, to a limit or to an interruption; its failure is an outcome too, the store's an exception.</summary>
    /// <remarks>The caller disposes the stream, which stops an agent that has not ended. Without its lease, what a turn said is stored as that of an interrupted one.</remarks>
    public async Task<ChatOutcome> CollectAsync(AgentStream stream, TurnLease lease)
    {
        var limit = new AnswerLimit(options.MaxAnswerLength, options.MaxRunBytes);
        var answer = new AnswerCollector(limit);
        var stored = new List<NewMessage> { request.User };
        ChatFailure? failure = null;
        string? brokenOff = null;
        while (!limit.IsReached && await ReadAsync().ConfigureAwait(false) is { } update)
        {
            answer.Add(update);
            await StoreAsync(usage: null).ConfigureAwait(false);
            answer.Happened.ForEach(run.Add);
            answer.Happened.Clear();
        }

        if (brokenOff is null && limit.IsReached)
        {
            brokenOff = "length";
            logger.AnswerCut(run.SessionId);
        }

        answer.Complete(brokenOff);
        if (!await StoreAsync(answer.Usage(stream.AskedModel)).ConfigureAwait(false) && brokenOff is null)
            (failure, brokenOff) = (ChatFailure.FromInterruption(run), Interrupted);

        return answer.Outcome(brokenOff) with { Failure = failure, Messages = stored };

        // Null at the end, and where the agent failed.
        async Task<ChatResponseUpdate?> ReadAsync()
        {
            try
            {
                return await stream.ReadAsync(answer.IsWaitingForTools ? Timeout.InfiniteTimeSpan : options.ModelTimeout).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                var isInterrupted = run.Interruption.IsCancellationRequested;
                (failure, brokenOff) = isInterrupted ? (ChatFailure.FromInterruption(run), Interrupted) : (ChatFailure.FromAgent(exception), "error");
                Log(exception, isInterrupted);
                return null;
            }
        }

        // Gives whether the conversation still is this turn's to answer in.
        async Task<bool> StoreAsync(SessionUsage? usage)
        {
            var completed = answer.Completed;
            if (completed.Count == 0 && usage is null or { InputTokens: 0, OutputTokens: 0, Model: null }) return true;

            var isOwn = await lease.TryAppendAsync(run.SessionId, completed, usage).ConfigureAwait(false);
            if (!isOwn)
            {
                // The answer that ends the turn, whole as it may be, comes beside another's.
                if (usage is not null && brokenOff is null && completed is [.., { Role: "assistant" }])
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
        last.Role == "user" && last.Content == user.Content && last.ContentParts.HasValue == user.ContentParts.HasValue
        && (last.ContentParts is not { } parts || JsonElement.DeepEquals(parts, user.ContentParts!.Value));

    private async Task<long> StoreUserAsync() => request.CreateSession
        ? (await sessions.CreateAndAppendAsync(new NewSession { Id = run.SessionId }, [request.User]).ConfigureAwait(false))[0]
        : (await sessions.AppendAsync(run.SessionId, [request.User]).ConfigureAwait(false))[0];

    private void Log(Exception exception, bool isInterrupted)
    {
        if (exception is ChatProviderException provider)
            logger.ProviderFailed(run.SessionId, provider.Status, provider.Message);
        else if (exception is ChatConfigurationException)
            logger.AgentMisconfigured(run.SessionId, exception.Message);
        else if (exception is AgentStream.ModelTimeoutException)
            logger.ModelTimedOut(run.SessionId, options.ModelTimeout);
        else if (!isInterrupted)
            logger.AgentFailed(exception, run.SessionId);

        if (exception is ChatProviderException or ChatConfigurationException)
            logger.ProviderReport(exception.InnerException, run.SessionId);
    }
}
