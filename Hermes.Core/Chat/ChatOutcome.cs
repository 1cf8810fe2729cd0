using Hermes.Core.Sessions;

namespace Hermes.Core.Chat;

/// <summary>How a turn ended.</summary>
internal sealed record ChatOutcome
{
    /// <summary>The outcome of a turn that said nothing.</summary>
    public static ChatOutcome Failed(ChatFailure failure) => new() { Failure = failure, FinishReason = failure.IsInterruption ? "interrupted" : "error" };

    /// <summary>Null for a whole answer. An interrupted turn has <see cref="ChatFailure.Interrupted"/> or <see cref="ChatFailure.Stopped"/>.</summary>
    public ChatFailure? Failure { get; init; }

    /// <summary>Whether somebody stopped the turn, as against a provider that failed.</summary>
    public bool IsInterrupted => Failure is { IsInterruption: true };

    /// <summary>Whether all was done that was asked: neither an answer that ran into a limit nor calls that nobody ran are that.</summary>
    public bool IsCompleted => Failure is null && FinishReason is not ("length" or "tool_calls");

    /// <summary>Whether <see cref="Text"/> is a part of an answer.</summary>
    public bool IsPartial => !IsCompleted && Text.Length > 0;

    /// <summary>The text of the last message: the answer, or as much of it as there was.</summary>
    public string Text { get; init; } = "";

    /// <summary>The reasoning that led to <see cref="Text"/>, where the model shows it.</summary>
    public string? Reasoning { get; init; }

    /// <summary>Why the model stopped.</summary>
    public string FinishReason { get; init; } = "stop";

    /// <summary>The calls of the last message where nobody ran them, in OpenAI's form; null otherwise.</summary>
    public JsonElement? PendingToolCalls { get; init; }

    /// <summary>The model that answered, as it calls itself; null where it did not say.</summary>
    public string? Model { get; init; }

    /// <summary>How often the model was asked.</summary>
    public int ModelCalls { get; init; }

    // Tokens over all calls: sent, received, and all of them as the provider counts.
    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public long TotalTokens { get; init; }

    /// <summary>What the turn stored, the user's message included, in order.</summary>
    public IReadOnlyList<NewMessage> Messages { get; init; } = [];
}
