namespace Hermes.Core.Sessions;

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
