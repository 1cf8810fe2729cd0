using Hermes.Core.Chat;
using Hermes.Core.Http.OpenAI;
using Hermes.Core.Http.Wire;
using static Hermes.Core.Chat.ChatEvent;
using static Hermes.Core.Http.Wire.ChatWire;
using static Hermes.Core.Http.Wire.SessionChatWire;

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
        ("tool.failed", typeof(ToolFailedEvent)), ("assistant.completed", typeof(AssistantCompletedEvent)), ("run.completed", typeof(RunCompletedEvent)),
        ("error", typeof(RunFailedEvent)), ("done", typeof(RunDoneEvent)),
    ];

    private readonly string _messageId = string.Concat("msg_", run.Id.AsSpan("run_".Length));
    private long _number;
    private bool _hasBegun;

    /// <summary>Whether the run is over and a reader with the event of this number has all of them.</summary>
    public static bool IsAllRead(ChatRun run, long after)
    {
        if (!run.Completion.IsCompleted) return false;

        var events = new SessionChatEvents(run, after);
        for (var number = 0; run.Log.TryGet(number, out var happened); number++)
        {
            if (events.Next(happened).Any()) return false;
        }

        return true;
    }

    /// <summary>The whole answer of a run; <paramref name="model"/> is the model's name where it did not say its own.</summary>
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
        select new ServerEvent(
            told.Data with { SessionId = run.SessionId, RunId = run.Id }, told.Name, number.ToString(CultureInfo.InvariantCulture));

    private IEnumerable<(string Name, RunEvent Data)> Tell(ChatEvent happened)
    {
        switch (happened)
        {
            case TurnStarted started:
                _hasBegun = true;

                // The id is a text, as every message's is in these events.
                var userMessageId = started.UserMessageId.ToString(CultureInfo.InvariantCulture);
                yield return ("session.created", new SessionCreatedEvent(run.SessionTitle));
                yield return ("run.started", new RunStartedEvent(new EventMessage(userMessageId, "user", run.UserText)));
                yield return ("message.started", new MessageStartedEvent(new EventMessage(_messageId, "assistant")));
                break;
            case TextDelta delta:
                yield return ("assistant.delta", new AssistantDeltaEvent(_messageId, delta.Text));
                break;
            case ToolStarted tool:
                yield return ("tool.started", new ToolStartedEvent(tool.CallId, tool.Name, Parse(tool.Arguments), tool.Preview));
                break;
            case ToolCompleted { HasFailed: true } tool:
                yield return ("tool.failed", new ToolFailedEvent(tool.CallId, tool.Name, Parse(tool.Arguments), tool.ResultPreview));
                break;
            case ToolCompleted tool:
                yield return ("tool.completed", new ToolCompletedEvent(tool.CallId, tool.Name, Parse(tool.Arguments), tool.ResultPreview));
                break;

            // An interrupted turn is no failure: its reader is told what there is of the answer.
            case TurnEnded { Outcome: { Failure: { } failure } outcome } when !(outcome.IsInterrupted && _hasBegun):
                yield return ("error", new RunFailedEvent(failure.Message, failure.Code));
                yield return ("done", new RunDoneEvent("final"));
                break;
            case TurnEnded { Outcome: var outcome }:
                var (isCompleted, isPartial, isInterrupted) = (outcome.IsCompleted, outcome.IsPartial, outcome.IsInterrupted);
                yield return ("assistant.completed", new AssistantCompletedEvent(_messageId, outcome.Text, isCompleted, isPartial, isInterrupted));
                yield return ("run.completed", new RunCompletedEvent(_messageId, isCompleted, isPartial, isInterrupted, outcome.ModelCalls));
                yield return ("done", new RunDoneEvent("final"));
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
