namespace Hermes.Core.Chat;

/// <summary>How chat behaves: section <c>Hermes:Chat</c>.</summary>
public sealed class HermesChatOptions
{
    /// <summary>What becomes of a turn whose client goes away.</summary>
    public ChatDisconnect OnDisconnect { get; set; } = ChatDisconnect.Interrupt;

    /// <summary>
    /// For <see cref="ChatDisconnect.Interrupt"/>: how long the turn of a session's chat stream runs on without its client, which may
    /// take the stream up again at <c>/v1/runs/{run_id}/events</c> meanwhile. 0 interrupts it at once.
    /// </summary>
    /// <remarks>Answers that nobody can take up again, plain ones and those of <c>/v1/chat/completions</c>, have no such period.</remarks>
    public TimeSpan DisconnectGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long turns in flight may run on when the application stops; then they are interrupted and what they said is stored.</summary>
    /// <remarks>It counts towards the host's own shutdown timeout (30 s by default): keep it below that.</remarks>
    public TimeSpan ShutdownGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a turn waits while another process, as the Python agent, answers in the same conversation; then it fails with 409 and nothing
    /// is stored. 0 does not wait.
    /// </summary>
    public TimeSpan LeaseTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>What becomes of a turn whose client goes away.</summary>
public enum ChatDisconnect
{
    /// <summary>The provider call is cancelled; what was said so far is stored, marked as interrupted.</summary>
    Interrupt,

    /// <summary>The turn runs on without its client, and its answer is stored.</summary>
    Finish,
}
