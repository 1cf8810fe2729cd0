namespace Hermes.Core.Changes;

/// <summary>A part of a home whose changes can be watched.</summary>
public enum HomePart
{
    /// <summary>Sessions and messages: <c>state.db</c>.</summary>
    Sessions,

    /// <summary><c>memories/MEMORY.md</c> and <c>memories/USER.md</c>.</summary>
    Memory,

    /// <summary>The skills of the home and of external folders, and which of them are enabled.</summary>
    Skills,

    /// <summary><c>config.yaml</c>, also what of it is never shown.</summary>
    Config,
}
