using Hermes.Core.Sessions;

namespace Hermes.Core.Chat;

/// <summary>How a turn ended, and the text of its last message, the answer or as much of it as there was, with the reasoning that led to it.</summary>
/// <remarks>The failure is null for a whole answer, the model where it did not name itself. Calls are those of the last message that nobody ran, in OpenAI's form.</remarks>
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
