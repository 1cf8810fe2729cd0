namespace Hermes.Core.Sessions;

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
