namespace Hermes.Core.Chat;

/// <summary>An agent cannot be asked as it is configured. Throw it from an <c>IChatClient</c>: trying again will not help before somebody changes that.</summary>
/// <remarks>Clients of the HTTP API get 500 in fixed words that point to the log. The message is logged, so it says what to change, and
/// holds no value of a setting that may be a secret.</remarks>
/// <param name="message">What is wrong, and what to change.</param>
/// <param name="inner">The cause, logged at Trace alone.</param>
public sealed class ChatConfigurationException(string message, Exception? inner = null) : Exception(message, inner);
