namespace Hermes.Core.Sessions;

/// <summary>One conversation, as the home stores it.</summary>
/// <remarks>A snapshot: it does not change when the store does. Immutable.</remarks>
public sealed record Session
{
    /// <summary>1 to 256 characters without control characters; unique in a home.</summary>
    public required string Id { get; init; }

    /// <summary>Which surface began it: <c>cli</c>, <c>telegram</c>, <c>api_server</c>, ….</summary>
    public required string Source { get; init; }

    /// <summary>Whom the surface knew the user as; null where it has no users.</summary>
    public string? UserId { get; init; }

    /// <summary>The model of the first turn, or the one that was chosen since; null before there was one.</summary>
    public string? Model { get; init; }

    /// <summary>The title, unique in a home; null where none was given.</summary>
    public string? Title { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was ended; null while it is open.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it was ended, for example <c>user_exit</c> or <c>compression</c>; null while it is open.</summary>
    public string? EndReason { get; init; }

    /// <summary>How many messages it has, as counted by its writers.</summary>
    public long MessageCount { get; init; }

    /// <summary>How many tools were called, as counted by its writers.</summary>
    public long ToolCallCount { get; init; }

    /// <summary>Tokens sent to models.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens received from models.</summary>
    public long OutputTokens { get; init; }

    /// <summary>The time of the newest message, else <see cref="StartedAt"/>.</summary>
    public required DateTimeOffset LastActive { get; init; }

    /// <summary>The session that this one continues or was started by; null for a session of its own.</summary>
    public string? ParentSessionId { get; init; }

    /// <summary>The first user message in one line of at most 60 characters and <c>...</c>; empty where there is none.</summary>
    public string Preview { get; init; } = "";

    /// <summary>The id of the conversation's last session, which takes its messages; null where the conversation has one session alone.</summary>
    /// <remarks>An agent that runs out of the model's context closes a session and goes on in another. To people that is one conversation.</remarks>
    public string? TipId { get; init; }

    /// <summary>The id of the conversation's first session; null where the conversation has one session alone.</summary>
    public string? LineageRootId { get; init; }

    /// <summary>Whether it is pinned; null where the store cannot keep that.</summary>
    public bool? Pinned { get; init; }

    /// <summary>Whether it is put away; null where the store cannot keep that.</summary>
    public bool? Archived { get; init; }

    /// <summary>Whether it is in no list; null where the store cannot keep that.</summary>
    public bool? Hidden { get; init; }

    /// <summary>Whether it was active since it was read last; what nobody has marked counts as read. Null where the store cannot keep that.</summary>
    public bool? Unread { get; init; }

    /// <summary>The stored system prompt; null where there is none, and in the pages of <see cref="SessionStore.ListAsync"/>, which would be large with it.</summary>
    /// <remarks>For code: the HTTP API does not show it. Sessions of the Python agent have the prompt that it assembled, with the names of its tools.</remarks>
    public string? SystemPrompt { get; init; }

    /// <summary>
    /// Whether <see cref="SystemPrompt"/> was given through this API, and not assembled by the Python agent: then the session's turns here
    /// begin with it. A store of one's own says so where it keeps prompts.
    /// </summary>
    public bool HasApiSystemPrompt { get; init; }

    /// <summary>The model that the turns of this API ask for, as <see cref="SessionChange.Model"/> chose it; null for the agent's own. Null in lists, too.</summary>
    public string? ChosenModel { get; init; }

    /// <summary>
    /// What the model used in the last turn; null where that is not known: before the first turn, where the provider does not count, or where another
    /// process, as the Python agent, has answered since. Null in lists, too.
    /// </summary>
    public TurnUsage? LastTurn { get; init; }
}
