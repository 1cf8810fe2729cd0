using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The sessions in a home's <c>state.db</c>, which the Python agent may use at the same time. The README of Sessions says how.</summary>
internal sealed partial class SqliteSessionStore : SessionStore, IRawSessionStore, IDisposable
{
    /// <summary>How long a change waits for other processes before it is given up.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(20);

    private readonly HermesHome _home;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FileLook _look;
    private readonly ReaderPool _readers;
    private readonly Writer _writer;
    private readonly StampReader _stamps;
    private readonly BlindSpots _blindSpots = new();

    // A search may read every message. Where there are several processors, half of them are left to whoever asks for less.
    private readonly SemaphoreSlim _searches = new(Math.Max(1, Environment.ProcessorCount / 2));

    public SqliteSessionStore(HermesHome home, TimeProvider time, ILogger<SqliteSessionStore> logger)
        : this(home, time, logger, DefaultPatience)
    {
    }

    internal SqliteSessionStore(HermesHome home, TimeProvider time, ILogger<SqliteSessionStore> logger, TimeSpan patience)
    {
        _home = home;
        _time = time;
        _logger = logger;
        _look = new FileLook(home.StateDatabase);
        _readers = new ReaderPool(home.StateDatabase);
        _writer = new Writer(home, time, patience);
        _stamps = new StampReader(home.StateDatabase, _look);
    }

