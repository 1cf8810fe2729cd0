using Hermes.Core.Sessions;

namespace Hermes.Core.Chat;

/// <summary>Why a turn has no whole answer: an HTTP status, words that are fit for a client (nothing of an exception, a provider or a path), and one for programs.</summary>
/// <remarks>What is not transient, clients are told not to ask again, and the message does not ask for it.</remarks>
internal sealed record ChatFailure(int Status, string Message, string Code, TimeSpan? RetryAfter = null, bool IsTransient = true)
{
    private const string TryAgain = "The model provider failed. Your message is stored; try again.";

    public static ChatFailure Interrupted { get; } = new(503, "The turn was interrupted. What was said so far is stored.", "interrupted");
    /// <summary>Somebody asked for the end of the turn: a client that retries on its own must not begin it again.</summary>
    public static ChatFailure Stopped { get; } = new(503, "The turn was stopped. What was said so far is stored.", "stopped", IsTransient: false);
    public static ChatFailure ShuttingDown { get; } = new(503, "The server is shutting down. Try again in a moment.", "shutting_down", TimeSpan.FromSeconds(5));
    public static ChatFailure NoAgent { get; } = new(503, "No agent is configured on this server.", "no_agent", IsTransient: false);
    /// <summary>Whether the turn was ended from here, as against a provider or a store that failed.</summary>
    public bool IsInterruption => this == Interrupted || this == Stopped;

    public static ChatFailure FromInterruption(ChatRun run) => run.IsStopped ? Stopped : Interrupted;

    /// <summary>Names a failure of the session store; one that no store should throw is an internal error, whose line in the log has the correlation id.</summary>
    public static ChatFailure FromStore(Exception exception, string correlationId) => exception switch
    {
        SessionValidationException => new(400, exception.Message, "invalid_session"),

        // Asked again, a client's own id would bring back what somebody has deleted.
        SessionNotFoundException => new(409, "The session was deleted while the turn ran.", "session_deleted", IsTransient: false),
        ConversationBusyException busy => new(409, busy.Message, "conversation_busy", busy.RetryAfter),
        SessionStoreUnavailableException unavailable => new(503, unavailable.Message, "session_store_unavailable", unavailable.RetryAfter),
        _ => new(500, $"Internal server error (correlation id {correlationId})", "internal_error"),
    };

    /// <summary>Names a failure of the agent or of the provider behind it.</summary>
    public static ChatFailure FromAgent(Exception exception)
    {
        var provider = ChatProviderException.Find(exception);
        return provider?.Status switch
        {
            429 => new(429, "The model provider is busy (rate limit). Try again later.", "provider_rate_limit", provider.RetryAfter),
            401 or 403 => ProviderError("The model provider does not accept this server's API key.", isTransient: false),

            // Timeout, conflict, too early: of all that a provider blames its client for, these alone pass.
            408 or 409 or 425 => ProviderError(TryAgain),
            >= 400 and < 500 => ProviderError("The model provider refuses this request. Your message is stored; the server's log says more.", isTransient: false),

            // Somebody between us and the model has waited as long as there is any use in it.
            504 => ProviderError("The model provider did not answer in time. Your message is stored.", isTransient: false),
            _ when exception is AgentStream.ModelTimeoutException => new(
                504, "The model did not go on in time. Your message and what was said so far are stored.", "model_timeout", IsTransient: false),
            _ when exception is ChatConfigurationException => new(
                500, "The model provider cannot be called as it is configured: the server's log says what to change. Your message is stored.",
                "configuration_error", IsTransient: false),
            _ => ProviderError(TryAgain),
        };
    }

    private static ChatFailure ProviderError(string message, bool isTransient = true) => new(502, message, "provider_error", IsTransient: isTransient);
}
