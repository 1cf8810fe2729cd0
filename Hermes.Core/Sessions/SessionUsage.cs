namespace Hermes.Core.Sessions;

/// <summary>What a turn adds to its session beside messages, in the same transaction.</summary>
/// <param name="InputTokens">Tokens sent to the model, added to the session's count.</param>
/// <param name="OutputTokens">Tokens received from it, added to the session's count.</param>
/// <param name="Model">The model that answered; stored where the session has none yet. Null leaves the session's as it is.</param>
public sealed record SessionUsage(long InputTokens, long OutputTokens, string? Model = null);
