using Hermes.Core.Sessions;

namespace Hermes.Core.Chat;

/// <summary>How a turn ended.</summary>
/// <param name="Failure">Null for a whole answer. An interrupted turn has <see cref="ChatFailure.Interrupted"/> or <see cref="ChatFailure.Stopped"/>.</param>
/// <param name="Text">The text of the last message: the answer, or as much of it as there was.</param>
/// <param name="Reasoning">The reasoning that led to <paramref name="Text"/>, where the model shows it.</param>
/// <param name="FinishReason">Why the model stopped.</param>
/// <param name="PendingToolCalls">The calls of the last message where nobody ran them, in OpenAI's form; null otherwise.</param>
/// <param name="Model">The model that answered, as it calls itself; null where it did not say.</param>
/// <param name="ModelCalls">How often the model was asked.</param>
/// <param name="InputTokens">Tokens sent, over all calls.</param>
/// <param name="OutputTokens">Tokens received, over all calls.</param>
/// <param name="TotalTokens">All tokens as the provider counts them.</param>
internal sealed record ChatOutcome(
    ChatFailure? Failure = null, string Text = "", string? Reasoning = null, string FinishReason = "stop", JsonElement? PendingToolCalls = null,
    string? Model = null, int ModelCalls = 0, long InputTokens = 0, long OutputTokens = 0, long TotalTokens = 0)
{
    /// <summary>What the turn stored, the user's message included, in order.</summary>
    public IReadOnlyList<NewMessage> Messages { get; init; } = [];
    /// <summary>Whether somebody stopped the turn, as against a provider that failed.</summary>
    public bool IsInterrupted => Failure is { IsInterruption: true };
    /// <summary>Whether all was done that was asked: neither an answer that ran into a limit nor calls that nobody ran are that.</summary>
    public bool IsCompleted => Failure is null && FinishReason is not ("length" or "tool_calls");
    /// <summary>Whether <see cref="Text"/> is a part of an answer.</summary>
    public bool IsPartial => !IsCompleted && Text.Length > 0;

    /// <summary>The outcome of a turn that said nothing.</summary>
    public static ChatOutcome Failed(ChatFailure failure) => new() { Failure = failure, FinishReason = failure.IsInterruption ? "interrupted" : "error" };
}
