namespace Hermes.Core.Sessions;

/// <summary>A store that other processes answer in as well: a turn takes a lease of its conversation, so that two do not answer at once.</summary>
/// <remarks>Safe for use from any thread. The errors are those of <see cref="SessionStore"/>.</remarks>
internal interface ITurnLeaseStore
{
    /// <summary>A name for a turn to hold leases under, that nobody else has.</summary>
    string CreateLeaseHolder();

    /// <summary>Takes the lease of a conversation, or makes one that the holder has last longer. It does not wait for another holder.</summary>
    /// <param name="sessionId">The id of any session of the conversation; one that does not exist yet is a conversation of its own.</param>
    /// <param name="holder">Who takes it. Another turn is another holder.</param>
    /// <param name="cancellationToken">Ends the waiting for other writers.</param>
    /// <returns>Whether somebody else answers in the conversation; and whose lease was taken, null where none was, or the store keeps none.</returns>
    Task<(bool IsHeldByOther, string? ConversationId)> TryTakeLeaseAsync(string sessionId, string holder, CancellationToken cancellationToken);

    /// <summary>Appends messages as <see cref="SessionStore.AppendAsync"/> does, if the lease is still the holder's: both in one transaction.</summary>
    /// <returns>False where it is not; then nothing was stored.</returns>
    Task<bool> TryAppendAsync(string sessionId, IReadOnlyList<NewMessage> messages, SessionUsage? usage, string conversationId, string holder);

    /// <summary>Gives a lease back. One that somebody else has by now stays.</summary>
    Task ReleaseLeaseAsync(string conversationId, string holder);
}
