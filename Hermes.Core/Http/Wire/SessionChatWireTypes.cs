using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hermes.Core.Http.Wire;

/// <summary>What a user says in a session: a message, attachments, or both.</summary>
internal sealed record SessionChatBody
{
    /// <summary>A text, or a list of parts of type <c>text</c> or <c>image_url</c>. May be missing where there are attachments.</summary>
    [JsonPropertyName("message")]
    public JsonElement? Message { get; init; }

    /// <summary>The same as <c>message</c>, which wins.</summary>
    [JsonPropertyName("input")]
    public JsonElement? Input { get; init; }

    /// <summary>A system message for this turn; it is not stored.</summary>
    [JsonPropertyName("system_message")]
    public string? SystemMessage { get; init; }

    /// <summary>The same as <c>system_message</c>, which wins.</summary>
    [JsonPropertyName("instructions")]
    public string? Instructions { get; init; }

    /// <summary>Given back in the answer. Where clients may choose, the model to ask for; <c>hermes-agent</c>, or nothing, for the session's, or the agent's own.</summary>
    [JsonPropertyName("model")]
    public string? Model { get; init; }

    /// <summary>Images and texts that go with the message; at most 20.</summary>
    [JsonPropertyName("attachments")]
    public IReadOnlyList<SessionChatAttachment>? Attachments { get; init; }
}

/// <summary>A file that goes with a message.</summary>
internal sealed record SessionChatAttachment
{
    /// <summary>The file's name; the model sees that of a text.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>The media type: <c>image/*</c>, <c>text/*</c> or <c>application/json</c>.</summary>
    [JsonPropertyName("contentType")]
    public required string ContentType { get; init; }

    /// <summary>A text as it is; an image as base64 or as a <c>data:</c> URL.</summary>
    [JsonPropertyName("content")]
    public string? Content { get; init; }

    /// <summary>The file's bytes; wins over <c>content</c>.</summary>
    [JsonPropertyName("base64")]
    public string? Base64 { get; init; }
}

/// <summary>The agent's answer in a session.</summary>
internal sealed record SessionChatAnswer(
    [property: JsonPropertyName("session_id")] string SessionId,
    [property: JsonPropertyName("run_id")] string RunId,
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("final_response")] string FinalResponse,
    [property: JsonPropertyName("completed")] bool Completed,
    [property: JsonPropertyName("partial")] bool Partial,
    [property: JsonPropertyName("interrupted")] bool Interrupted,
    [property: JsonPropertyName("api_calls")] int ApiCalls,
    [property: JsonPropertyName("messages")] IReadOnlyList<TurnMessageObject> Messages,
    [property: JsonPropertyName("last_reasoning")] string? LastReasoning,
    [property: JsonPropertyName("response_previewed")] bool ResponsePreviewed,
    [property: JsonPropertyName("usage")] SessionChatUsage Usage);

/// <summary>What becomes of a run that was to be stopped.</summary>
internal sealed record RunStopped(
    [property: JsonPropertyName("run_id")] string RunId,
    [property: JsonPropertyName("status")] string Status);

/// <summary>A message that a turn added to its session.</summary>
internal sealed record TurnMessageObject
{
    /// <summary><c>user</c>, <c>assistant</c> or <c>tool</c>.</summary>
    [JsonPropertyName("role")]
    public required string Role { get; init; }

    /// <summary>The text, a list of parts, or null.</summary>
    [JsonPropertyName("content")]
    public required JsonElement? Content { get; init; }

    /// <summary>The calls that an assistant message asks for; missing where there are none.</summary>
    [JsonPropertyName("tool_calls")]
    public IReadOnlyList<ToolCallObject>? ToolCalls { get; init; }

    /// <summary>For role <c>tool</c>: the call that this answers.</summary>
    [JsonPropertyName("tool_call_id")]
    public string? ToolCallId { get; init; }

    /// <summary>For role <c>tool</c>: the tool's name.</summary>
    [JsonPropertyName("tool_name")]
    public string? ToolName { get; init; }

    /// <summary>Why the model stopped.</summary>
    [JsonPropertyName("finish_reason")]
    public string? FinishReason { get; init; }

    /// <summary>The model's reasoning as text.</summary>
    [JsonPropertyName("reasoning")]
    public string? Reasoning { get; init; }
}

/// <summary>Tokens of a turn, over all calls of the model.</summary>
internal sealed record SessionChatUsage(
    [property: JsonPropertyName("input_tokens")] long InputTokens,
    [property: JsonPropertyName("output_tokens")] long OutputTokens,
    [property: JsonPropertyName("total_tokens")] long TotalTokens);
