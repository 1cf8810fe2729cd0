namespace Hermes.Core.Memory;

/// <summary>A memory file cannot be read or written. The message is fit to be shown to a client.</summary>
/// <remarks>Nothing was changed. The inner exception, for logs alone, says what the system reported.</remarks>
/// <param name="message">Which file and what is to be done, without a path.</param>
/// <param name="inner">The cause; null where the system reported none.</param>
public sealed class MemoryUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Somebody else, as a rule the agent, held the lock of a memory file for too long. The message is fit to be shown to a client.</summary>
/// <remarks>Nothing was changed: try again.</remarks>
/// <param name="fileName">The memory file.</param>
public sealed class MemoryBusyException(string fileName)
    : Exception($"{fileName} is being written by another process and was not released in time: try again")
{
    /// <summary>When to try again.</summary>
    public TimeSpan RetryAfter { get; } = TimeSpan.FromSeconds(1);
}

/// <summary>A change of memory was refused. The message says why and what would be accepted, and is fit to be shown to a client.</summary>
/// <remarks>Nothing was changed.</remarks>
/// <param name="message">The reason.</param>
/// <param name="current">What the memory holds, where that is the reason.</param>
/// <param name="matches">The beginnings of the entries that a text was found in, where it was found in several.</param>
public sealed class MemoryRejectedException(string message, MemoryDocument? current = null, IReadOnlyList<string>? matches = null)
    : Exception(message)
{
    /// <summary>What the memory holds, where it is too full or has no such entry; else null.</summary>
    public MemoryDocument? Current { get; } = current;
    /// <summary>The beginnings of the entries that a text was found in, where it was found in several different ones; else empty.</summary>
    public IReadOnlyList<string> Matches { get; } = matches ?? [];
}

/// <summary>A memory file was not written by the agent's tool, and the change would rewrite it. The message is fit to be shown to a client.</summary>
/// <remarks>Nothing was changed: entries can still be added, all else is done by hand.</remarks>
/// <param name="fileName">The memory file.</param>
/// <param name="reason">By what it is known, fit to stand in brackets.</param>
public sealed class MemoryConflictException(string fileName, string reason)
    : Exception($"{fileName} was not changed, because something of it that was written by hand would be lost ({reason}): change the file itself");
