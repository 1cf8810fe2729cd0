namespace Hermes.Core.Sessions.Sqlite;

/// <summary>Which column is which field: the one place that says so.</summary>
/// <remarks>Values of any type may stand in any column. A count that is null is 0; a time that is no number is none, or 1970.</remarks>
internal static class Rows
{
    public static readonly string[] SessionColumns =
    [
        "id", "source", "user_id", "model", "title", "started_at", "ended_at", "end_reason", "message_count", "tool_call_count",
        "input_tokens", "output_tokens", "parent_session_id",
    ];

    /// <summary>The flags, which follow the columns. A conversation has those of its first session, and of its last.</summary>
    public static readonly string[] SessionFlags = ["pinned", "archived", "hidden"];

    /// <summary>What a conversation has of its last session. The rest is of the first.</summary>
    public static readonly string[] OfLast = ["model", "title", "ended_at", "end_reason"];

    /// <summary>What is added up over the sessions of a conversation.</summary>
    public static readonly string[] Counts = ["message_count", "tool_call_count", "input_tokens", "output_tokens"];

    public static readonly string[] MessageColumns =
    [
        "id", "session_id", "role", "content", "tool_call_id", "tool_calls", "tool_name", "timestamp", "token_count",
        "finish_reason", "reasoning", "reasoning_details", "codex_reasoning_items", "reasoning_content", "codex_message_items",
        "platform_message_id", "observed",
    ];

    /// <summary>The number of a session's row; on a page the time follows that it is sorted by, and whether it is pinned.</summary>
    public const int Row = 19, SortTime = 20, IsPinned = 21;

    private const int LastRead = 16;
    private const int LastMessage = 17;
    private const int MayBePart = 18;

    /// <summary>Whether the session in the row may be one of several of a conversation.</summary>
    public static bool IsMaybePart(Statement row) => row.Int64(MayBePart) != 0;

    /// <summary>The row that <see cref="SessionSql.Session"/> or <see cref="SessionSql.Conversation"/> gives.</summary>
    public static SessionRow Session(Statement row, FieldValue preview, FieldValue first, FieldValue last)
    {
        var startedAt = Time(row, 5) ?? 0;
        var lastActive = Time(row, LastMessage) ?? startedAt;
        return new SessionRow
        {
            Id = FieldValue.Text(row.Utf8(0)),
            Source = FieldValue.Text(row.Utf8(1)),
            UserId = row.Text(2),
            Model = row.Text(3),
            Title = row.Text(4),
            StartedAt = startedAt,
            EndedAt = Time(row, 6),
            EndReason = row.Text(7),
            MessageCount = row.Int64(8),
            ToolCallCount = row.Int64(9),
            InputTokens = row.Int64(10),
            OutputTokens = row.Int64(11),
            ParentSessionId = row.Text(12),
            LastActive = lastActive,
            Preview = preview,
            TipId = last,
            LineageRootId = first,
            Pinned = Flag(row, 13),
            Archived = Flag(row, 14),
            Hidden = Flag(row, 15),
            Unread = row.IsNull(LastRead) ? null : Time(row, LastRead) is { } read && lastActive > read,
        };
    }

    /// <summary>The row that <see cref="MessageSql.Range"/> and the pages of messages give.</summary>
    public static MessageRow Message(Statement row, DatabaseLayout layout) => new()
    {
        Id = row.Int64(0),
        SessionId = FieldValue.Text(row.Utf8(1)),
        Role = FieldValue.Text(row.Utf8(2)),
        Content = StoredContent.Decode(row.Text(3)),
        ToolCallId = row.Text(4),
        ToolCalls = row.Text(5) is { IsNull: false } calls ? FieldValue.JsonOrText(calls.Utf8) : default,
        ToolName = row.Text(6),
        Timestamp = Time(row, 7) ?? 0,
        TokenCount = Count(row, 8),
        FinishReason = row.Text(9),
        Reasoning = row.Text(10),
        ReasoningDetails = row.Text(11),
        CodexReasoningItems = row.Text(12),
        ReasoningContent = Optional(row, 13, layout),
        CodexMessageItems = Optional(row, 14, layout),
        PlatformMessageId = Optional(row, 15, layout),
        HasObserved = layout.MessageFields[16],
        Observed = Count(row, 16),
    };

    private static double? Time(Statement row, int column) => row.IsNumber(column) ? row.Double(column) : null;

    private static long? Count(Statement row, int column) => row.IsNull(column) ? null : row.Int64(column);

    private static bool? Flag(Statement row, int column) => row.IsNull(column) ? null : row.Int64(column) != 0;

    private static FieldValue Optional(Statement row, int column, DatabaseLayout layout) =>
        layout.MessageFields[column] ? row.Text(column) : FieldValue.Missing;
}
