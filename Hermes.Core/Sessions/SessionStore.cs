namespace Hermes.Core.Sessions;

/// <summary>The sessions of a home and their messages.</summary>
/// <remarks>
/// <para>Safe for use from any thread; one instance serves an application for its whole life. Derive from it to keep
/// sessions elsewhere: register your own before <c>AddHermes</c> and the HTTP API serves it.</para>
/// <para>Every method throws <see cref="SessionStoreUnavailableException"/> where the store cannot be read or written, and
/// leaves it as it was. Reading never creates a session, a file or a folder.</para>
/// </remarks>
public abstract class SessionStore
{
    /// <summary>Lists sessions, newest first. Hidden and archived ones are left out, as are, unless asked for, those with a parent.</summary>
    public abstract Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken = default);

    /// <summary>Finds the session with this id, else the one session whose id starts with it (ASCII letters in either case).</summary>
    /// <returns>Null where there is none, or where several ids start so.</returns>
    public abstract Task<Session?> FindAsync(string idOrPrefix, CancellationToken cancellationToken = default);

    /// <summary>Reads the messages of the session with exactly this id, oldest first.</summary>
    /// <returns>
    /// Nothing for an unknown session. Which messages they are is that of one moment, also when reading takes long; one that is deleted meanwhile is left out.
    /// </returns>
    public abstract IAsyncEnumerable<Message> ReadMessagesAsync(
        string sessionId, MessageQuery? query = null, CancellationToken cancellationToken = default);

    /// <summary>Searches what messages say, the best first. Messages of hidden and archived sessions are not found.</summary>
    public abstract Task<SearchPage> SearchAsync(SearchQuery query, CancellationToken cancellationToken = default);

    /// <summary>Creates a session, or gives the one that has this id already, unchanged.</summary>
    /// <exception cref="SessionValidationException">The id or the title cannot be used; nothing was created.</exception>
    public abstract Task<Session> CreateAsync(NewSession session, CancellationToken cancellationToken = default);

    /// <summary>Appends messages in their order, counts them, and adds <paramref name="usage"/>, all in one transaction.</summary>
    /// <returns>The ids of the new messages, in the same order.</returns>
    /// <exception cref="SessionNotFoundException">There is no session with exactly this id; nothing was stored.</exception>
    public abstract Task<IReadOnlyList<long>> AppendAsync(
        string sessionId, IReadOnlyList<NewMessage> messages, SessionUsage? usage = null, CancellationToken cancellationToken = default);

    /// <summary>Appends messages to the session that has the new one's id, which is created where there is none. A store does both or neither where it can.</summary>
    /// <param name="session">The session; it needs an <see cref="NewSession.Id"/>. One that exists stays as it is.</param>
    /// <param name="messages">The messages, in their order.</param>
    /// <param name="cancellationToken">Ends the waiting for other writers.</param>
    /// <returns>The ids of the new messages, in the same order.</returns>
    /// <exception cref="ArgumentException">The session has no id.</exception>
    /// <exception cref="SessionValidationException">The id or the title cannot be used; nothing was stored.</exception>
    public virtual async Task<IReadOnlyList<long>> CreateAndAppendAsync(
        NewSession session, IReadOnlyList<NewMessage> messages, CancellationToken cancellationToken = default)
    {
        CheckHasId(session);
        var created = await CreateAsync(session, cancellationToken).ConfigureAwait(false);
        return await AppendAsync(created.Id, messages, usage: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives the session with exactly this id a title; one that cleans to nothing clears it.</summary>
    /// <returns>The changed session; null where there is none with this id.</returns>
    /// <exception cref="SessionValidationException">The title is too long, or another session has it.</exception>
    /// <exception cref="ConversationBusyException">Another process answers in the conversation, or compresses it; nothing was changed.</exception>
    public abstract Task<Session?> RenameAsync(string id, string? title, CancellationToken cancellationToken = default);

    /// <summary>Changes several things of the session with exactly this id, all of them or none.</summary>
    /// <returns>The changed session; null where there is none with this id.</returns>
    /// <exception cref="SessionValidationException">A value cannot be used, or another session has the title.</exception>
    /// <exception cref="ConversationBusyException">Another process answers in the conversation, or compresses it; nothing was changed.</exception>
    public abstract Task<Session?> UpdateAsync(string id, SessionChange change, CancellationToken cancellationToken = default);

    /// <summary>Copies the session with exactly this id, with its messages, into a branch that goes its own way. The session stays as it is.</summary>
    /// <remarks>The branch has <see cref="Session.ParentSessionId"/>, and is listed like a session of its own. It has used no tokens yet.</remarks>
    /// <returns>The branch; null where there is no session with this id.</returns>
    /// <exception cref="SessionValidationException">The id or the title cannot be used; nothing was created.</exception>
    public abstract Task<Session?> ForkAsync(string id, NewFork? fork = null, CancellationToken cancellationToken = default);

    /// <summary>Ends the session with exactly this id; one that has ended keeps its first end.</summary>
    /// <returns>The session; null where there is none with this id.</returns>
    /// <exception cref="ConversationBusyException">Another process answers in the conversation, or compresses it; nothing was changed.</exception>
    public abstract Task<Session?> EndAsync(string id, string reason, CancellationToken cancellationToken = default);

    /// <summary>Deletes the session with exactly this id, its messages and all its descendants; branches of it are detached instead.</summary>
    /// <returns>False where there is none with this id.</returns>
    /// <exception cref="ConversationBusyException">Another process answers in the conversation, or compresses it; nothing was changed.</exception>
    public abstract Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Refuses a new session without an id, for which nobody could ask again.</summary>
    internal static void CheckHasId(NewSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (session.Id is null)
        {
            throw new ArgumentException("The session needs an id: nobody would learn which one it was given.", nameof(session));
        }
    }
}
