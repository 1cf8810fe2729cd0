namespace Hermes.Core.Memory;

/// <summary>A memory file is there but cannot be read. The message is fit to be shown to a client.</summary>
/// <remarks>The inner exception, for logs alone, says what the system reported.</remarks>
/// <param name="message">Which file and what is to be done, without a path.</param>
/// <param name="inner">The cause; null where the system reported none.</param>
public sealed class MemoryUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
