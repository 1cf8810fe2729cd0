using Hermes.Core.Sessions;
using Microsoft.Extensions.AI;

namespace Hermes.Core.Chat;

/// <summary>What a client asks of <c>/api/sessions/{id}/chat</c>, checked.</summary>
internal sealed record SessionChatRequest
{
    /// <summary>The message, with its attachments.</summary>
    public required NewMessage User { get; init; }

    /// <summary>The message's text alone.</summary>
    public required string Text { get; init; }

    /// <summary>A system message for this turn; null for none.</summary>
    public string? System { get; init; }

    /// <summary>The model that is to answer; null for the agent's own.</summary>
    public string? Model { get; init; }

    /// <summary>Makes the turn of it, in a session that has to exist.</summary>
    public ChatTurnRequest ToTurn(string sessionId) => new()
    {
        SessionId = sessionId,
        CreateSession = false,
        System = System is null ? [] : [System],
        User = User,
        Options = new ChatOptions { ModelId = Model },
    };
}
