namespace Hermes.Core.Sessions;

/// <summary>What a branch starts with beside what it copies. Everything may be left out.</summary>
public sealed record NewFork
{
    /// <summary>The branch's id, by the rules of <see cref="NewSession.Id"/>; no session may have it. Null gives a fresh UUID (version 4).</summary>
    public string? Id { get; init; }

    /// <summary>The branch's title. Null continues the session's: <c>T</c>, <c>T #2</c>, <c>T #3</c>; none where that has none.</summary>
    public string? Title { get; init; }
}
