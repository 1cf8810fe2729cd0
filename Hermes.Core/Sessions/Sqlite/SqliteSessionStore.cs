using System.Runtime.CompilerServices;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The sessions in a home's <c>state.db</c>, which the Python agent may use at the same time. The README of Sessions says how.</summary>
internal sealed partial class SqliteSessionStore : SessionStore, IRowStore, ITurnLeaseStore, IDisposable, IAsyncDisposable
{
    /// <summary>How long a change waits for other processes before it is given up.</summary>
    public static readonly TimeSpan DefaultWriteTimeout = TimeSpan.FromSeconds(20);

    // How many messages are read at a time where they become records.
    private const int MessagesAtOnce = 200;

    private readonly HermesHome _home;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ReaderPool _readers;
    private readonly WriteQueue _writes;
    private readonly MessageSearcher _searcher;

    public SqliteSessionStore(
        HermesHome home, TimeProvider time, ILogger<SqliteSessionStore> logger, HermesSessionOptions? options = null, TimeSpan? writeTimeout = null)
    {
        (_home, _time, _logger) = (home, time, logger);
        _readers = new ReaderPool(home.StateDatabase);
        _writes = new WriteQueue(home, time, writeTimeout ?? DefaultWriteTimeout);
        _searcher = new MessageSearcher(_readers, time, (options ?? new HermesSessionOptions()).SearchTime, logger);
    }

