namespace Hermes.Core.Http.Wire;

/// <summary>What every event of a session's chat says.</summary>
internal abstract record RunEvent
{
    /// <summary>The session.</summary>
    [JsonPropertyName("session_id")]
    [JsonPropertyOrder(-2)]
    public required string SessionId { get; init; }

    /// <summary>The run, whose events <c>/v1/runs/{run_id}/events</c> gives again.</summary>
    [JsonPropertyName("run_id")]
    [JsonPropertyOrder(-2)]
    public required string RunId { get; init; }
}

/// <summary>The turn began in this session.</summary>
/// <param name="Title">The session's title; null where it has none.</param>
internal sealed record SessionCreatedEvent([property: JsonPropertyName("title")] string? Title) : RunEvent;

/// <summary>The user's message is stored.</summary>
/// <param name="UserMessage">The user's message.</param>
internal sealed record RunStartedEvent([property: JsonPropertyName("user_message")] EventMessage UserMessage) : RunEvent;

/// <summary>The answer begins.</summary>
/// <param name="Message">The message that the deltas to come add up to.</param>
internal sealed record MessageStartedEvent([property: JsonPropertyName("message")] EventMessage Message) : RunEvent;

/// <summary>A message that an event tells of.</summary>
/// <param name="Id">The message's id within the run's events; of a user's message its number, as text.</param>
/// <param name="Role"><c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">What the user said; missing for a message that only begins.</param>
internal sealed record EventMessage(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("role")] string Role,
    [property: JsonPropertyName("content")] string? Content = null);

/// <summary>A piece of the answer.</summary>
/// <param name="MessageId">The message that it belongs to.</param>
/// <param name="Delta">The text.</param>
internal sealed record AssistantDeltaEvent(
    [property: JsonPropertyName("message_id")] string MessageId,
    [property: JsonPropertyName("delta")] string Delta) : RunEvent;

/// <summary>What every event of a tool says.</summary>
internal abstract record ToolEvent : RunEvent
{
    /// <summary>The call.</summary>
    [JsonPropertyName("tool_call_id")]
    [JsonPropertyOrder(-1)]
    public required string ToolCallId { get; init; }

    /// <summary>The tool.</summary>
    [JsonPropertyName("tool_name")]
    [JsonPropertyOrder(-1)]
    public required string ToolName { get; init; }

    /// <summary>The arguments: an object, or a text where they are none.</summary>
    [JsonPropertyName("args")]
    [JsonPropertyOrder(1)]
    public required JsonElement Arguments { get; init; }
}

/// <summary>A tool is called.</summary>
/// <param name="Preview">The arguments in a few words.</param>
internal sealed record ToolStartedEvent([property: JsonPropertyName("preview")] string Preview) : ToolEvent;

/// <summary>A tool has answered.</summary>
/// <param name="ResultPreview">The beginning of what it answered.</param>
internal sealed record ToolCompletedEvent([property: JsonPropertyName("result_preview"), JsonPropertyOrder(2)] string ResultPreview) : ToolEvent;

/// <summary>A tool has failed. The agent goes on.</summary>
/// <param name="Error">The beginning of what the model was told of it.</param>
internal sealed record ToolFailedEvent([property: JsonPropertyName("error"), JsonPropertyOrder(2)] string Error) : ToolEvent;

/// <summary>The answer is whole, or is all that there will be.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="Content">The whole text.</param>
/// <param name="Completed">Whether the agent came to its end.</param>
/// <param name="Partial">Whether the text is a part of an answer.</param>
/// <param name="Interrupted">Whether somebody stopped it.</param>
internal sealed record AssistantCompletedEvent(
    [property: JsonPropertyName("message_id")] string MessageId,
    [property: JsonPropertyName("content")] string Content,
    [property: JsonPropertyName("completed")] bool Completed,
    [property: JsonPropertyName("partial")] bool Partial,
    [property: JsonPropertyName("interrupted")] bool Interrupted) : RunEvent;

/// <summary>The run is over.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="Completed">Whether the agent came to its end.</param>
/// <param name="Partial">Whether the text is a part of an answer.</param>
/// <param name="Interrupted">Whether somebody stopped it.</param>
/// <param name="ApiCalls">How often the model was asked.</param>
internal sealed record RunCompletedEvent(
    [property: JsonPropertyName("message_id")] string MessageId,
    [property: JsonPropertyName("completed")] bool Completed,
    [property: JsonPropertyName("partial")] bool Partial,
    [property: JsonPropertyName("interrupted")] bool Interrupted,
    [property: JsonPropertyName("api_calls")] int ApiCalls) : RunEvent;

/// <summary>The run failed; <c>done</c> follows.</summary>
/// <param name="Message">What happened and what to do.</param>
/// <param name="Code">A word for programs; null where there is none.</param>
internal sealed record RunFailedEvent(
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("code")] string? Code) : RunEvent;

/// <summary>Nothing follows.</summary>
/// <param name="State">Always <c>final</c>.</param>
internal sealed record RunDoneEvent([property: JsonPropertyName("state")] string State) : RunEvent;
