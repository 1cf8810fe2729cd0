namespace Hermes.Core.Sessions;

/// <summary>How sessions are kept and searched: section <c>Hermes:Sessions</c>.</summary>
public sealed class HermesSessionOptions
{
    /// <summary>
    /// How long a search takes at most. What it has found by then is its answer, with <see cref="SearchPage.IsComplete"/> false; the same search goes on
    /// later where this one stopped. It is only needed for large files: what no index of the file has must be read once.
    /// </summary>
    public TimeSpan SearchTime { get; set; } = TimeSpan.FromSeconds(2);
}
