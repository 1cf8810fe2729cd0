namespace Hermes.Core.Sessions;

/// <summary>What becomes of the sessions that have a flag. In a store that cannot keep the flag, no session has it.</summary>
public enum SessionFlagFilter
{
    /// <summary>They are left out.</summary>
    Exclude,

    /// <summary>They are listed like all others.</summary>
    Include,

    /// <summary>They alone are listed.</summary>
    Only,
}
