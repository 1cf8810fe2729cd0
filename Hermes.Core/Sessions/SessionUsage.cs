namespace Hermes.Core.Sessions;

/// <summary>What a turn adds to its session beside messages, in the same transaction.</summary>
/// <param name="InputTokens">Tokens sent to the model, added to the session's count.</param>
/// <param name="OutputTokens">Tokens received from it, added to the session's count.</param>
/// <param name="Model">The model that answered; stored where the session has none yet. Null leaves the session's as it is.</param>
public sealed record SessionUsage(long InputTokens, long OutputTokens, string? Model = null)
{
    /// <summary>
    /// Tokens of the turn's last call of the model alone, its prompt and its answer: how much of the model's context the conversation takes by now. Null or 0
    /// where that is not known. A store that keeps it gives it back as <see cref="Session.LastTurn"/>.
    /// </summary>
    public long? ContextTokens { get; init; }
}

/// <summary>What the model used in a turn.</summary>
/// <param name="Model">The model that answered, as it calls itself; null where it did not say.</param>
/// <param name="ContextTokens">Tokens of the turn's last call of the model, its prompt and its answer; above 0.</param>
public sealed record TurnUsage(string? Model, long ContextTokens);
