namespace Hermes.Core.Sessions;

/// <summary>A row of a list of sessions, see <see cref="Session"/>, as a store reads it: texts as UTF-8, times in Unix seconds.</summary>
internal readonly ref struct SessionRow
{
    public FieldValue Id { get; init; }
    public FieldValue Source { get; init; }
    public FieldValue UserId { get; init; }
    public FieldValue Model { get; init; }
    public FieldValue Title { get; init; }
    public double StartedAt { get; init; }
    public double? EndedAt { get; init; }
    public FieldValue EndReason { get; init; }
    public long MessageCount { get; init; }
    public long ToolCallCount { get; init; }
    public long InputTokens { get; init; }
    public long OutputTokens { get; init; }
    public double LastActive { get; init; }
    public FieldValue ParentSessionId { get; init; }
    public FieldValue Preview { get; init; }

    /// <summary>Null, like the next, where the conversation has one session alone.</summary>
    public FieldValue TipId { get; init; }
    public FieldValue LineageRootId { get; init; }

    /// <summary>Null, like the three that follow, where the store cannot keep it.</summary>
    public bool? Pinned { get; init; }
    public bool? Archived { get; init; }
    public bool? Hidden { get; init; }
    public bool? Unread { get; init; }

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
}