    public override Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken = default) =>
        Start(() =>
        {
            CheckCursor(query);
            return _readers.Read(query, static (connection, query) =>
            {
                var items = new List<Session>();
                var next = SessionReader.ReadPage(connection, query, session => items.Add(session.ToSession()));
                return new SessionPage(items, SessionReader.CountSessions(connection, query).Total, next is not null, next);
            }, missing: new SessionPage([], 0, false, null));
        }, cancellationToken);

    public override Task<Session?> FindAsync(string idOrPrefix, CancellationToken cancellationToken = default) =>
        Start(() => _readers.Read(
            idOrPrefix,
            static (connection, id) =>
                SessionReader.Find(connection, id) is { } found ? SessionReader.GetSession(connection, found.Row) : null,
            missing: null), cancellationToken);

    public override async IAsyncEnumerable<Message> ReadMessagesAsync(
        string sessionId, MessageQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // All at once: a reader that is slow between rows would keep the write-ahead log from being reset.
        var messages = await Start(() => _readers.Read(
            (sessionId, query: query ?? new MessageQuery()),
            static (connection, request) =>
            {
                var messages = new List<Message>();
                if (SessionReader.FindExact(connection, request.sessionId) is not null)
                {
                    var id = Encoding.UTF8.GetBytes(request.sessionId);
                    SessionReader.ReadMessages(connection, id, request.query, message => messages.Add(message.ToMessage()));
                }

                return messages;
            },
            missing: []), cancellationToken).ConfigureAwait(false);
        foreach (var message in messages)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return message;
        }
    }

    public override async Task<SearchPage> SearchAsync(SearchQuery query, CancellationToken cancellationToken = default)
    {
        await _searches.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Start(() =>
            {
                var nothing = new SearchPage([], false);
                var expression = SearchExpression.Parse(query.Text);
                return expression.Alternatives.Count == 0
                    ? nothing
                    : _readers.Read((query, expression, _blindSpots, cancellationToken), MessageSearch.Run, missing: nothing);
            }, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _searches.Release();
        }
    }

    public override async Task<Session> CreateAsync(NewSession session, CancellationToken cancellationToken = default)
    {
        return await _writer.WriteAsync((Clean(session), _time.GetUtcNow()), SessionWriter.Create, missing: null, cancellationToken)
            .ConfigureAwait(false);
    }

    public override async Task<IReadOnlyList<long>> AppendAsync(
        string sessionId, IReadOnlyList<NewMessage> messages, SessionUsage? usage = null, CancellationToken cancellationToken = default)
    {
        var ids = await _writer.WriteAsync(
            (sessionId, messages, usage, _time.GetUtcNow()),
            SessionWriter.Append,
            new Missing<IReadOnlyList<long>?>(null)!,
            cancellationToken).ConfigureAwait(false);
        return ids ?? throw new SessionNotFoundException();
    }

    public override async Task<IReadOnlyList<long>> CreateAndAppendAsync(
        NewSession session, IReadOnlyList<NewMessage> messages, CancellationToken cancellationToken = default)
    {
        CheckHasId(session);
        return await _writer.WriteAsync(
            (Clean(session), messages, _time.GetUtcNow()), SessionWriter.CreateAndAppend, missing: null, cancellationToken).ConfigureAwait(false);
    }

    public override Task<Session?> RenameAsync(string id, string? title, CancellationToken cancellationToken = default) =>
        UpdateAsync(id, new SessionChange { Title = title ?? "" }, cancellationToken);

    public override async Task<Session?> UpdateAsync(string id, SessionChange change, CancellationToken cancellationToken = default)
    {
        var cleaned = change.Title is null ? change : change with { Title = SessionTitle.Clean(change.Title) ?? "" };
        return await _writer.WriteAsync((id, cleaned, _time.GetUtcNow()), SessionWriter.Update, new Missing<Session?>(null), cancellationToken)
            .ConfigureAwait(false);
    }

    public override async Task<Session?> ForkAsync(string id, NewFork? fork = null, CancellationToken cancellationToken = default)
    {
        var newId = fork?.Id is null ? Guid.NewGuid().ToString() : SessionId.Clean(fork.Id);
        var title = SessionTitle.Clean(fork?.Title);
        return await _writer.WriteAsync(
            (id, newId, title, fork?.Title is not null, _time.GetUtcNow()), SessionForker.Fork, new Missing<Session?>(null), cancellationToken)
            .ConfigureAwait(false);
    }

    public override async Task<Session?> EndAsync(string id, string reason, CancellationToken cancellationToken = default) =>
        await _writer.WriteAsync(
            (id, reason, _time.GetUtcNow()), SessionWriter.End, new Missing<Session?>(null), cancellationToken).ConfigureAwait(false);

    public override async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        var deleted = await _writer.WriteAsync(
            id, SessionWriter.Delete, new Missing<SessionWriter.Deleted?>(null), cancellationToken).ConfigureAwait(false);
        if (deleted is null)
        {
            return false;
        }

        var failed = deleted.Ids.Sum(session => TranscriptFiles.Delete(_home.SessionsFolder, session, deleted.SimilarIds));
        if (failed > 0)
        {
            LogTranscriptsLeft(_logger, failed);
        }

        return true;
    }

    public SessionStamp? ReadStamp() => _stamps.Read();

    public long? WritePage(SessionQuery query, IBufferWriter<byte> output)
    {
        CheckCursor(query);
        using var writer = new Utf8JsonWriter(output, SessionJson.WriterOptions);
        var (written, goodUntil) = _readers.Read((query, writer), static (connection, request) =>
        {
            var (query, writer) = request;
            SessionJson.WriteStart(writer);
            var next = SessionReader.ReadPage(connection, query, session => SessionJson.WriteSession(writer, session));
            var (total, goodUntil) = SessionReader.CountSessions(connection, query);
            SessionJson.WritePageEnd(writer, total, query, next is not null, next);
            return (true, goodUntil);
        }, missing: (false, null), _look.Find());
        if (!written)
        {
            SessionJson.WritePage(writer, new SessionPage([], 0, false, null), query);
        }

        return goodUntil;
    }

    public bool WriteSession(string idOrPrefix, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, SessionJson.WriterOptions);
        return _readers.Read((idOrPrefix, writer), static (connection, request) =>
        {
            var (id, writer) = request;
            if (SessionReader.Find(connection, id) is not { } found)
            {
                return false;
            }

            writer.WriteStartObject();
            writer.WritePropertyName("session"u8);
            SessionReader.ReadSession(connection, found.Row, session => SessionJson.WriteSession(writer, session));
            writer.WriteEndObject();
            return true;
        }, missing: false, _look.Find());
    }

    public bool WriteMessages(string idOrPrefix, MessageQuery query, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, SessionJson.WriterOptions);
        return _readers.Read((idOrPrefix, query, writer), static (connection, request) =>
        {
            var (idOrPrefix, query, writer) = request;
            if (SessionReader.Find(connection, idOrPrefix) is not { Id: var id })
            {
                return false;
            }

            SessionJson.WriteStart(writer);
            var count = SessionReader.ReadMessages(connection, id, query, message => SessionJson.WriteMessage(writer, message));
            var isAll = query.Limit is null && query.Offset <= 0;
            var total = isAll ? count : SessionReader.CountMessages(connection, id);
            SessionJson.WriteMessagesEnd(writer, total, hasMore: total - count > Math.Max(query.Offset, 0));
            return true;
        }, missing: false, _look.Find());
    }

    public void Dispose()
    {
        _readers.Dispose();
        _writer.Dispose();
        _stamps.Dispose();
        _searches.Dispose();
    }

    private static NewSession Clean(NewSession session) => session with
    {
        Id = session.Id is null ? Guid.NewGuid().ToString() : SessionId.Clean(session.Id),
        Title = SessionTitle.Clean(session.Title),
    };

    // Also where there is no file to read yet.
    private static void CheckCursor(SessionQuery query)
    {
        if (query.Before is not null)
        {
            PageCursor.Parse(query.Before);
        }
    }

    // SQLite reads on the caller's thread; only how errors arrive is made that of a task.
    private static Task<TResult> Start<TResult>(Func<TResult> read, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<TResult>(cancellationToken);
        }

        try
        {
            return Task.FromResult(read());
        }
        catch (Exception e)
        {
            return Task.FromException<TResult>(e);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "A session was deleted, but {Count} of its transcript files could not be")]
    private static partial void LogTranscriptsLeft(ILogger logger, int count);
}
