namespace Hermes.Core.Chat;

/// <summary>How chat behaves: section <c>Hermes:Chat</c>.</summary>
public sealed class HermesChatOptions
{
    /// <summary>What becomes of a turn whose client goes away.</summary>
    public ChatDisconnect OnDisconnect { get; set; } = ChatDisconnect.Interrupt;

    /// <summary>How long turns in flight may run on when the application stops; then they are interrupted and what they said is stored.</summary>
    /// <remarks>It counts towards the host's own shutdown timeout (30 s by default): keep it below that.</remarks>
    public TimeSpan ShutdownGrace { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>What becomes of a turn whose client goes away.</summary>
public enum ChatDisconnect
{
    /// <summary>The provider call is cancelled; what was said so far is stored, marked as interrupted.</summary>
    Interrupt,

    /// <summary>The turn runs on without its client, and its answer is stored.</summary>
    Finish,
}
