using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hermes.Core.Http.Wire;

// The data of server-sent events, for the OpenAPI document. The events themselves are written without them.

/// <summary>What every event of a session's chat says.</summary>
internal abstract record RunEvent
{
    /// <summary>The session.</summary>
    [JsonPropertyName("session_id")]
    public required string SessionId { get; init; }

    /// <summary>The run, which <c>/v1/runs/{run_id}/events</c> takes up again.</summary>
    [JsonPropertyName("run_id")]
    public required string RunId { get; init; }
}

/// <summary>The turn began in this session.</summary>
internal sealed record SessionCreatedEvent : RunEvent
{
    /// <summary>The session's title; null where it has none.</summary>
    [JsonPropertyName("title")]
    public required string? Title { get; init; }
}

/// <summary>The user's message is stored.</summary>
internal sealed record RunStartedEvent : RunEvent
{
    /// <summary>The user's message.</summary>
    [JsonPropertyName("user_message")]
    public required EventMessage UserMessage { get; init; }
}

/// <summary>The answer begins.</summary>
internal sealed record MessageStartedEvent : RunEvent
{
    /// <summary>The message that the deltas to come add up to.</summary>
    [JsonPropertyName("message")]
    public required EventMessage Message { get; init; }
}

/// <summary>A message that an event tells of.</summary>
internal sealed record EventMessage
{
    /// <summary>The message's id within the run's events; of a user's message its number, as text.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary><c>user</c> or <c>assistant</c>.</summary>
    [JsonPropertyName("role")]
    public required string Role { get; init; }

    /// <summary>What the user said; missing for a message that only begins.</summary>
    [JsonPropertyName("content")]
    public string? Content { get; init; }
}

/// <summary>A piece of the answer.</summary>
internal sealed record AssistantDeltaEvent : RunEvent
{
    /// <summary>The message that it belongs to.</summary>
    [JsonPropertyName("message_id")]
    public required string MessageId { get; init; }

    /// <summary>The text.</summary>
    [JsonPropertyName("delta")]
    public required string Delta { get; init; }
}

/// <summary>A tool is called.</summary>
internal sealed record ToolStartedEvent : RunEvent
{
    /// <summary>The call.</summary>
    [JsonPropertyName("tool_call_id")]
    public required string ToolCallId { get; init; }

    /// <summary>The tool.</summary>
    [JsonPropertyName("tool_name")]
    public required string ToolName { get; init; }

    /// <summary>The arguments in a few words.</summary>
    [JsonPropertyName("preview")]
    public required string Preview { get; init; }

    /// <summary>The arguments: an object, or a text where they are none.</summary>
    [JsonPropertyName("args")]
    public required JsonElement Arguments { get; init; }
}

/// <summary>A tool has answered.</summary>
internal sealed record ToolCompletedEvent : RunEvent
{
    /// <summary>The call.</summary>
    [JsonPropertyName("tool_call_id")]
    public required string ToolCallId { get; init; }

    /// <summary>The tool.</summary>
    [JsonPropertyName("tool_name")]
    public required string ToolName { get; init; }

    /// <summary>The arguments: an object, or a text where they are none.</summary>
    [JsonPropertyName("args")]
    public required JsonElement Arguments { get; init; }

    /// <summary>The beginning of what it answered.</summary>
    [JsonPropertyName("result_preview")]
    public required string ResultPreview { get; init; }
}

/// <summary>A tool has failed. The agent goes on.</summary>
internal sealed record ToolFailedEvent : RunEvent
{
    /// <summary>The call.</summary>
    [JsonPropertyName("tool_call_id")]
    public required string ToolCallId { get; init; }

    /// <summary>The tool.</summary>
    [JsonPropertyName("tool_name")]
    public required string ToolName { get; init; }

    /// <summary>The arguments: an object, or a text where they are none.</summary>
    [JsonPropertyName("args")]
    public required JsonElement Arguments { get; init; }

    /// <summary>The beginning of what the model was told of it.</summary>
    [JsonPropertyName("error")]
    public required string Error { get; init; }
}

/// <summary>The answer is whole, or is all that there will be.</summary>
internal sealed record AssistantCompletedEvent : RunEvent
{
    /// <summary>The message.</summary>
    [JsonPropertyName("message_id")]
    public required string MessageId { get; init; }

    /// <summary>The whole text.</summary>
    [JsonPropertyName("content")]
    public required string Content { get; init; }

    /// <summary>Whether the agent came to its end.</summary>
    [JsonPropertyName("completed")]
    public required bool Completed { get; init; }

    /// <summary>Whether the text is a part of an answer.</summary>
    [JsonPropertyName("partial")]
    public required bool Partial { get; init; }

    /// <summary>Whether somebody stopped it.</summary>
    [JsonPropertyName("interrupted")]
    public required bool Interrupted { get; init; }
}

/// <summary>The run is over.</summary>
internal sealed record RunCompletedEvent : RunEvent
{
    /// <summary>The message.</summary>
    [JsonPropertyName("message_id")]
    public required string MessageId { get; init; }

    /// <summary>Whether the agent came to its end.</summary>
    [JsonPropertyName("completed")]
    public required bool Completed { get; init; }

    /// <summary>Whether the text is a part of an answer.</summary>
    [JsonPropertyName("partial")]
    public required bool Partial { get; init; }

    /// <summary>Whether somebody stopped it.</summary>
    [JsonPropertyName("interrupted")]
    public required bool Interrupted { get; init; }

    /// <summary>How often the model was asked.</summary>
    [JsonPropertyName("api_calls")]
    public required int ApiCalls { get; init; }
}

/// <summary>The run failed; <c>done</c> follows.</summary>
internal sealed record RunFailedEvent : RunEvent
{
    /// <summary>What happened and what to do.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }

    /// <summary>A word for programs; null where there is none.</summary>
    [JsonPropertyName("code")]
    public required string? Code { get; init; }
}

/// <summary>Nothing follows.</summary>
internal sealed record RunDoneEvent : RunEvent
{
    /// <summary>Always <c>final</c>.</summary>
    [JsonPropertyName("state")]
    public required string State { get; init; }
}
