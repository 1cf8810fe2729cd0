namespace Hermes.Core.Http.Wire;

/// <summary>The data of events: of runs, and of the change feed.</summary>
internal static class EventWire
{
    /// <summary>What every event of a session's chat says.</summary>
    internal abstract record RunEvent
    {
        /// <summary>The session.</summary>
        [JsonRequired, JsonPropertyOrder(-2)]
        public string SessionId { get; init; } = "";

        /// <summary>The run, whose events <c>/v1/runs/{run_id}/events</c> gives again.</summary>
        [JsonRequired, JsonPropertyOrder(-2)]
        public string RunId { get; init; } = "";
    }

    /// <summary>The turn began in this session.</summary>
    /// <param name="Title">The session's title; null where it has none.</param>
    internal sealed record SessionCreatedEvent(string? Title) : RunEvent;

    /// <summary>The user's message is stored.</summary>
    /// <param name="UserMessage">The user's message.</param>
    internal sealed record RunStartedEvent(EventMessage UserMessage) : RunEvent;

    /// <summary>The answer begins.</summary>
    /// <param name="Message">The message that the deltas to come add up to.</param>
    internal sealed record MessageStartedEvent(EventMessage Message) : RunEvent;

    /// <summary>A message that an event tells of.</summary>
    /// <param name="Id">The message's id within the run's events; of a user's message its number, as text.</param>
    /// <param name="Role"><c>user</c> or <c>assistant</c>.</param>
    /// <param name="Content">What the user said; missing for a message that only begins.</param>
    internal sealed record EventMessage(string Id, string Role, string? Content = null);

    /// <summary>A piece of the answer.</summary>
    /// <param name="MessageId">The message that it belongs to.</param>
    /// <param name="Delta">The text.</param>
    internal sealed record AssistantDeltaEvent(string MessageId, string Delta) : RunEvent;

    /// <summary>What every event of a tool says.</summary>
    /// <param name="ToolCallId">The call.</param>
    /// <param name="ToolName">The tool.</param>
    /// <param name="Arguments">The arguments: an object, or a text where they are none.</param>
    internal abstract record ToolEvent(
        [property: JsonPropertyOrder(-1)] string ToolCallId, [property: JsonPropertyOrder(-1)] string ToolName,
        [property: JsonPropertyName("args"), JsonPropertyOrder(1)] JsonElement Arguments) : RunEvent;

    /// <summary>A tool is called.</summary>
    /// <param name="Preview">The arguments in a few words.</param>
    internal sealed record ToolStartedEvent(string ToolCallId, string ToolName, JsonElement Arguments, string Preview)
        : ToolEvent(ToolCallId, ToolName, Arguments);

    /// <summary>A tool has answered.</summary>
    /// <param name="ResultPreview">The beginning of what it answered.</param>
    internal sealed record ToolCompletedEvent(string ToolCallId, string ToolName, JsonElement Arguments, [property: JsonPropertyOrder(2)] string ResultPreview)
        : ToolEvent(ToolCallId, ToolName, Arguments);

    /// <summary>A tool has failed. The agent goes on.</summary>
    /// <param name="Error">The beginning of what the model was told of it.</param>
    internal sealed record ToolFailedEvent(string ToolCallId, string ToolName, JsonElement Arguments, [property: JsonPropertyOrder(2)] string Error)
        : ToolEvent(ToolCallId, ToolName, Arguments);

    /// <summary>The answer is whole, or is all that there will be.</summary>
    /// <param name="MessageId">The message.</param>
    /// <param name="Content">The whole text.</param>
    /// <param name="Completed">Whether the agent came to its end.</param>
    /// <param name="Partial">Whether the text is a part of an answer.</param>
    /// <param name="Interrupted">Whether somebody stopped it.</param>
    internal sealed record AssistantCompletedEvent(
        string MessageId, string Content, bool Completed, bool Partial, bool Interrupted) : RunEvent;

    /// <summary>The run is over.</summary>
    /// <param name="MessageId">The message.</param>
    /// <param name="Completed">Whether the agent came to its end.</param>
    /// <param name="Partial">Whether the text is a part of an answer.</param>
    /// <param name="Interrupted">Whether somebody stopped it.</param>
    /// <param name="ApiCalls">How often the model was asked.</param>
    internal sealed record RunCompletedEvent(string MessageId, bool Completed, bool Partial, bool Interrupted, int ApiCalls) : RunEvent;

    /// <summary>The run failed; <c>done</c> follows.</summary>
    /// <param name="Message">What happened and what to do.</param>
    /// <param name="Code">A word for programs; null where there is none.</param>
    internal sealed record RunFailedEvent(string Message, string? Code) : RunEvent;

    /// <summary>Nothing follows.</summary>
    /// <param name="State">Always <c>final</c>.</param>
    internal sealed record RunDoneEvent(string State) : RunEvent;

    /// <summary>The data of an event of the change feed.</summary>
    /// <param name="At">When it was told, in Unix seconds.</param>
    internal sealed record ChangeEvent(double At);
}
