using Hermes.Core.Sessions;
using Microsoft.Extensions.AI;

namespace Hermes.Core.Chat;

/// <summary>What a client asks of <c>/v1/chat/completions</c>, checked.</summary>
internal sealed record ChatCompletionRequest
{
    /// <summary>The name that an answer goes by where the client gives none.</summary>
    public const string DefaultModel = "hermes-agent";

    /// <summary>The model as asked. It is given back, as in the reference; whether the agent is asked for it is said to <see cref="ToTurn"/>.</summary>
    public string Model { get; init; } = DefaultModel;

    /// <summary>Whether the answer is to be streamed.</summary>
    public bool Stream { get; init; }

    /// <summary>The system messages, wherever they stand.</summary>
    public required IReadOnlyList<string> System { get; init; }

    /// <summary>What stands before the last user message.</summary>
    public required IReadOnlyList<NewMessage> History { get; init; }

    /// <summary>The last user message.</summary>
    public required NewMessage User { get; init; }

    /// <summary>The text of the last user message alone.</summary>
    public string UserText => User.Content ?? (User.ContentParts is { } parts ? ChatRequestJson.TextOf(parts) : "");

    /// <summary>What stands behind the last user message.</summary>
    public required IReadOnlyList<NewMessage> Following { get; init; }

    /// <summary>Settings for the model.</summary>
    public required ChatOptions Options { get; init; }

    /// <summary>Makes the turn of it.</summary>
    /// <param name="sessionId">The session to continue, whose stored messages count instead of those in the body; null for a new one.</param>
    /// <param name="model">The model to ask for; null for the session's, or the agent's own.</param>
    public ChatTurnRequest ToTurn(string? sessionId, string? model = null) => new()
    {
        SessionId = sessionId,
        System = System,
        History = sessionId is null ? History : null,
        User = User,
        Following = sessionId is null ? Following : [],
        Options = With(model),
    };

    private ChatOptions With(string? model)
    {
        var options = Options.Clone();
        options.ModelId = model;
        return options;
    }
}
