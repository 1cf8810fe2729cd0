namespace Hermes.Core.Sessions;

/// <summary>A message that a search found.</summary>
/// <remarks>A snapshot: it does not change when the store does. Immutable.</remarks>
public sealed record SearchResult
{
    /// <summary>The message's <see cref="Message.Id"/>.</summary>
    public required long MessageId { get; init; }

    /// <summary>The session that it belongs to.</summary>
    public required string SessionId { get; init; }

    /// <summary><c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</summary>
    public required string Role { get; init; }

    /// <summary>The part of the text where the most was found: some 200 characters, each find between <c>&gt;&gt;&gt;</c> and <c>&lt;&lt;&lt;</c>.</summary>
    public required string Snippet { get; init; }

    /// <summary>When it was said.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>For role <c>tool</c>: the tool's name.</summary>
    public string? ToolName { get; init; }

    /// <summary>Which surface began the session.</summary>
    public required string Source { get; init; }

    /// <summary>The session's model; null before its first turn.</summary>
    public string? Model { get; init; }

    /// <summary>The title of the conversation; null where it has none.</summary>
    public string? Title { get; init; }

    /// <summary>When the session began.</summary>
    public required DateTimeOffset SessionStarted { get; init; }

    /// <summary>The message before and the one after, as far as there are such.</summary>
    public required IReadOnlyList<SearchContext> Context { get; init; }
}

/// <summary>A message beside one that was found.</summary>
/// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</param>
/// <param name="Content">The first 200 characters of its text; empty where it has none.</param>
public sealed record SearchContext(string Role, string Content);

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
