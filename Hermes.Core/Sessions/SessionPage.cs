namespace Hermes.Core.Sessions;

/// <summary>A page of sessions, newest first.</summary>
/// <param name="Items">The sessions.</param>
/// <param name="Total">How many sessions the query reaches over all pages.</param>
/// <param name="HasMore">Whether sessions follow this page.</param>
/// <param name="Next">The cursor for <see cref="SessionQuery.Before"/> that gives the page after this one; null at the end.</param>
public sealed record SessionPage(IReadOnlyList<Session> Items, long Total, bool HasMore, string? Next);
