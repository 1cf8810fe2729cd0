namespace Hermes.Core.Sessions;

/// <summary>A row of a list of messages, see <see cref="Message"/>, as a store reads it: texts and JSON as UTF-8, times in Unix seconds.</summary>
internal readonly ref struct MessageRow
{
    public long Id { get; init; }
    public FieldValue SessionId { get; init; }
    public FieldValue Role { get; init; }
    public FieldValue Content { get; init; }
    public FieldValue ToolCallId { get; init; }
    public FieldValue ToolCalls { get; init; }
    public FieldValue ToolName { get; init; }
    public double Timestamp { get; init; }
    public long? TokenCount { get; init; }
    public FieldValue FinishReason { get; init; }
    public FieldValue Reasoning { get; init; }
    public FieldValue ReasoningDetails { get; init; }
    public FieldValue CodexReasoningItems { get; init; }

    /// <summary>Missing, like those that follow, where the agent that made the file knew no such thing.</summary>
    public FieldValue ReasoningContent { get; init; }
    public FieldValue CodexMessageItems { get; init; }
    public FieldValue PlatformMessageId { get; init; }
    public bool HasObserved { get; init; }
    public long? Observed { get; init; }

    public Message ToMessage() => new()
    {
        Id = Id,
        SessionId = SessionId.AsText()!,
        Role = Role.AsText()!,
        Content = Content.AsText(),
        ContentParts = Content.IsJson ? Content.AsJson() : null,
        ToolCallId = ToolCallId.AsText(),
        ToolCalls = ToolCalls.AsJson(),
        ToolName = ToolName.AsText(),
        Timestamp = UnixTime.FromSeconds(Timestamp),
        TokenCount = TokenCount,
        FinishReason = FinishReason.AsText(),
        Reasoning = Reasoning.AsText(),
        ReasoningDetails = ReasoningDetails.AsText(),
        CodexReasoningItems = CodexReasoningItems.AsText(),
        ReasoningContent = ReasoningContent.AsText(),
        CodexMessageItems = CodexMessageItems.AsText(),
        PlatformMessageId = PlatformMessageId.AsText(),
        Observed = Observed,
    };
}
