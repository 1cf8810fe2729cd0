namespace Hermes.Core.Sessions;

/// <summary>Which messages to search for.</summary>
public sealed record SearchQuery
{
    /// <summary>The largest page.</summary>
    public const int MaxLimit = 100;

    /// <summary>
    /// What to find. Words are all to be there, in any order and case; a text in double quotes is to be there as it is; a word
    /// with <c>*</c> at its end is the beginning of one. <c>OR</c> between words means either, <c>NOT</c> before one that it is not there.
    /// </summary>
    /// <remarks>
    /// Any text is a query, and one that names nothing finds nothing. Punctuation only separates words: <c>a-b</c> is <c>a</c>
    /// followed by <c>b</c>. Scripts that put no spaces between words (Chinese, Japanese, Korean, Thai, …) are found at any place.
    /// </remarks>
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
