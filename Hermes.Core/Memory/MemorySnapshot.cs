namespace Hermes.Core.Memory;

/// <summary>What a home remembers at one moment.</summary>
/// <remarks>Immutable and safe for use from any thread.</remarks>
public sealed class MemorySnapshot
{
    internal MemorySnapshot(MemoryDocument memory, MemoryDocument user)
    {
        Memory = memory;
        User = user;
    }

    /// <summary>What the agent has learned (<c>MEMORY.md</c>); never null, also where there is no file.</summary>
    public MemoryDocument Memory { get; }
    /// <summary>What the agent knows about its user (<c>USER.md</c>); never null, also where there is no file.</summary>
    public MemoryDocument User { get; }
}
