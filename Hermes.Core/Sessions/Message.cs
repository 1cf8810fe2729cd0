namespace Hermes.Core.Sessions;

/// <summary>One stored message of a session.</summary>
/// <remarks>A snapshot: it does not change when the store does. Immutable.</remarks>
public sealed record Message
{
    /// <summary>The row's number: unique in a home, and growing in the order of writing.</summary>
    public required long Id { get; init; }
    /// <summary>The session that it belongs to.</summary>
    public required string SessionId { get; init; }
    /// <summary><c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</summary>
    public required string Role { get; init; }
    /// <summary>The text; null where there is none, or where the content is a list or object (then <see cref="ContentParts"/>).</summary>
    public string? Content { get; init; }
    /// <summary>Content that is a list or object (text and image parts); null where it is plain text.</summary>
    public JsonElement? ContentParts { get; init; }
    /// <summary>For role <c>tool</c>: the id of the call that this answers.</summary>
    public string? ToolCallId { get; init; }
    /// <summary>The calls that an assistant message asks for; a JSON string where the stored text is no JSON.</summary>
    public JsonElement? ToolCalls { get; init; }
    /// <summary>For role <c>tool</c>: the tool's name.</summary>
    public string? ToolName { get; init; }
    /// <summary>When it was said.</summary>
    public required DateTimeOffset Timestamp { get; init; }
    /// <summary>Its length in tokens, where its writer knew.</summary>
    public long? TokenCount { get; init; }
    /// <summary>Why the model stopped: <c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>interrupted</c>, …; null where unknown.</summary>
    public string? FinishReason { get; init; }
    /// <summary>The model's reasoning as text.</summary>
    public string? Reasoning { get; init; }
    /// <summary>The model's reasoning as its provider structures it: JSON text, as it is stored.</summary>
    public string? ReasoningDetails { get; init; }
    /// <summary>Reasoning items of the Codex API: JSON text, as it is stored.</summary>
    public string? CodexReasoningItems { get; init; }
    /// <summary>The reasoning that is handed back to the model; null also where the home's agent does not store it.</summary>
    public string? ReasoningContent { get; init; }
    /// <summary>Message items of the Codex API: JSON text, as it is stored; null also where the home's agent does not store it.</summary>
    public string? CodexMessageItems { get; init; }
    /// <summary>The id that a chat platform gave the message; null also where the home's agent does not store it.</summary>
    public string? PlatformMessageId { get; init; }
    /// <summary>1 for a message that the agent overheard and did not answer; null where the home's agent does not store it.</summary>
    public long? Observed { get; init; }
}

/// <summary>A message to be appended to a session. See <see cref="Message"/> for what each part means.</summary>
public sealed record NewMessage
{
    /// <summary><c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</summary>
    public required string Role { get; init; }
    /// <summary>The text; null where there is none. Give this or <see cref="ContentParts"/>.</summary>
    public string? Content { get; init; }
    /// <summary>A list of parts (text, images), stored as JSON; null for plain text.</summary>
    public JsonElement? ContentParts { get; init; }
    /// <summary>For role <c>tool</c>: the id of the call that this answers.</summary>
    public string? ToolCallId { get; init; }
    /// <summary>The list of calls that an assistant message asks for; its length counts towards <see cref="Session.ToolCallCount"/>.</summary>
    public JsonElement? ToolCalls { get; init; }
    /// <summary>For role <c>tool</c>: the tool's name.</summary>
    public string? ToolName { get; init; }
    /// <summary>When it was said; null is now.</summary>
    public DateTimeOffset? Timestamp { get; init; }
    /// <summary>Its length in tokens, where known.</summary>
    public long? TokenCount { get; init; }
    /// <summary>Why the model stopped; null for messages that no model wrote.</summary>
    public string? FinishReason { get; init; }
    /// <summary>The model's reasoning as text.</summary>
    public string? Reasoning { get; init; }
}

/// <summary>Which messages of a session to read. The default is all of them, oldest first.</summary>
public sealed record MessageQuery
{
    /// <summary>Who is to read them; a person, where nobody says otherwise.</summary>
    public MessageAudience Audience { get; init; }
    /// <summary>How many at most; null for all, below 1 is 1.</summary>
    public int? Limit { get; init; }
    /// <summary>How many to skip from the side that <see cref="Latest"/> names; negative is 0.</summary>
    public long Offset { get; init; }
    /// <summary>Take the page from the newest message backwards. The messages of a page come oldest first either way.</summary>
    public bool Latest { get; init; }
}

/// <summary>Who is to read a conversation's messages: the two get different ones.</summary>
public enum MessageAudience
{
    /// <summary>A person: all that was said, from the beginning, each message once.</summary>
    Person,
    /// <summary>The model: what the next turn goes on from. What was compacted away is not in it, what is hidden from people is.</summary>
    Model,
}
