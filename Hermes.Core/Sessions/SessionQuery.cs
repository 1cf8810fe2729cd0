namespace Hermes.Core.Sessions;

/// <summary>Which sessions to list, and in which order.</summary>
public sealed record SessionQuery
{
    /// <summary>The largest page.</summary>
    public const int MaxLimit = 500;

    /// <summary>How many at most; clamped to 1 to <see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = 50;
    /// <summary>How many to skip; negative is 0. Costs time in proportion: page deep lists with <see cref="Before"/>.</summary>
    public long Offset { get; init; }
    /// <summary>Only sessions that this surface began; null for all.</summary>
    public string? Source { get; init; }
    /// <summary>Only sessions whose title contains this text (letters of any script in either case); null for all.</summary>
    public string? TitleContains { get; init; }
    /// <summary>Also sessions with a parent: compression continuations and subagent runs.</summary>
    public bool IncludeChildren { get; init; }
    /// <summary>What becomes of archived sessions; left out where nothing is said. Hidden ones are always left out.</summary>
    public SessionFlagFilter Archived { get; init; } = SessionFlagFilter.Exclude;
    /// <summary>What becomes of pinned sessions.</summary>
    public SessionFlagFilter Pinned { get; init; } = SessionFlagFilter.Include;
    /// <summary>Pinned sessions come before all others. Costs time in proportion to the number of sessions, at any depth.</summary>
    public bool PinnedFirst { get; init; }
    /// <summary>What comes first.</summary>
    public SessionOrder Order { get; init; } = SessionOrder.Created;
    /// <summary>Only sessions with at least so many messages, as <see cref="Session.MessageCount"/> counts them; 0 for all.</summary>
    public long MinMessages { get; init; }

    /// <summary><see cref="SessionPage.Next"/> of the page before, in the same order; null for the first page. Costs the same at any depth.</summary>
    /// <remarks>A text that no page of this order gave is a <see cref="SessionValidationException"/>.</remarks>
    public string? Before { get; init; }

    internal int ClampedLimit => Math.Clamp(Limit, 1, MaxLimit);
    internal long ClampedOffset => Math.Max(Offset, 0);
}

/// <summary>Which sessions of a list come first.</summary>
public enum SessionOrder
{
    /// <summary>The newest <see cref="Session.StartedAt"/>.</summary>
    Created,
    /// <summary>The newest <see cref="Session.LastActive"/>. Costs time in proportion to the number of sessions, at any depth.</summary>
    Recent,
}

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

/// <summary>A page of sessions, newest first.</summary>
/// <param name="Items">The sessions.</param>
/// <param name="Total">How many sessions the query reaches over all pages.</param>
/// <param name="HasMore">Whether sessions follow this page.</param>
/// <param name="Next">The cursor for <see cref="SessionQuery.Before"/> that gives the page after this one; null at the end.</param>
public sealed record SessionPage(IReadOnlyList<Session> Items, long Total, bool HasMore, string? Next);
