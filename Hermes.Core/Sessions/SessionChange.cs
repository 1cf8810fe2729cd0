namespace Hermes.Core.Sessions;

/// <summary>What is to change in a session. What is null stays as it is; what is empty is taken away.</summary>
public sealed record SessionChange
{
    /// <summary>The title, cleaned by <see cref="SessionTitle"/>; one that cleans to nothing clears it.</summary>
    public string? Title { get; init; }

    /// <summary>The system prompt of the turns to come; empty for none.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>
    /// Why the session is ended. It ends now; one that has ended keeps its time and takes the new reason. Empty opens it again.
    /// </summary>
    public string? EndReason { get; init; }
}
