namespace Hermes.Core.Sessions;

/// <summary>The fields of a message that only newer agents store.</summary>
[Flags]
internal enum OptionalMessageFields
{
    None = 0,
    ReasoningContent = 1,
    CodexMessageItems = 2,
    PlatformMessageId = 4,
    Observed = 8,
}

/// <summary>What the JSON of a message is made of, wherever it comes from.</summary>
internal interface IMessageFields
{
    long Id { get; }

    FieldValue SessionId { get; }

    FieldValue Role { get; }

    FieldValue Content { get; }

    FieldValue ToolCallId { get; }

    FieldValue ToolCalls { get; }

    FieldValue ToolName { get; }

    double Timestamp { get; }

    long? TokenCount { get; }

    FieldValue FinishReason { get; }

    FieldValue Reasoning { get; }

    FieldValue ReasoningDetails { get; }

    FieldValue CodexReasoningItems { get; }

    /// <summary>Which of the fields below are written.</summary>
    OptionalMessageFields Present { get; }

    FieldValue ReasoningContent { get; }

    FieldValue CodexMessageItems { get; }

    FieldValue PlatformMessageId { get; }

    long? Observed { get; }
}

/// <summary>The fields of a typed message. Of the optional ones those are present that are not null.</summary>
internal readonly ref struct TypedMessageFields(Message message) : IMessageFields
{
    private readonly Message _message = message;

    public long Id => _message.Id;

    public FieldValue SessionId => FieldValue.Text(_message.SessionId);

    public FieldValue Role => FieldValue.Text(_message.Role);

    public FieldValue Content =>
        _message.ContentParts is { } parts ? FieldValue.Element(parts) : FieldValue.Text(_message.Content);

    public FieldValue ToolCallId => FieldValue.Text(_message.ToolCallId);

    public FieldValue ToolCalls => FieldValue.Element(_message.ToolCalls);

    public FieldValue ToolName => FieldValue.Text(_message.ToolName);

    public double Timestamp => UnixTime.ToSeconds(_message.Timestamp);

    public long? TokenCount => _message.TokenCount;

    public FieldValue FinishReason => FieldValue.Text(_message.FinishReason);

    public FieldValue Reasoning => FieldValue.Text(_message.Reasoning);

    public FieldValue ReasoningDetails => FieldValue.Text(_message.ReasoningDetails);

    public FieldValue CodexReasoningItems => FieldValue.Text(_message.CodexReasoningItems);

    public OptionalMessageFields Present =>
        (_message.ReasoningContent is null ? 0 : OptionalMessageFields.ReasoningContent)
        | (_message.CodexMessageItems is null ? 0 : OptionalMessageFields.CodexMessageItems)
        | (_message.PlatformMessageId is null ? 0 : OptionalMessageFields.PlatformMessageId)
        | (_message.Observed is null ? 0 : OptionalMessageFields.Observed);

    public FieldValue ReasoningContent => FieldValue.Text(_message.ReasoningContent);

    public FieldValue CodexMessageItems => FieldValue.Text(_message.CodexMessageItems);

    public FieldValue PlatformMessageId => FieldValue.Text(_message.PlatformMessageId);

    public long? Observed => _message.Observed;
}
