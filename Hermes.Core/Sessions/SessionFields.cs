namespace Hermes.Core.Sessions;

/// <summary>What the JSON of a session is made of, wherever it comes from.</summary>
internal interface ISessionFields
{
    FieldValue Id { get; }

    FieldValue Source { get; }

    FieldValue UserId { get; }

    FieldValue Model { get; }

    FieldValue Title { get; }

    double StartedAt { get; }

    double? EndedAt { get; }

    FieldValue EndReason { get; }

    long MessageCount { get; }

    long ToolCallCount { get; }

    long InputTokens { get; }

    long OutputTokens { get; }

    double LastActive { get; }

    FieldValue ParentSessionId { get; }

    FieldValue Preview { get; }

    /// <summary>Null where the conversation has one session alone.</summary>
    FieldValue TipId { get; }

    /// <summary>Null where the conversation has one session alone.</summary>
    FieldValue LineageRootId { get; }

    /// <summary>Null, like the three that follow, where the store cannot keep it.</summary>
    bool? Pinned { get; }

    bool? Archived { get; }

    bool? Hidden { get; }

    bool? Unread { get; }
}

/// <summary>The fields of a typed session.</summary>
internal readonly ref struct TypedSessionFields(Session session) : ISessionFields
{
    private readonly Session _session = session;

    public FieldValue Id => FieldValue.Text(_session.Id);

    public FieldValue Source => FieldValue.Text(_session.Source);

    public FieldValue UserId => FieldValue.Text(_session.UserId);

    public FieldValue Model => FieldValue.Text(_session.Model);

    public FieldValue Title => FieldValue.Text(_session.Title);

    public double StartedAt => UnixTime.ToSeconds(_session.StartedAt);

    public double? EndedAt => _session.EndedAt is { } time ? UnixTime.ToSeconds(time) : null;

    public FieldValue EndReason => FieldValue.Text(_session.EndReason);

    public long MessageCount => _session.MessageCount;

    public long ToolCallCount => _session.ToolCallCount;

    public long InputTokens => _session.InputTokens;

    public long OutputTokens => _session.OutputTokens;

    public double LastActive => UnixTime.ToSeconds(_session.LastActive);

    public FieldValue ParentSessionId => FieldValue.Text(_session.ParentSessionId);

    public FieldValue Preview => FieldValue.Text(_session.Preview);

    public FieldValue TipId => FieldValue.Text(_session.TipId);

    public FieldValue LineageRootId => FieldValue.Text(_session.LineageRootId);

    public bool? Pinned => _session.Pinned;

    public bool? Archived => _session.Archived;

    public bool? Hidden => _session.Hidden;

    public bool? Unread => _session.Unread;
}
