using System.Threading.RateLimiting;
using Hermes.Core.Sessions;
using Microsoft.Extensions.AI;

namespace Hermes.Core.Chat;

/// <summary>What a turn is to do, whichever wire format asked for it.</summary>
internal sealed record ChatTurnRequest
{
    public required NewMessage User { get; init; }
    public string? SessionTitle { get; init; }
    public ChatOptions Options { get; init; } = new();
    /// <summary>The session to continue. Null begins a new one.</summary>
    public string? SessionId { get; init; }
    /// <summary>Whether a session that does not exist is created; else the turn fails.</summary>
    public bool CreateSession { get; init; } = true;
    /// <summary>Who asks, and may ask for the run again.</summary>
    public string Owner { get; init; } = "";
    /// <summary>System messages for this turn alone; they are not stored.</summary>
    public IReadOnlyList<string> System { get; init; } = [];
    /// <summary>What was said before. The model sees it; it is not stored, as it did not happen here. Null for the session's stored messages.</summary>
    public IReadOnlyList<NewMessage>? History { get; init; }
    /// <summary>The text of the user's message, without its attachments.</summary>
    public string UserText { get; init; } = "";
    /// <summary>With <see cref="History"/>: what follows the user's message, such as the beginning of an answer. Not stored either.</summary>
    public IReadOnlyList<NewMessage> Following { get; init; } = [];
    /// <summary>The turn's place among those that there may be at once, which it gives back at its end; null where nobody counts.</summary>
    public RateLimitLease? Place { get; init; }
    /// <summary>The model to ask for; null for the session's, or the agent's own.</summary>
    public string? Model { get; init; }
}
