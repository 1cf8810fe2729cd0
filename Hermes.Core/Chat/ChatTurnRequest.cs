using Hermes.Core.Sessions;
using Microsoft.Extensions.AI;

namespace Hermes.Core.Chat;

/// <summary>What a turn is to do, whichever wire format asked for it.</summary>
internal sealed record ChatTurnRequest
{
    /// <summary>The session to continue: its stored messages are the history. Null begins a new one.</summary>
    public string? SessionId { get; init; }

    /// <summary>System messages for this turn alone; they are not stored.</summary>
    public IReadOnlyList<string> System { get; init; } = [];

    /// <summary>For a new session: what was said before. The model sees it; it is not stored, as it did not happen here.</summary>
    public IReadOnlyList<NewMessage> History { get; init; } = [];

    /// <summary>The user's message.</summary>
    public required NewMessage User { get; init; }

    /// <summary>For a new session: what follows the user's message, such as the beginning of an answer. Not stored either.</summary>
    public IReadOnlyList<NewMessage> Following { get; init; } = [];

    /// <summary>Settings for the model.</summary>
    public ChatOptions Options { get; init; } = new();
}
