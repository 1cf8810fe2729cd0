namespace Hermes.Core.Sessions;

/// <summary>Which messages to search for.</summary>
public sealed record SearchQuery
{
    /// <summary>The largest page.</summary>
    public const int MaxLimit = 100;

    /// <summary>What to find. Words are all to be there, in any order and case; a text in double quotes is to be there as it is.</summary>
    /// <remarks>A word with <c>*</c> at its end is the beginning of one. <c>OR</c> between words means either, <c>NOT</c> before one that
    /// it is not there. Any text is a query, and one that names nothing finds nothing. Punctuation only separates words: <c>a-b</c> is
    /// <c>a</c> followed by <c>b</c>. Scripts that put no spaces between words (Chinese, Japanese, Korean, Thai, …) are found at any
    /// place.</remarks>
    public required string Text { get; init; }
    /// <summary>How many results at most; clamped to 1 to <see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = 20;
    /// <summary>How many to skip; negative is 0. Costs time in proportion: page deep with <see cref="Before"/>.</summary>
    public long Offset { get; init; }

    /// <summary><see cref="SearchPage.Next"/> of the page before; null for the first page. Costs the same at any depth.</summary>
    /// <remarks>A text that no search gave is a <see cref="SessionValidationException"/>.</remarks>
    public string? Before { get; init; }
    /// <summary>Only messages of sessions that this surface began; null for all.</summary>
    public string? Source { get; init; }
    /// <summary>Only messages of this role; null for all.</summary>
    public string? Role { get; init; }
    /// <summary>Only messages of the session with exactly this id; null for all.</summary>
    public string? SessionId { get; init; }
    /// <summary>Only messages of this time or later; null for all.</summary>
    public DateTimeOffset? Since { get; init; }
    /// <summary>Only messages of this time or earlier; null for all.</summary>
    public DateTimeOffset? Until { get; init; }

    internal int ClampedLimit => Math.Clamp(Limit, 1, MaxLimit);
    internal long ClampedOffset => Math.Clamp(Offset, 0, long.MaxValue - MaxLimit - 1);
}

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
/// <param name="IsComplete">Whether nothing is missing on the page. False where the time was over; the same search, asked again, goes on with the work.</param>
/// <remarks>Of a page that is not complete older messages that have the words may be missing, or be left to the next pages: following <see cref="Next"/> finds all.</remarks>
public sealed record SearchPage(IReadOnlyList<SearchResult> Items, string? Next, bool IsComplete = true)
{
    /// <summary>Whether the search goes on after this page.</summary>
    public bool HasMore => Next is not null;
}
