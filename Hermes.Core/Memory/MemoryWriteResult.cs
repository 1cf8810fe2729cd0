namespace Hermes.Core.Memory;

/// <summary>What a write of memory came to.</summary>
/// <remarks>Immutable and safe for use from any thread.</remarks>
/// <param name="Document">The memory as it stands now.</param>
/// <param name="HasChanged">False where the file said so already, and was not written.</param>
/// <param name="Message">One sentence of what happened, fit to be shown to a client.</param>
public sealed record MemoryWriteResult(MemoryDocument Document, bool HasChanged, string Message);
