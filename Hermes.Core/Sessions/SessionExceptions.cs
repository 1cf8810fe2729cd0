namespace Hermes.Core.Sessions;

/// <summary>What was given for a session cannot be used. The message says which value and why, and is fit to be shown to a client.</summary>
public sealed class SessionValidationException(string message) : Exception(message);

/// <summary>There is no session with exactly this id.</summary>
public sealed class SessionNotFoundException() : Exception("Session not found");

/// <summary>Another process, as the Python agent, is at work in the conversation. Nothing was changed; the message is fit to be shown to a client.</summary>
/// <param name="message">What it is doing.</param>
/// <param name="retryAfter">When to try again.</param>
public sealed class ConversationBusyException(string message, TimeSpan retryAfter) : Exception(message)
{
    /// <summary>When to try again.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;

    internal static ConversationBusyException Answering() => new("The agent is answering in this conversation", TimeSpan.FromSeconds(5));
    internal static ConversationBusyException Compressing() => new("The agent is compressing this conversation", TimeSpan.FromSeconds(5));
}

/// <summary>The session store cannot be read or written just now. The message is fit to be shown to a client.</summary>
/// <remarks>Nothing was changed. The inner exception, for logs alone, says what SQLite reported.</remarks>
/// <param name="message">What happened, without paths or texts of the file.</param>
/// <param name="retryAfter">When to try again; null where waiting will not help (a corrupt file, an unknown tokenizer).</param>
/// <param name="inner">The cause.</param>
public sealed class SessionStoreUnavailableException(string message, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The message for a file that cannot be read as a session database.</summary>
    internal const string Unavailable = "Session DB unavailable";

    /// <summary>When to try again; null where waiting will not help.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
