using Hermes.Core.Chat;
using Hermes.Core.Http.OpenAI;
using Hermes.Core.Http.Wire;
using static Hermes.Core.Chat.ChatEvent;

namespace Hermes.Core.Http.Endpoints;

/// <summary>What a run of <c>/api/sessions/{id}/chat</c> says to its client: one object, or the events of a stream.</summary>
/// <remarks>
/// For one reader and one thread. The events of a run are numbered from 1 and are the same, byte by byte, however often they are
/// written, so a reader who names the last one that it got is given the rest.
/// </remarks>
/// <param name="run">The run.</param>
/// <param name="after">The number of the last event that the reader has; 0 for none.</param>
internal sealed class SessionChatEvents(ChatRun run, long after = 0)
{
    /// <summary>The events, in the order in which they come.</summary>
    public static readonly (string Name, Type Data)[] Documented =
    [
        ("session.created", typeof(SessionCreatedEvent)), ("run.started", typeof(RunStartedEvent)), ("message.started", typeof(MessageStartedEvent)),
        ("assistant.delta", typeof(AssistantDeltaEvent)), ("tool.started", typeof(ToolStartedEvent)), ("tool.completed", typeof(ToolCompletedEvent)),
        ("tool.failed", typeof(ToolFailedEvent)),
        ("assistant.completed", typeof(AssistantCompletedEvent)), ("run.completed", typeof(RunCompletedEvent)), ("error", typeof(RunFailedEvent)),
        ("done", typeof(RunDoneEvent)),
    ];

    private readonly string _messageId = string.Concat("msg_", run.Id.AsSpan("run_".Length));
    private long _number;
    private bool _hasBegun;

    /// <summary>Whether the run is over and a reader with the event of this number has all of them.</summary>
    public static bool IsAllRead(ChatRun run, long after)
    {
        if (!run.Completion.IsCompleted)
            return false;

        var events = new SessionChatEvents(run, after);
        var isAllRead = true;
        for (var number = 0; isAllRead && run.Log.TryGet(number, out var happened); number++)
            isAllRead = !events.Next(happened).Any();

        return isAllRead;
    }

    /// <summary>The whole answer.</summary>
    /// <param name="run">The run.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="model">The model's name where it did not say its own.</param>
    public static SessionChatAnswer ToAnswer(ChatRun run, ChatOutcome outcome, string? model) => new(
        run.SessionId, run.Id, outcome.Model ?? model ?? ChatCompletionRequest.AgentName, outcome.Text,
        outcome.IsCompleted, outcome.IsPartial, outcome.IsInterrupted, outcome.ModelCalls,
        [
            .. outcome.Messages.Select(message => new TurnMessageObject(
                message.Role, message.ContentParts is { } parts ? parts : message.Content, ToolCallObject.Read(message.ToolCalls),
                message.ToolCallId, message.ToolName, message.FinishReason, message.Reasoning)),
        ],
        outcome.Reasoning,

        // The reference says here whether a platform has shown the answer already while it was written: nobody has.
        ResponsePreviewed: false,
        new SessionChatUsage(outcome.InputTokens, outcome.OutputTokens, outcome.TotalTokens));

    /// <summary>The events that say what happened next in the run, without those that the reader has.</summary>
    public IEnumerable<ServerEvent> Next(ChatEvent happened) =>
        from told in Tell(happened)
        let number = ++_number
        where number > after
        select new ServerEvent(told.Data, told.Name, number.ToString(CultureInfo.InvariantCulture));

    private IEnumerable<(string Name, RunEvent Data)> Tell(ChatEvent happened)
    {
        var (session, id) = (run.SessionId, run.Id);
        switch (happened)
        {
            case TurnStarted started:
                _hasBegun = true;

                // The id is a text, as every message's is in these events.
                var user = new EventMessage(started.UserMessageId.ToString(CultureInfo.InvariantCulture), "user", run.UserText);
                yield return ("session.created", new SessionCreatedEvent(run.SessionTitle) { SessionId = session, RunId = id });
                yield return ("run.started", new RunStartedEvent(user) { SessionId = session, RunId = id });
                yield return ("message.started", new MessageStartedEvent(new EventMessage(_messageId, "assistant")) { SessionId = session, RunId = id });
                break;
            case TextDelta delta:
                yield return ("assistant.delta", new AssistantDeltaEvent(_messageId, delta.Text) { SessionId = session, RunId = id });
                break;
            case ToolStarted tool:
                yield return ("tool.started", new ToolStartedEvent(tool.Preview)
                {
                    SessionId = session,
                    RunId = id,
                    ToolCallId = tool.CallId,
                    ToolName = tool.Name,
                    Arguments = Parse(tool.Arguments),
                });
                break;
            case ToolCompleted { HasFailed: true } tool:
                yield return ("tool.failed", new ToolFailedEvent(tool.ResultPreview)
                {
                    SessionId = session,
                    RunId = id,
                    ToolCallId = tool.CallId,
                    ToolName = tool.Name,
                    Arguments = Parse(tool.Arguments),
                });
                break;
            case ToolCompleted tool:
                yield return ("tool.completed", new ToolCompletedEvent(tool.ResultPreview)
                {
                    SessionId = session,
                    RunId = id,
                    ToolCallId = tool.CallId,
                    ToolName = tool.Name,
                    Arguments = Parse(tool.Arguments),
                });
                break;
            case TurnEnded { Outcome: var outcome }:
                // An interrupted turn is no failure: its reader is told what there is of the answer.
                if (outcome.Failure is { } failure && !(outcome.IsInterrupted && _hasBegun))
                {
                    yield return ("error", new RunFailedEvent(failure.Message, failure.Code) { SessionId = session, RunId = id });
                }
                else
                {
                    yield return ("assistant.completed", new AssistantCompletedEvent(
                        _messageId, outcome.Text, outcome.IsCompleted, outcome.IsPartial, outcome.IsInterrupted)
                    { SessionId = session, RunId = id });
                    yield return ("run.completed", new RunCompletedEvent(
                        _messageId, outcome.IsCompleted, outcome.IsPartial, outcome.IsInterrupted, outcome.ModelCalls)
                    { SessionId = session, RunId = id });
                }

                yield return ("done", new RunDoneEvent("final") { SessionId = session, RunId = id });
                break;
        }
    }

    // Arguments of a type without JSON metadata are a text of their own.
    private static JsonElement Parse(string arguments)
    {
        try
        {
            return JsonElement.Parse(arguments);
        }
        catch (JsonException)
        {
            return WireJson.ToElement(arguments);
        }
    }
}