    public override async Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken = default)
    {
        var items = new List<Session>();
        var (total, next) = await ReadPageAsync(query, (in session) => items.Add(session.ToSession()), cancellationToken).ConfigureAwait(false);
        return new SessionPage(items, total, next is not null, next);
    }

    public override Task<Session?> FindAsync(string idOrPrefix, CancellationToken cancellationToken = default) =>
        GetAsync(connection => SessionReader.Find(connection, idOrPrefix), cancellationToken);

    public override Task<Session?> FindExactAsync(string id, CancellationToken cancellationToken = default) =>
        GetAsync(connection => SessionReader.FindConversation(connection, id), cancellationToken);

    public override async IAsyncEnumerable<Message> ReadMessagesAsync(
        string sessionId, MessageQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var messages = new List<Message>();
        var position = await ReadMessagesAsync(
            connection => SessionReader.FindConversation(connection, sessionId), query ?? new MessageQuery(), Add, IsFull, cancellationToken).ConfigureAwait(false);
        while (position is not null)
        {
            foreach (var message in messages)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return message;
            }

            if (position.IsAtEnd) break;

            messages.Clear();
            position = await ReadMessagesAsync(position, Add, IsFull, cancellationToken).ConfigureAwait(false);
        }

        void Add(in MessageRow message) => messages.Add(message.ToMessage());

        bool IsFull() => messages.Count >= MessagesAtOnce;
    }

    public override Task<SearchPage> SearchAsync(SearchQuery query, CancellationToken cancellationToken = default) =>
        _searcher.SearchAsync(query, cancellationToken);

    public override async Task<UsageReport> ReadUsageAsync(DateTimeOffset since, CancellationToken cancellationToken = default) =>
        await _readers.ReadAsync(connection => SessionReader.ReadUsage(connection, since), missing: UsageReport.Of([]), cancellationToken).ConfigureAwait(false);

    public override Task<Session> CreateAsync(NewSession session, CancellationToken cancellationToken = default)
    {
        var cleaned = Clean(session);
        return _writes.WriteAsync((connection, now) => SessionWriter.Create(connection, cleaned, now), cancellationToken, createsFile: true);
    }

    public override async Task<IReadOnlyList<long>> AppendAsync(
        string sessionId, IReadOnlyList<NewMessage> messages, SessionUsage? usage = null, CancellationToken cancellationToken = default) =>
        await _writes.WriteAsync<IReadOnlyList<long>?>(
            (connection, now) => SessionWriter.Append(connection, sessionId, messages, usage, now), cancellationToken).ConfigureAwait(false)
        ?? throw new SessionNotFoundException();

    public override Task<IReadOnlyList<long>> CreateAndAppendAsync(
        NewSession session, IReadOnlyList<NewMessage> messages, CancellationToken cancellationToken = default)
    {
        CheckHasId(session);
        var cleaned = Clean(session);
        return _writes.WriteAsync(
            (connection, now) => SessionWriter.CreateAndAppend(connection, cleaned, messages, now), cancellationToken, createsFile: true);
    }

    public override Task<Session?> RenameAsync(string id, string? title, CancellationToken cancellationToken = default) =>
        UpdateAsync(id, new SessionChange { Title = title ?? "" }, cancellationToken);

    public override Task<Session?> UpdateAsync(string id, SessionChange change, CancellationToken cancellationToken = default)
    {
        var cleaned = change.Title is null ? change : change with { Title = SessionTitle.Clean(change.Title) ?? "" };
        return _writes.WriteAsync((connection, now) => SessionWriter.Update(connection, id, cleaned, now), cancellationToken);
    }

    public override Task<Session?> ForkAsync(string id, NewFork? fork = null, CancellationToken cancellationToken = default)
    {
        var newId = fork?.Id is null ? Guid.NewGuid().ToString() : SessionId.Clean(fork.Id);
        var title = SessionTitle.Clean(fork?.Title);
        return _writes.WriteAsync(
            (connection, now) => SessionWriter.Fork(connection, id, newId, title, hasTitle: fork?.Title is not null, now), cancellationToken);
    }

    public override Task<Session?> EndAsync(string id, string reason, CancellationToken cancellationToken = default) =>
        _writes.WriteAsync((connection, now) => SessionWriter.End(connection, id, reason, now), cancellationToken);

    public override async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        var deleted = await _writes.WriteAsync((connection, now) => SessionWriter.Delete(connection, id, now), cancellationToken).ConfigureAwait(false);
        if (deleted is not null)
            await DeleteTranscriptsAsync([.. deleted]).ConfigureAwait(false);

        return deleted is not null;
    }

    public string CreateLeaseHolder() => TurnLeases.CreateHolder();

    public async Task<(bool IsHeldByOther, string? ConversationId)> TryTakeLeaseAsync(string sessionId, string holder, CancellationToken cancellationToken)
    {
        try
        {
            // Most files have no leases, and a lease that is held is asked for again and again: neither takes the file's write lock.
            var (isHeldByOther, canTake) = await _readers.ReadAsync(
                connection => TurnLeases.Ask(connection, sessionId, holder, _time.GetUtcNow()), missing: default, cancellationToken).ConfigureAwait(false);
            if (isHeldByOther || !canTake) return (isHeldByOther, null);
        }
        catch (SessionStoreUnavailableException exception) when (exception.RetryAfter is not null)
        {
            // Somebody writes a file without a log, which nobody can read meanwhile: the turn waits for it as every write does.
        }

        return await _writes.WriteAsync((connection, now) => TurnLeases.TryTake(connection, sessionId, holder, now), cancellationToken).ConfigureAwait(false);
    }

    public Task<bool> TryAppendAsync(string sessionId, IReadOnlyList<NewMessage> messages, SessionUsage? usage, string conversationId, string holder) =>
        _writes.WriteAsync(
            (connection, now) =>
            {
                if (TurnLeases.IsLost(connection, conversationId, holder)) return false;

                SessionWriter.Append(connection, sessionId, messages, usage, now);
                return true;
            },
            CancellationToken.None);

    public Task ReleaseLeaseAsync(string conversationId, string holder) =>
        _writes.WriteAsync((connection, _) => TurnLeases.Release(connection, conversationId, holder), CancellationToken.None);

    public VersionToken? ReadVersion() => _readers.ReadVersion();

    public ValueTask<(long Total, string? Next)> ReadPageAsync(SessionQuery query, RowReader<SessionRow> onSession, CancellationToken cancellationToken)
    {
        // Also where there is no file to read yet.
        SessionReader.CheckCursor(query);
        return _readers.ReadAsync(Read, missing: (0L, null), cancellationToken);

        (long Total, string? Next) Read(Connection connection)
        {
            var next = SessionReader.ReadPage(connection, query, onSession);
            return (SessionReader.CountSessions(connection, query), next);
        }
    }

    public ValueTask<bool> ReadSessionAsync(string idOrPrefix, RowReader<SessionRow> onSession, CancellationToken cancellationToken)
    {
        return _readers.ReadAsync(Read, missing: false, cancellationToken);

        bool Read(Connection connection)
        {
            if (SessionReader.Find(connection, idOrPrefix) is not { } found) return false;

            SessionReader.ReadConversation(connection, found, onSession);
            return true;
        }
    }

    public ValueTask<MessagePosition?> ReadMessagesAsync(
        string idOrPrefix, MessageQuery query, RowReader<MessageRow> onMessage, Func<bool> isFull, CancellationToken cancellationToken) =>
        ReadMessagesAsync(connection => SessionReader.Find(connection, idOrPrefix), query, onMessage, isFull, cancellationToken);

    public async ValueTask<MessagePosition> ReadMessagesAsync(
        MessagePosition position, RowReader<MessageRow> onMessage, Func<bool> isFull, CancellationToken cancellationToken) =>
        await _readers.ReadAsync(
            connection => Equals(connection.File, position.Source) ? SessionReader.ReadMessages(connection, position, onMessage, isFull) : null,
            missing: null, cancellationToken).ConfigureAwait(false)
        ?? throw SqliteFailure.Refused("state.db was replaced while it was read");

    /// <summary>Ends reading at once, and writing when the changes that wait are made. Nothing waits for that: <see cref="DisposeAsync"/> does.</summary>
    public void Dispose()
    {
        _readers.Dispose();
        _writes.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        Dispose();
        await _writes.DisposeAsync().ConfigureAwait(false);
    }

    private ValueTask<MessagePosition?> ReadMessagesAsync(
        Func<Connection, Conversation?> find, MessageQuery query, RowReader<MessageRow> onMessage, Func<bool> isFull, CancellationToken cancellationToken) =>
        _readers.ReadAsync(
            connection => find(connection) is { } conversation
                ? SessionReader.ReadMessages(connection, conversation, query, onMessage, isFull)
                : null,
            missing: null, cancellationToken);

    private async Task<Session?> GetAsync(Func<Connection, Conversation?> find, CancellationToken cancellationToken) => await _readers.ReadAsync(
        connection => find(connection) is { } found ? SessionReader.GetConversation(connection, found) : null,
        missing: null, cancellationToken).ConfigureAwait(false);

    private static NewSession Clean(NewSession session) => session with
    {
        Id = session.Id is null ? Guid.NewGuid().ToString() : SessionId.Clean(session.Id),
        Title = SessionTitle.Clean(session.Title),
    };
}
