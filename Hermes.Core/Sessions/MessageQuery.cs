namespace Hermes.Core.Sessions;

/// <summary>Which messages of a session to read. The default is all of them, oldest first.</summary>
public sealed record MessageQuery
{
    /// <summary>Who is to read them; a person, where nobody says otherwise.</summary>
    public MessageAudience Audience { get; init; }

    /// <summary>How many at most; null for all, below 1 is 1.</summary>
    public int? Limit { get; init; }

    /// <summary>How many to skip from the side that <see cref="Latest"/> names; negative is 0.</summary>
    public long Offset { get; init; }

    /// <summary>Take the page from the newest message backwards. The messages of a page come oldest first either way.</summary>
    public bool Latest { get; init; }
}
