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

/// <summary>Who is to read a conversation's messages: the two get different ones.</summary>
public enum MessageAudience
{
    /// <summary>A person: all that was said, from the beginning, each message once.</summary>
    Person,

    /// <summary>The model: what the next turn goes on from. What was compacted away is not in it, what is hidden from people is.</summary>
    Model,
}
