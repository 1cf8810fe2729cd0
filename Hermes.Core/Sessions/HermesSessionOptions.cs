namespace Hermes.Core.Sessions;

/// <summary>How sessions are kept and searched: section <c>Hermes:Sessions</c>.</summary>
public sealed class HermesSessionOptions
{
    /// <summary>How long a search takes at most; then what it has found is its answer, with <see cref="SearchPage.IsComplete"/> false.</summary>
    /// <remarks>The same search goes on later where this one stopped. Only large files need it: what no index of the file has must be read once.</remarks>
    public TimeSpan SearchTime { get; set; } = TimeSpan.FromSeconds(2);
}
