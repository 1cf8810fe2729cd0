using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The sessions in a home's <c>state.db</c>, which the Python agent may use at the same time. The README of Sessions says how.</summary>
internal sealed partial class SqliteSessionStore : SessionStore, IRawSessionStore, ITurnLeaseStore, IDisposable
{
    /// <summary>How long a change waits for other processes before it is given up.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(20);

    // What is read of a session's messages at a time: as records, and as bytes of JSON.
    private const int MessagesAtOnce = 200;
    private const int BytesAtOnce = 128 * 1024;
    private const int ExpectedRows = 32 * 1024;

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

    public override async Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken = default)
    {
        CheckCursor(query);
        return await _readers.ReadAsync(query, static (connection, query) =>
        {
            var items = new List<Session>();
            var next = SessionReader.ReadPage(connection, query, session => items.Add(session.ToSession()));
            return new SessionPage(items, SessionReader.CountSessions(connection, query).Total, next is not null, next);
        }, missing: new SessionPage([], 0, false, null), cancellationToken).ConfigureAwait(false);
    }

    public override async Task<Session?> FindAsync(string idOrPrefix, CancellationToken cancellationToken = default) =>
        await _readers.ReadAsync(
            idOrPrefix,
            static (connection, id) =>
                SessionReader.Find(connection, id) is { } found ? SessionReader.GetConversation(connection, found) : null,
            missing: null,
            cancellationToken).ConfigureAwait(false);

    public override async Task<Session?> FindExactAsync(string id, CancellationToken cancellationToken = default) =>
        await _readers.ReadAsync(
            id,
            static (connection, id) =>
                SessionReader.FindConversation(connection, id) is { } found ? SessionReader.GetConversation(connection, found) : null,
            missing: null,
            cancellationToken).ConfigureAwait(false);

    public override async IAsyncEnumerable<Message> ReadMessagesAsync(
        string sessionId, MessageQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var piece = new List<Message>();
        var pieces = new MessagePieces(
            _readers, query ?? new MessageQuery(), message => piece.Add(message.ToMessage()), () => piece.Count >= MessagesAtOnce);
        var isFound = await pieces.ReadFirstAsync(
            connection => SessionReader.FindConversation(connection, sessionId), cancellationToken).ConfigureAwait(false);
        while (isFound)
        {
            foreach (var message in piece)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return message;
            }

            if (pieces.IsAtEnd)
            {
                break;
            }

            piece.Clear();
            await pieces.ReadNextAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task<SearchPage> SearchAsync(SearchQuery query, CancellationToken cancellationToken = default)
    {
        await _searches.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var nothing = new SearchPage([], false);
            var expression = SearchExpression.Parse(query.Text);
            return expression.Alternatives.Count == 0
                ? nothing
                : await _readers.ReadAsync((query, expression, _blindSpots, cancellationToken), MessageSearch.Run, missing: nothing, cancellationToken)
                    .ConfigureAwait(false);
        }
        finally
        {
            _searches.Release();
        }
    }

    public override async Task<UsageReport> ReadUsageAsync(DateTimeOffset since, CancellationToken cancellationToken = default) =>
        await _readers.ReadAsync(since, SessionReader.ReadUsage, missing: UsageReport.Of([]), cancellationToken).ConfigureAwait(false);

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
        var updated = await _writer.WriteAsync((id, cleaned, _time.GetUtcNow()), SessionWriter.Update, new Missing<Session?>(null), cancellationToken)
            .ConfigureAwait(false);
        if ((change.Pinned ?? change.Archived ?? change.Hidden) is not null)
        {
            _readers.ForgetTotals();
        }

        return updated;
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
            (id, _time.GetUtcNow()), SessionDeleter.Delete, new Missing<List<string>?>(null), cancellationToken).ConfigureAwait(false);
        if (deleted is null)
        {
            return false;
        }

        await DeleteTranscriptsAsync(deleted).ConfigureAwait(false);
        return true;
    }

    // The sessions are gone, whatever becomes of their files: nothing of this is the caller's error.
    private async Task DeleteTranscriptsAsync(List<string> deleted)
    {
        var paths = TranscriptFiles.Of(_home.SessionsFolder, deleted, out var isListed);
        if (!isListed)
        {
            LogTranscriptsUnknown(_logger);
        }

        var left = 0;
        try
        {
            // A file that a session which stays could have written is its.
            var stay = await _readers.ReadAsync(
                paths.SelectMany(TranscriptFiles.PossibleIds).Distinct(),
                static (connection, ids) => ids.Where(id => SessionReader.FindExact(connection, id) is not null).ToHashSet(),
                missing: [],
                CancellationToken.None).ConfigureAwait(false);
            left = paths.Count(path => !TranscriptFiles.PossibleIds(path).Any(stay.Contains) && !TranscriptFiles.TryDelete(path));
        }
        catch (SessionStoreUnavailableException)
        {
            left = paths.Count;
        }

        if (left > 0)
        {
            LogTranscriptsLeft(_logger, left);
        }
    }

    public async Task<TurnLeaseResult> TryTakeLeaseAsync(string sessionId, string holder, CancellationToken cancellationToken)
    {
        try
        {
            // Most files have no leases, and a lease that is held is asked for again and again: neither takes the file's write lock.
            var (isHeldByOther, canTake) = await _readers.ReadAsync(
                (sessionId, holder, _time.GetUtcNow()), TurnLeases.Ask, missing: default, cancellationToken).ConfigureAwait(false);
            if (isHeldByOther || !canTake)
            {
                return new TurnLeaseResult(isHeldByOther, null);
            }
        }
        catch (SessionStoreUnavailableException exception) when (exception.RetryAfter is not null)
        {
            // Somebody writes a file without a log, which nobody can read meanwhile: the turn waits for it as every write does.
        }

        return await _writer.WriteAsync(
            (sessionId, holder, _time.GetUtcNow()), TurnLeases.TryTake, new Missing<TurnLeaseResult>(default), cancellationToken).ConfigureAwait(false);
    }

    public Task<bool> TryAppendAsync(string sessionId, IReadOnlyList<NewMessage> messages, SessionUsage? usage, string conversationId, string holder) =>
        _writer.WriteAsync(
            (sessionId, messages, usage, conversationId, holder, Now: _time.GetUtcNow()),
            static (connection, request) =>
            {
                if (TurnLeases.IsLost(connection, request.conversationId, request.holder))
                {
                    return false;
                }

                SessionWriter.Append(connection, (request.sessionId, request.messages, request.usage, request.Now));
                return true;
            },
            new Missing<bool>(false),
            CancellationToken.None);

    public Task ReleaseLeaseAsync(string conversationId, string holder) =>
        _writer.WriteAsync((conversationId, holder), TurnLeases.GiveBack, new Missing<bool>(false), CancellationToken.None);

    public SessionStamp? ReadStamp() => _stamps.Read();

    public async ValueTask<long?> WritePageAsync(
        SessionQuery query, IReadOnlyList<string> rowNames, IBufferWriter<byte> output, CancellationToken cancellationToken)
    {
        CheckCursor(query);
        var rows = new ArrayBufferWriter<byte>(ExpectedRows);
        await using var writer = new Utf8JsonWriter(rows, SessionJson.WriterOptions);
        writer.WriteStartArray();
        var (total, next, goodUntil) = await _readers.ReadAsync((query, writer), static (connection, request) =>
        {
            var (query, writer) = request;
            var next = SessionReader.ReadPage(connection, query, session => SessionJson.WriteSession(writer, session));
            var (total, goodUntil) = SessionReader.CountSessions(connection, query);
            return (total, next, goodUntil);
        }, missing: (0L, null, null), cancellationToken, _look.Find()).ConfigureAwait(false);
        writer.WriteEndArray();
        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        SessionJson.WriteRows(output, rows.WrittenSpan, rowNames);
        WriteEnd(output, end => SessionJson.WritePageEnd(end, total, query, next is not null, next));
        return goodUntil;
    }

    public async ValueTask<bool> WriteSessionAsync(string idOrPrefix, IBufferWriter<byte> output, CancellationToken cancellationToken)
    {
        await using var writer = new Utf8JsonWriter(output, SessionJson.WriterOptions);
        return await _readers.ReadAsync((idOrPrefix, writer), static (connection, request) =>
        {
            var (id, writer) = request;
            if (SessionReader.Find(connection, id) is not { } found)
            {
                return false;
            }

            writer.WriteStartObject();
            writer.WritePropertyName("session"u8);
            SessionReader.ReadConversation(connection, found, session => SessionJson.WriteSession(writer, session));
            writer.WriteEndObject();
            return true;
        }, missing: false, cancellationToken, _look.Find()).ConfigureAwait(false);
    }

    public async ValueTask<bool> WriteMessagesAsync(
        string idOrPrefix, MessageQuery query, IReadOnlyList<string> rowNames, IBufferWriter<byte> output, Func<ValueTask<bool>> sendAsync, CancellationToken cancellationToken)
    {
        var piece = new ArrayBufferWriter<byte>(ExpectedRows);
        await using var writer = new Utf8JsonWriter(piece, SessionJson.WriterOptions);
        Conversation? found = null;
        var sent = 0L;
        var pieces = new MessagePieces(
            _readers,
            query,
            message => SessionJson.WriteMessage(writer, message),
            () => writer.BytesCommitted + writer.BytesPending - sent >= BytesAtOnce);
        var isFound = await pieces.ReadFirstAsync(
            connection =>
            {
                writer.WriteStartArray();
                return found = SessionReader.Find(connection, idOrPrefix);
            },
            cancellationToken,
            _look.Find()).ConfigureAwait(false);
        if (!isFound)
        {
            return false;
        }

        if (pieces.IsAtEnd)
        {
            writer.WriteEndArray();
            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            SessionJson.WriteRows(output, piece.WrittenSpan, rowNames);
        }
        else if (!await WriteRoundsAsync().ConfigureAwait(false))
        {
            return true;
        }

        WriteEnd(output, end => SessionJson.WriteMessagesEnd(
            end, FieldValue.Utf8Text(found!.First.Id), pieces.Total, hasMore: pieces.Total - pieces.Count > Math.Max(query.Offset, 0)));
        return true;

        // All pieces for one name after the other: held for the second one, they would be the whole conversation.
        async ValueTask<bool> WriteRoundsAsync()
        {
            SessionJson.WriteListStart(output);
            for (var round = 0; round < rowNames.Count; round++)
            {
                if (round > 0)
                {
                    pieces.Restart();
                    writer.Reset();
                    sent = 0;
                    writer.WriteStartArray();
                    await pieces.ReadNextAsync(cancellationToken).ConfigureAwait(false);
                }

                SessionJson.WriteRowName(output, rowNames[round]);
                while (!pieces.IsAtEnd)
                {
                    await MoveAsync().ConfigureAwait(false);
                    if (!await sendAsync().ConfigureAwait(false))
                    {
                        return false;
                    }

                    await pieces.ReadNextAsync(cancellationToken).ConfigureAwait(false);
                }

                writer.WriteEndArray();
                await MoveAsync().ConfigureAwait(false);
            }

            return true;
        }

        async ValueTask MoveAsync()
        {
            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            sent = writer.BytesCommitted;
            output.Write(piece.WrittenSpan);
            piece.ResetWrittenCount();
        }
    }

    public void Dispose()
    {
        _readers.Dispose();
        _writer.Dispose();
        _stamps.Dispose();

        // Those who wait to search get their turn, and find the readers closed: the semaphore has to outlive them.
    }

    private static void WriteEnd(IBufferWriter<byte> output, Action<Utf8JsonWriter> write)
    {
        output.Write(","u8);
        using var end = new Utf8JsonWriter(output, SessionJson.WriterOptions);
        write(end);
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
            PageCursor.Parse(query);
        }
    }

    [LoggerMessage(2, LogLevel.Warning, "A session was deleted, but the folder of transcripts could not be listed: some of its files may be left")]
    private static partial void LogTranscriptsUnknown(ILogger logger);

    [LoggerMessage(1, LogLevel.Warning, "A session was deleted, but {Count} of its transcript files could not be")]
    private static partial void LogTranscriptsLeft(ILogger logger, int count);
}
