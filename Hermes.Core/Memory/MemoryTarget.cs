namespace Hermes.Core.Memory;

/// <summary>Which of the two memories is meant.</summary>
public enum MemoryTarget
{
    /// <summary>What the agent has learned: <c>MEMORY.md</c>.</summary>
    Memory,

    /// <summary>What the agent knows about its user: <c>USER.md</c>.</summary>
    User,
}
