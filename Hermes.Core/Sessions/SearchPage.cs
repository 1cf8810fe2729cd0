namespace Hermes.Core.Sessions;

/// <summary>A page of messages that a search found, newest first.</summary>
/// <param name="Items">The messages.</param>
/// <param name="Next">The cursor for <see cref="SearchQuery.Before"/> that gives the page after this one; null at the end.</param>
/// <param name="IsComplete">
/// Whether nothing is missing on the page. False where the time was over: older messages that have the words may be missing, or be left to the next
/// pages. The same search, asked again, goes on with the work, and following <paramref name="Next"/> finds all.
/// </param>
public sealed record SearchPage(IReadOnlyList<SearchResult> Items, string? Next, bool IsComplete = true)
{
    /// <summary>Whether the search goes on after this page.</summary>
    public bool HasMore => Next is not null;
}
