namespace Hermes.Core.Sessions.Sqlite;

/// <summary>Reads a conversation's messages piece by piece: which they are at once, what they say in short transactions, one for each piece.</summary>
/// <remarks>
/// <para>Whoever takes a piece may be as slow as they like: between pieces no reader is held, and no moment of the file, which would keep its log
/// from being reset. A message takes 8 bytes until it is read. One that is deleted meanwhile is left out; one that is changed is given as it is then.</para>
/// <para>For one thread at a time.</para>
/// </remarks>
/// <param name="readers">The connections.</param>
/// <param name="query">Which messages.</param>
/// <param name="onMessage">What is done with each.</param>
/// <param name="isFull">Asked after each message: whether the piece ends here.</param>
internal sealed class MessagePieces(ReaderPool readers, MessageQuery query, SessionReader.OnMessage onMessage, Func<bool> isFull)
{
    private long[] _ids = [];
    private FileIdentity? _file;
    private int _next;
    private long _total;

    /// <summary>Whether all has been read.</summary>
    public bool IsAtEnd => _next == _ids.Length;

    /// <summary>How many messages were read so far.</summary>
    public long Count { get; private set; }

    /// <summary>How many messages people see in the conversation, those that the query leaves out as well. Known at the end.</summary>
    public long Total => query.Limit is null && query.Offset <= 0 ? Count : _total;

    /// <summary>Reads the first piece.</summary>
    /// <param name="find">Finds the conversation; null where there is none.</param>
    /// <param name="cancellationToken">Ends the waiting for a reader.</param>
    /// <param name="seen">The file that the path named a moment ago; null to look now.</param>
    /// <returns>False where there is no conversation.</returns>
    public ValueTask<bool> ReadFirstAsync(Func<Connection, Conversation?> find, CancellationToken cancellationToken, FileIdentity? seen = null) =>
        readers.ReadAsync((Pieces: this, find), static (connection, request) => request.Pieces.ReadFirst(connection, request.find), missing: false, cancellationToken, seen);

    /// <summary>Begins again with the same messages: the next piece is the first.</summary>
    public void Restart() => (_next, Count) = (0, 0);

    /// <summary>Reads the next piece.</summary>
    /// <exception cref="SessionStoreUnavailableException">The file cannot be read any more, or another one took its name.</exception>
    public async ValueTask ReadNextAsync(CancellationToken cancellationToken)
    {
        var isSameFile = await readers.ReadAsync(this, static (connection, pieces) => pieces.ReadNext(connection), missing: false, cancellationToken)
            .ConfigureAwait(false);
        if (!isSameFile)
        {
            throw SqliteFailure.Refused("state.db was replaced while it was read");
        }
    }

    private bool ReadFirst(Connection connection, Func<Connection, Conversation?> find)
    {
        if (find(connection) is not { } conversation)
        {
            return false;
        }

        _file = connection.File;
        _ids = SessionReader.ReadMessageIds(connection, conversation, query);
        _total = query.Limit is null && query.Offset <= 0 ? 0 : SessionReader.CountMessages(connection, conversation);
        return ReadNext(connection);
    }

    private bool ReadNext(Connection connection)
    {
        if (connection.File != _file)
        {
            return false;
        }

        while (!IsAtEnd)
        {
            if (SessionReader.ReadMessage(connection, _ids[_next++], onMessage))
            {
                Count++;
            }

            if (isFull())
            {
                break;
            }
        }

        return true;
    }
}
