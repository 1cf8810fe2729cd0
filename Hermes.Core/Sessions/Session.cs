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

    /// <summary>Whether <see cref="SystemPrompt"/> was given through this API, not assembled by the Python agent: then the session's turns here begin with it.</summary>
    /// <remarks>A store of one's own says so where it keeps prompts.</remarks>
    public bool HasApiSystemPrompt { get; init; }
    /// <summary>The model that the turns of this API ask for, as <see cref="SessionChange.Model"/> chose it; null for the agent's own. Null in lists, too.</summary>
    public string? ChosenModel { get; init; }

    /// <summary>What the model used in the last turn. Null in lists, before the first turn, and where it is not known.</summary>
    /// <remarks>It is not known where the provider does not count, or where another process, as the Python agent, has answered since.</remarks>
    public TurnUsage? LastTurn { get; init; }
}

/// <summary>What a session starts with. Everything may be left out.</summary>
public sealed record NewSession
{
    /// <summary>The source of sessions that the HTTP API creates.</summary>
    public const string ApiServerSource = "api_server";

    /// <summary>The id: 1 to 256 characters without control characters; white space around it is removed. Null gives a fresh UUID (version 4).</summary>
    public string? Id { get; init; }
    /// <summary>The title, cleaned by <see cref="SessionTitle"/>; null for none.</summary>
    public string? Title { get; init; }
    /// <summary>The model; null leaves it to the first turn.</summary>
    public string? Model { get; init; }
    /// <summary>Which surface begins it.</summary>
    public string Source { get; init; } = ApiServerSource;

    /// <summary>A session of the conversation that it goes on from, whose last session becomes its parent; null for none. One that does not exist is a <see cref="SessionValidationException"/>.</summary>
    /// <remarks>After a session that was ended with the reason <c>compression</c> the new one continues its conversation, see <see cref="Session.TipId"/>.</remarks>
    public string? ParentSessionId { get; init; }
    /// <summary>The system prompt of its turns; null for none.</summary>
    public string? SystemPrompt { get; init; }
}

/// <summary>What a branch starts with beside what it copies. Everything may be left out.</summary>
public sealed record NewFork
{
    /// <summary>The branch's id, by the rules of <see cref="NewSession.Id"/>; no session may have it. Null gives a fresh UUID (version 4).</summary>
    public string? Id { get; init; }
    /// <summary>The branch's title. Null continues the session's: <c>T</c>, <c>T #2</c>, <c>T #3</c>; none where that has none.</summary>
    public string? Title { get; init; }
}

/// <summary>What is to change in a session. What is null stays as it is; what is empty is taken away.</summary>
public sealed record SessionChange
{
    /// <summary>The title, cleaned by <see cref="SessionTitle"/>; one that cleans to nothing clears it.</summary>
    public string? Title { get; init; }
    /// <summary>The system prompt of the turns to come; empty for none.</summary>
    public string? SystemPrompt { get; init; }
    /// <summary>Why the session is ended. It ends now; one that has ended keeps its time and takes the new reason. Empty opens it again.</summary>
    public string? EndReason { get; init; }
    /// <summary>The model that the turns to come ask for; empty for the agent's own again. Turns that run go on as they are.</summary>
    public string? Model { get; init; }

    /// <summary>Pins the conversation, all of its sessions, or unpins it. What is pinned is not hidden, unless <see cref="Hidden"/> says so as well.</summary>
    /// <remarks>This, the three that follow and the model are no change of what was said: they are made also while another process answers
    /// in the conversation. Where the store cannot keep one, giving it is a <see cref="SessionValidationException"/>.</remarks>
    public bool? Pinned { get; init; }
    /// <summary>Puts the conversation away, all of its sessions, or back.</summary>
    public bool? Archived { get; init; }
    /// <summary>Takes the conversation out of all lists, all of its sessions, or puts it back.</summary>
    public bool? Hidden { get; init; }
    /// <summary>False: the conversation is read up to now. True: it is unread.</summary>
    public bool? Unread { get; init; }
}
