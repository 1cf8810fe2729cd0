namespace Hermes.Core.Sessions;

/// <summary>A page of messages that a search found, the best first.</summary>
/// <param name="Items">The messages.</param>
/// <param name="HasMore">Whether more follow this page.</param>
public sealed record SearchPage(IReadOnlyList<SearchResult> Items, bool HasMore);
