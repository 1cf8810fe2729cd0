namespace Hermes.Core.Sessions;

/// <summary>A page of sessions, newest first.</summary>
/// <param name="Items">The sessions.</param>
/// <param name="Total">
/// How many sessions the query reaches over all pages. Exact but for this: while others commit without making or deleting sessions, a session that
/// they hide or show may be counted as before for up to twenty times as long as counting takes, milliseconds in a home of thousands.
/// </param>
/// <param name="HasMore">Whether sessions follow this page.</param>
/// <param name="Next">The cursor for <see cref="SessionQuery.Before"/> that gives the page after this one; null at the end.</param>
public sealed record SessionPage(IReadOnlyList<Session> Items, long Total, bool HasMore, string? Next);
