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

    /// <summary>The model as asked, which is given back; null for none. Whether the agent is asked for it is said to <see cref="ToTurn"/>.</summary>
    public string? Model { get; init; }

    /// <summary>Makes the turn of it, in a session that has to exist.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="model">The model to ask for; null for the session's, or the agent's own.</param>
    public ChatTurnRequest ToTurn(string sessionId, string? model = null) => new()
    {
        SessionId = sessionId,
        CreateSession = false,
        System = System is null ? [] : [System],
        User = User,
        Options = new ChatOptions { ModelId = model },
    };
}
