namespace Hermes.Core.Chat;

/// <summary>How chat behaves: section <c>Hermes:Chat</c>.</summary>
public sealed class HermesChatOptions
{
    /// <summary>What becomes of a turn whose client goes away.</summary>
    public ChatDisconnect OnDisconnect { get; set; } = ChatDisconnect.Interrupt;

    /// <summary>For <see cref="ChatDisconnect.Interrupt"/>: how long the turn of a session's chat stream runs on for a client that may resume the
    /// stream at <c>/v1/runs/{run_id}/events</c>. The session's next turn ends it as well. 0 interrupts it at once.</summary>
    /// <remarks>Answers that nobody can resume, plain ones and those of <c>/v1/chat/completions</c>, have no such period.</remarks>
    public TimeSpan DisconnectGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long turns in flight may run on when the application stops; then they are interrupted and what they said is stored.</summary>
    /// <remarks>It counts towards the host's own shutdown timeout (30 s by default): keep it below that.</remarks>
    public TimeSpan ShutdownGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many turns may run or wait at once; one more is answered 429 with <c>Retry-After: 1</c>, its body unread. Null is no limit.</summary>
    public int? MaxConcurrentTurns { get; set; }

    /// <summary>How long a turn waits while another process answers in its conversation; then it fails with 409, unstored. 0 does not wait.</summary>
    public TimeSpan LeaseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether clients choose the model: <c>model</c> of a body for its turn, <c>POST /api/sessions/{id}/model</c> for the session's turns
    /// that follow. The agent is asked for it as <c>ChatOptions.ModelId</c>. False: what a body names is given back and decides nothing.</summary>
    /// <remarks>Who pays for the provider may not want every holder of the key to choose its dearest model.</remarks>
    public bool AllowModelChoice { get; set; }

    /// <summary>How long the model may say nothing within one call of it, from one second to one day; then the turn fails with 504, and
    /// what was said so far is stored. The time that tools take does not count.</summary>
    public TimeSpan ModelTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many characters (UTF-16) of text, reasoning and arguments of tool calls a turn may have. What is longer is cut, the
    /// model is stopped, and the turn ends with the finish reason <c>length</c>.</summary>
    public int MaxAnswerLength { get; set; } = 4_000_000;

    /// <summary>How many bytes of memory the events of a turn may take; then it ends with the finish reason <c>length</c>. Each piece of the
    /// model's stream counts with 128 bytes and its text, so 16 MB are about 120,000 words. At least 16 KiB.</summary>
    public long MaxRunBytes { get; set; } = 16 * 1024 * 1024;
}

/// <summary>What becomes of a turn whose client goes away.</summary>
public enum ChatDisconnect
{
    /// <summary>The provider call is cancelled; what was said so far is stored, marked as interrupted.</summary>
    Interrupt,
    /// <summary>The turn runs on without its client, and its answer is stored.</summary>
    Finish,
}
