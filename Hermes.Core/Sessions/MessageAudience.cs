namespace Hermes.Core.Sessions;

/// <summary>Who is to read a conversation's messages: the two get different ones.</summary>
public enum MessageAudience
{
    /// <summary>A person: all that was said, from the beginning, each message once.</summary>
    Person,

    /// <summary>The model: what the next turn goes on from. What was compacted away is not in it, what is hidden from people is.</summary>
    Model,
}
