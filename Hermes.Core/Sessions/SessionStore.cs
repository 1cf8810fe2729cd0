namespace Hermes.Core.Sessions;

/// <summary>The sessions of a home and their messages.</summary>
/// <remarks>
/// <para>Safe for use from any thread; one instance serves an application for its whole life. Derive from it to keep sessions elsewhere:
/// register your own before <c>AddHermes</c> and the HTTP API serves it. Reading never creates a session, a file or a folder.</para>
/// <para>Every method throws <see cref="SessionStoreUnavailableException"/> where the store cannot be read or written, and leaves it as it was.</para>
/// </remarks>
public abstract class SessionStore
{
    /// <summary>Lists conversations, newest first. Hidden and archived ones are left out, as are the runs that others delegated.</summary>
    /// <remarks>A session that continues another one is no conversation of its own: the list has the two once, under the id of the first.</remarks>
    public abstract Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken = default);

    /// <summary>Finds the conversation that has a session with this id, else the only one that has sessions whose ids start with it (ASCII letters in either case).</summary>
    /// <returns>The conversation, with the <see cref="Session.Id"/> of its first session; null where there is none, or where several have ids that start so.</returns>
    public abstract Task<Session?> FindAsync(string idOrPrefix, CancellationToken cancellationToken = default);

    /// <summary>Finds the conversation that has a session with exactly this id.</summary>
    /// <remarks>A store whose conversations may have more than two sessions overrides this: it looks at the first and the last.</remarks>
    /// <returns>The conversation, with the <see cref="Session.Id"/> of its first session; null where no session has this id.</returns>
    public virtual async Task<Session?> FindExactAsync(string id, CancellationToken cancellationToken = default) =>
        await FindAsync(id, cancellationToken).ConfigureAwait(false) is { } found && (found.Id == id || found.TipId == id) ? found : null;

    /// <summary>Reads the messages of the conversation that has a session with exactly this id, in the order in which they were written.</summary>
    /// <remarks>A person gets those of all its sessions, what one carried over to the next once; the model gets those of the last.</remarks>
    /// <returns>Nothing for an unknown session. The messages are those of one moment, also when reading takes long, but for those deleted meanwhile.</returns>
    public abstract IAsyncEnumerable<Message> ReadMessagesAsync(string sessionId, MessageQuery? query = null, CancellationToken cancellationToken = default);

    /// <summary>Searches what messages say, newest first. Messages of hidden and archived sessions are not found.</summary>
    public abstract Task<SearchPage> SearchAsync(SearchQuery query, CancellationToken cancellationToken = default);

    /// <summary>Adds up what the sessions used that began at a time or since: archived and hidden ones too, and each part of a conversation by itself.</summary>
    /// <remarks>A store that knows more than <see cref="Session"/> says, as costs, or has hidden sessions, overrides this: it adds up what the list has.</remarks>
    public virtual async Task<UsageReport> ReadUsageAsync(DateTimeOffset since, CancellationToken cancellationToken = default)
    {
        var parts = new List<(DateOnly Day, string? Model, UsageFigures Used)>();
        var query = new SessionQuery { IncludeChildren = true, Archived = SessionFlagFilter.Include, Limit = SessionQuery.MaxLimit };
        while (true)
        {
            var page = await ListAsync(query, cancellationToken).ConfigureAwait(false);
            parts.AddRange(page.Items.Where(session => session.StartedAt >= since).Select(session => (
                DateOnly.FromDateTime(session.StartedAt.UtcDateTime),
                session.Model,
                new UsageFigures { InputTokens = session.InputTokens, OutputTokens = session.OutputTokens, Sessions = 1 })));

            // The newest come first.
            if (page.Next is null || page.Items is [.., var last] && last.StartedAt < since) return UsageReport.Of(parts);

            query = query with { Before = page.Next };
        }
    }

    /// <summary>Creates a session, or gives the one that has this id already, unchanged.</summary>
    /// <exception cref="SessionValidationException">The id or the title cannot be used; nothing was created.</exception>
    public abstract Task<Session> CreateAsync(NewSession session, CancellationToken cancellationToken = default);

    /// <summary>Appends messages in their order to the last session of a conversation, counts them, and adds <paramref name="usage"/>, all in one transaction.</summary>
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

    /// <summary>Gives the conversation that has a session with exactly this id a title; one that cleans to nothing clears it.</summary>
    /// <remarks>A title that an earlier session of it has moves to the last one.</remarks>
    /// <returns>The changed session; null where there is none with this id.</returns>
    /// <exception cref="SessionValidationException">The title is too long, or another session has it.</exception>
    /// <exception cref="ConversationBusyException">Another process answers in the conversation, or compresses it; nothing was changed.</exception>
    public abstract Task<Session?> RenameAsync(string id, string? title, CancellationToken cancellationToken = default);

    /// <summary>Changes several things of the conversation that has a session with exactly this id, all of them or none.</summary>
    /// <returns>The changed session; null where there is none with this id.</returns>
    /// <exception cref="SessionValidationException">A value cannot be used, or another session has the title.</exception>
    /// <exception cref="ConversationBusyException">Another process answers in the conversation, or compresses it; nothing was changed.</exception>
    public abstract Task<Session?> UpdateAsync(string id, SessionChange change, CancellationToken cancellationToken = default);

    /// <summary>Copies the conversation that has a session with exactly this id, with its messages, into a branch that goes its own way. The conversation stays as it is.</summary>
    /// <remarks>The branch is one session, below the last one of the conversation (<see cref="Session.ParentSessionId"/>), is listed, and
    /// has used no tokens yet. The model has what it had. People see what they saw, but for files that cannot tell what was compacted away:
    /// there the branch has the messages of the last session alone.</remarks>
    /// <returns>The branch; null where there is no session with this id.</returns>
    /// <exception cref="SessionValidationException">The id or the title cannot be used; nothing was created.</exception>
    public abstract Task<Session?> ForkAsync(string id, NewFork? fork = null, CancellationToken cancellationToken = default);

    /// <summary>Ends the conversation that has a session with exactly this id; one that has ended keeps its first end.</summary>
    /// <returns>The session; null where there is none with this id.</returns>
    /// <exception cref="ConversationBusyException">Another process answers in the conversation, or compresses it; nothing was changed.</exception>
    public abstract Task<Session?> EndAsync(string id, string reason, CancellationToken cancellationToken = default);

    /// <summary>Deletes the conversation that has a session with exactly this id: its sessions, their messages, and the runs that it delegated.</summary>
    /// <remarks>All other children are detached instead, and lose nothing: branches, conversations after a reset, and those of which nothing says what they are.</remarks>
    /// <returns>False where there is none with this id.</returns>
    /// <exception cref="ConversationBusyException">Another process answers in the conversation, or compresses it; nothing was changed.</exception>
    public abstract Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Refuses a new session without an id, for which nobody could ask again.</summary>
    internal static void CheckHasId(NewSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (session.Id is null) throw new ArgumentException("The session needs an id: nobody would learn which one it was given.", nameof(session));
    }
}
