namespace Hermes.Core.Sessions;

/// <summary>A store that gives its rows as it reads them, so that lists of sessions and messages are written without strings between.</summary>
/// <remarks>Safe for use from any thread. What is waited for, a connection to read with, holds no thread and ends when it is cancelled. A
/// row reader is called while the store reads, inside its transaction: it must be quick, and wait for nobody. The errors are those of
/// <see cref="SessionStore"/>.</remarks>
internal interface IRowStore
{
    /// <summary>Reads the store's version token. What is read after it is at least as new.</summary>
    /// <returns>Null where an answer may not be kept: there is no file, or its version cannot be known.</returns>
    VersionToken? ReadVersion();

    /// <summary>Reads the page that <see cref="SessionStore.ListAsync"/> would give.</summary>
    /// <returns>How many sessions the query reaches over all pages, and the cursor of the next page; null at the end.</returns>
    ValueTask<(long Total, string? Next)> ReadPageAsync(SessionQuery query, RowReader<SessionRow> onSession, CancellationToken cancellationToken);

    /// <summary>Reads the conversation that <see cref="SessionStore.FindAsync"/> would find.</summary>
    /// <returns>False where it finds none.</returns>
    ValueTask<bool> ReadSessionAsync(string idOrPrefix, RowReader<SessionRow> onSession, CancellationToken cancellationToken);

    /// <summary>Begins to read the messages of the conversation that <see cref="SessionStore.FindAsync"/> would find.</summary>
    /// <remarks>After each message <paramref name="isFull"/> is asked whether to stop for now.</remarks>
    /// <returns>Where it stopped; null where there is no such conversation.</returns>
    ValueTask<MessagePosition?> ReadMessagesAsync(
        string idOrPrefix, MessageQuery query, RowReader<MessageRow> onMessage, Func<bool> isFull, CancellationToken cancellationToken);

    /// <summary>Goes on where reading stopped. Nothing of the store is held meanwhile: it may be as late as it likes.</summary>
    /// <returns>Where it stopped now.</returns>
    /// <exception cref="SessionStoreUnavailableException">The file cannot be read any more, or another one took its name.</exception>
    ValueTask<MessagePosition> ReadMessagesAsync(MessagePosition position, RowReader<MessageRow> onMessage, Func<bool> isFull, CancellationToken cancellationToken);
}

/// <summary>Takes a row, which is valid during the call alone.</summary>
internal delegate void RowReader<TRow>(in TRow row) where TRow : struct, allows ref struct;

/// <summary>Where reading a conversation's messages stopped.</summary>
/// <remarks>Which messages they are was read at once, what they say is read step by step: one that is deleted meanwhile is left out.</remarks>
/// <param name="SessionId">The id of the conversation's first session.</param>
/// <param name="Ids">The ids of the messages that were asked for, in their order.</param>
/// <param name="Index">The index of the next of them.</param>
/// <param name="Count">How many were read so far.</param>
/// <param name="AllCount">How many messages people see in the conversation, those that were not asked for as well; null where all were asked for.</param>
/// <param name="Source">What was read from.</param>
internal sealed record MessagePosition(string SessionId, long[] Ids, int Index, long Count, long? AllCount, object Source)
{
    /// <summary>Whether all has been read.</summary>
    public bool IsAtEnd => Index == Ids.Length;

    /// <summary>How many messages people see in the conversation. Known at the end.</summary>
    public long Total => AllCount ?? Count;

    /// <summary>The position before the first message.</summary>
    public MessagePosition Start => this with { Index = 0, Count = 0 };
}

/// <summary>A value that changes whenever what a store answers may have changed. Fit for an ETag, also across restarts.</summary>
/// <param name="Opening">A random number for each time that the file was opened: versions of different openings do not compare.</param>
/// <param name="Version">Changes with every commit to the file, by any process.</param>
internal readonly record struct VersionToken(long Opening, long Version);
