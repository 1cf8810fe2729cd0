namespace Hermes.Core.Sessions;

/// <summary>What is to change in a session. What is null stays as it is; what is empty is taken away.</summary>
public sealed record SessionChange
{
    /// <summary>The title, cleaned by <see cref="SessionTitle"/>; one that cleans to nothing clears it.</summary>
    public string? Title { get; init; }

    /// <summary>The system prompt of the turns to come; empty for none.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>
    /// Why the session is ended. It ends now; one that has ended keeps its time and takes the new reason. Empty opens it again.
    /// </summary>
    public string? EndReason { get; init; }

    /// <summary>The model that the turns to come ask for; empty for the agent's own again. Turns that run go on as they are.</summary>
    public string? Model { get; init; }

    /// <summary>Pins the conversation, all of its sessions, or unpins it. What is pinned is not hidden, unless <see cref="Hidden"/> says so as well.</summary>
    /// <remarks>
    /// This, the three that follow and the model are no change of what was said: they are made also while another process answers in the conversation.
    /// Where the store cannot keep one, giving it is a <see cref="SessionValidationException"/>.
    /// </remarks>
    public bool? Pinned { get; init; }

    /// <summary>Puts the conversation away, all of its sessions, or back.</summary>
    public bool? Archived { get; init; }

    /// <summary>Takes the conversation out of all lists, all of its sessions, or puts it back.</summary>
    public bool? Hidden { get; init; }

    /// <summary>False: the conversation is read up to now. True: it is unread.</summary>
    public bool? Unread { get; init; }
}
