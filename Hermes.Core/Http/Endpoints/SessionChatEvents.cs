using Hermes.Core.Chat;
using Hermes.Core.Http.OpenAI;
using Hermes.Core.Http.Wire;
using Hermes.Core.Sessions;
using static Hermes.Core.Chat.ChatEvent;
using static Hermes.Core.Http.Wire.ChatWire;

namespace Hermes.Core.Http.Endpoints;

/// <summary>What a run of <c>/api/sessions/{id}/chat</c> says to its client: one object, or the events of a stream.</summary>
/// <remarks>For one reader and one thread. Events are numbered from 1 and the same however often they are written, so a reader can ask for the rest.</remarks>
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
        var events = new SessionChatEvents(run, after);
        var number = 0;
        var isAllRead = run.Completion.IsCompleted;
        while (isAllRead && run.TryGetEvent(number++, out var happened))
            isAllRead = !events.Next(happened).Any();

        return isAllRead;
    }

    /// <summary>The whole answer of a run; <paramref name="model"/> is the model's name where it did not say its own.</summary>
    public static SessionChatAnswer ToAnswer(ChatRun run, ChatOutcome outcome, string? model) => new(
        run.SessionId, run.Id, outcome.Model ?? model ?? ChatCompletionRequest.AgentName, outcome.Text, outcome.IsCompleted, outcome.IsPartial,
        outcome.IsInterrupted, outcome.ModelCalls, [.. outcome.Messages.Select(Show)], outcome.Reasoning, ResponsePreviewed: false,
        new SessionChatUsage(outcome.InputTokens, outcome.OutputTokens, outcome.TotalTokens));

    /// <summary>The events that say what happened next in the run, without those that the reader has.</summary>
    public IEnumerable<ServerEvent> Next(ChatEvent happened) =>
        from told in Tell(happened)
        let number = ++_number
        where number > after
        select new ServerEvent(told.Data with { SessionId = run.SessionId, RunId = run.Id }, told.Name, number.ToString(CultureInfo.InvariantCulture));

    private IEnumerable<(string Name, RunEvent Data)> Tell(ChatEvent happened)
    {
        _hasBegun |= happened is TurnStarted;
        return happened switch
        {
            // The id is a text, as every message's is in these events.
            TurnStarted started =>
            [
                ("session.created", new SessionCreatedEvent(run.SessionTitle)),
                ("run.started", new RunStartedEvent(new(started.UserMessageId.ToString(CultureInfo.InvariantCulture), "user", run.UserText))),
                ("message.started", new MessageStartedEvent(new(_messageId, "assistant"))),
            ],
            TextDelta delta => [("assistant.delta", new AssistantDeltaEvent(_messageId, delta.Text))],
            ToolStarted tool => [("tool.started", new ToolStartedEvent(tool.CallId, tool.Name, Parse(tool.Arguments), tool.Preview))],
            ToolCompleted tool => tool.HasFailed
                ? [("tool.failed", new ToolFailedEvent(tool.CallId, tool.Name, Parse(tool.Arguments), tool.ResultPreview))]
                : [("tool.completed", new ToolCompletedEvent(tool.CallId, tool.Name, Parse(tool.Arguments), tool.ResultPreview))],

            // An interrupted turn is no failure: its reader is told what there is of the answer.
            TurnEnded { Outcome: { Failure: { } failure } outcome } when !(outcome.IsInterrupted && _hasBegun) =>
                [("error", new RunFailedEvent(failure.Message, failure.Code)), ("done", new RunDoneEvent("final"))],
            TurnEnded { Outcome: { IsCompleted: var isCompleted, IsPartial: var isPartial, IsInterrupted: var isInterrupted } outcome } =>
            [
                ("assistant.completed", new AssistantCompletedEvent(_messageId, outcome.Text, isCompleted, isPartial, isInterrupted)),
                ("run.completed", new RunCompletedEvent(_messageId, isCompleted, isPartial, isInterrupted, outcome.ModelCalls)),
                ("done", new RunDoneEvent("final")),
            ],
            _ => [],
        };
    }

    private static TurnMessageObject Show(NewMessage message) => new(
        message.Role, message.ContentParts is { } parts ? parts : message.Content, ToolCallObject.Read(message.ToolCalls),
        message.ToolCallId, message.ToolName, message.FinishReason, message.Reasoning);

    // Arguments of a type without JSON metadata are a text of their own.
    private static JsonElement Parse(string arguments)
    {
        var utf8 = Encoding.UTF8.GetBytes(arguments);
        return StoredJson.IsValid(utf8) ? StoredJson.Parse(utf8) : WireJson.ToElement(arguments);
    }
}
