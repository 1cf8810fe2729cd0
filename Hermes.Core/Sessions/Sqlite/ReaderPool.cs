using Microsoft.Data.Sqlite;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>A few long-lived read-only connections to the file that a path names.</summary>
/// <remarks>
/// Safe for use from any thread. When the file is replaced or deleted, its connections are closed as they come back and the next
/// reader opens the new one.
/// </remarks>
internal sealed class ReaderPool(string path) : IDisposable
{
    // What each reader keeps of the file. With SQLite's own 2 MB a page of 500 sessions is fetched from the system every time.
    private const int CacheKilobytes = 8 * 1024;

    private readonly Lock _lock = new();
    private readonly Stack<Connection> _idle = new();
    private readonly SemaphoreSlim _places = new(MaxReaders, MaxReaders);
    private bool _disposed;
    private long _totals;

    // Reads are short and never wait for writers: more of them than the processor can run would only cost memory.
    internal static int MaxReaders { get; } = Math.Clamp(Environment.ProcessorCount + 1, 3, 8);

    /// <summary>Runs a query on a snapshot of the file. Waiting for a connection holds no thread; SQLite then reads on the caller's.</summary>
    /// <param name="state">What the query needs.</param>
    /// <param name="query">The query.</param>
    /// <param name="missing">The result where there is no file, or it has no sessions yet.</param>
    /// <param name="cancellationToken">Ends the waiting. A query that has begun is finished.</param>
    /// <param name="seen">The file that the path named a moment ago; null to look now.</param>
    public async ValueTask<TResult> ReadAsync<TState, TResult>(
        TState state, Func<Connection, TState, TResult> query, TResult missing, CancellationToken cancellationToken, FileIdentity? seen = null)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Read(state, query, missing, seen);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Has every list count anew that is read from here on.</summary>
    public void ForgetTotals()
    {
        lock (_lock)
        {
            _totals++;
        }
    }

    public void Dispose()
    {
        // Those who wait for a place get one when others leave theirs, and find this closed: the semaphore has to outlive them.
        lock (_lock)
        {
            _disposed = true;
            CloseIdle();
        }
    }

    private TResult Read<TState, TResult>(TState state, Func<Connection, TState, TResult> query, TResult missing, FileIdentity? seen)
    {
        var connection = Rent(seen);
        if (connection is null)
        {
            return missing;
        }

        var sound = false;
        try
        {
            connection.BeginRead();
            var result = Answer(connection, state, query, missing);
            connection.Commit();
            sound = true;
            return result;
        }
        catch (SqliteException e)
        {
            throw SqliteFailure.From(e);
        }
        finally
        {
            connection.EndTransaction();
            Return(connection, sound);
        }
    }

    private static TResult Answer<TState, TResult>(
        Connection connection, TState state, Func<Connection, TState, TResult> query, TResult missing)
    {
        var layout = connection.Sql.Layout;
        if (layout.HasSessions)
        {
            return query(connection, state);
        }

        return layout.IsBlank ? missing : throw SqliteFailure.Refused("it has no tables of sessions and messages");
    }

    private Connection? Rent(FileIdentity? seen)
    {
        for (var file = seen ?? FileIdentity.Read(path); ; file = FileIdentity.Read(path))
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, typeof(SqliteSessionStore));
                if (_idle.TryPeek(out var idle) && idle.File == file)
                {
                    var popped = _idle.Pop();
                    if (popped.Totals != _totals)
                    {
                        (popped.LastTotal, popped.Totals) = (null, _totals);
                    }

                    return popped;
                }

                CloseIdle();
            }

            if (file is null)
            {
                return null;
            }

            if (TryOpen(file.Value) is { } opened)
            {
                return opened;
            }
        }
    }

    /// <summary>Opens the file.</summary>
    /// <returns>Null where the path names another file by now.</returns>
    private Connection? TryOpen(FileIdentity file)
    {
        Connection connection;
        try
        {
            connection = Connection.Open(path, SqliteOpenMode.ReadOnly, file, CacheKilobytes);
        }
        catch (SqliteException e)
        {
            return FileIdentity.Read(path) == file ? throw SqliteFailure.From(e) : null;
        }

        if (FileIdentity.Read(path) == file)
        {
            return connection;
        }

        connection.Dispose();
        return null;
    }

    private void Return(Connection connection, bool sound)
    {
        lock (_lock)
        {
            if (sound && !_disposed && (!_idle.TryPeek(out var idle) || idle.File == connection.File))
            {
                _idle.Push(connection);
                return;
            }
        }

        connection.Dispose();
    }

    private void CloseIdle()
    {
        while (_idle.TryPop(out var connection))
        {
            connection.Dispose();
        }
    }
}
