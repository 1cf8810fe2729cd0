namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The row that <see cref="SessionSql.Session"/> gives: the one place that says which column is which field.</summary>
/// <remarks>Values of any type may stand in any column. A count that is null is 0; a time that is no number is none, or 1970.</remarks>
internal readonly ref struct SessionRow(Statement row, ReadOnlySpan<byte> preview, SessionLineage lineage) : ISessionFields
{
    /// <summary>The column that says whether the session may be one of several of a conversation.</summary>
    public const int MayBePart = 18;

    private readonly Statement _row = row;
    private readonly ReadOnlySpan<byte> _preview = preview;
    private readonly SessionLineage _lineage = lineage;

    public static string[] Columns { get; } =
    [
        "id", "source", "user_id", "model", "title", "started_at", "ended_at", "end_reason", "message_count", "tool_call_count",
        "input_tokens", "output_tokens", "parent_session_id",
    ];

    /// <summary>The columns of flags. A conversation has those of its first session, and of its last.</summary>
    public static string[] Flags { get; } = ["pinned", "archived", "hidden"];

    /// <summary>What a conversation has of its last session. The rest is of the first.</summary>
    public static string[] OfLast { get; } = ["model", "title", "ended_at", "end_reason"];

    /// <summary>What is added up over the sessions of a conversation.</summary>
    public static string[] Counts { get; } = ["message_count", "tool_call_count", "input_tokens", "output_tokens"];

    public FieldValue Id => FieldValue.Utf8Text(_row.Utf8(0));

    public FieldValue Source => FieldValue.Utf8Text(_row.Utf8(1));

    public FieldValue UserId => _row.Text(2);

    public FieldValue Model => _row.Text(3);

    public FieldValue Title => _row.Text(4);

    public double StartedAt => _row.IsNumber(5) ? _row.Double(5) : 0;

    public double? EndedAt => _row.IsNumber(6) ? _row.Double(6) : null;

    public FieldValue EndReason => _row.Text(7);

    public long MessageCount => _row.Int64(8);

    public long ToolCallCount => _row.Int64(9);

    public long InputTokens => _row.Int64(10);

    public long OutputTokens => _row.Int64(11);

    public FieldValue ParentSessionId => _row.Text(12);

    public double LastActive => _row.IsNumber(17) ? _row.Double(17) : StartedAt;

    public FieldValue Preview => FieldValue.Utf8Text(_preview);

    public FieldValue TipId => _lineage.Text(_lineage.Last);

    public FieldValue LineageRootId => _lineage.Text(_lineage.First);

    public bool? Pinned => Flag(13);

    public bool? Archived => Flag(14);

    public bool? Hidden => Flag(15);

    public bool? Unread => _row.IsNull(16) ? null : _row.IsNumber(16) && LastActive > _row.Double(16);

    public Session ToSession() => new()
    {
        Id = Id.AsText()!,
        Source = Source.AsText()!,
        UserId = UserId.AsText(),
        Model = Model.AsText(),
        Title = Title.AsText(),
        StartedAt = UnixTime.FromSeconds(StartedAt),
        EndedAt = EndedAt is { } endedAt ? UnixTime.FromSeconds(endedAt) : null,
        EndReason = EndReason.AsText(),
        MessageCount = MessageCount,
        ToolCallCount = ToolCallCount,
        InputTokens = InputTokens,
        OutputTokens = OutputTokens,
        LastActive = UnixTime.FromSeconds(LastActive),
        ParentSessionId = ParentSessionId.AsText(),
        Preview = Preview.AsText()!,
        TipId = TipId.AsText(),
        LineageRootId = LineageRootId.AsText(),
        Pinned = Pinned,
        Archived = Archived,
        Hidden = Hidden,
        Unread = Unread,
    };

    private bool? Flag(int column) => _row.IsNull(column) ? null : _row.Int64(column) != 0;
}

/// <summary>The ids of a conversation's first and last session; none where it has one session alone.</summary>
internal readonly ref struct SessionLineage(ReadOnlySpan<byte> first, ReadOnlySpan<byte> last)
{
    private readonly bool _isSome = true;

    public ReadOnlySpan<byte> First { get; } = first;

    public ReadOnlySpan<byte> Last { get; } = last;

    public FieldValue Text(ReadOnlySpan<byte> id) => _isSome ? FieldValue.Utf8Text(id) : default;
}
