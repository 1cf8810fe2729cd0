namespace Hermes.Core.Sessions.Sqlite;

/// <summary>A row of messages: the one place that says which column is which field.</summary>
/// <remarks>Values of any type may stand in any column.</remarks>
internal readonly ref struct MessageRow(Statement row, OptionalMessageFields present) : IMessageFields
{
    private readonly Statement _row = row;

    public static string[] Columns { get; } =
    [
        "id", "session_id", "role", "content", "tool_call_id", "tool_calls", "tool_name", "timestamp", "token_count",
        "finish_reason", "reasoning", "reasoning_details", "codex_reasoning_items", "reasoning_content", "codex_message_items",
        "platform_message_id", "observed",
    ];

    public long Id => _row.Int64(0);

    public FieldValue SessionId => FieldValue.Utf8Text(_row.Utf8(1));

    public FieldValue Role => FieldValue.Utf8Text(_row.Utf8(2));

    public FieldValue Content => StoredContent.Decode(_row.Text(3), _row.Utf8(3));

    public FieldValue ToolCallId => _row.Text(4);

    public FieldValue ToolCalls => _row.IsNull(5) ? default : FieldValue.JsonOrText(_row.Utf8(5));

    public FieldValue ToolName => _row.Text(6);

    public double Timestamp => _row.IsNumber(7) ? _row.Double(7) : 0;

    public long? TokenCount => _row.IsNull(8) ? null : _row.Int64(8);

    public FieldValue FinishReason => _row.Text(9);

    public FieldValue Reasoning => _row.Text(10);

    public FieldValue ReasoningDetails => _row.Text(11);

    public FieldValue CodexReasoningItems => _row.Text(12);

    public OptionalMessageFields Present { get; } = present;

    public FieldValue ReasoningContent => _row.Text(13);

    public FieldValue CodexMessageItems => _row.Text(14);

    public FieldValue PlatformMessageId => _row.Text(15);

    public long? Observed => _row.IsNull(16) ? null : _row.Int64(16);

    public static OptionalMessageFields PresentIn(DatabaseLayout layout) =>
        (layout.HasMessageColumn("reasoning_content") ? OptionalMessageFields.ReasoningContent : 0)
        | (layout.HasMessageColumn("codex_message_items") ? OptionalMessageFields.CodexMessageItems : 0)
        | (layout.HasMessageColumn("platform_message_id") ? OptionalMessageFields.PlatformMessageId : 0)
        | (layout.HasMessageColumn("observed") ? OptionalMessageFields.Observed : 0);

    public Message ToMessage()
    {
        var content = Content;
        return new Message
        {
            Id = Id,
            SessionId = SessionId.AsText()!,
            Role = Role.AsText()!,
            Content = content.AsText(),
            ContentParts = content.AsJsonOnly(),
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
}
