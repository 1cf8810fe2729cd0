using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>A few long-lived read-only connections to the file that a path names, and one that tells its version.</summary>
/// <remarks>Safe for use from any thread. When the file is replaced or deleted, its connections are closed as they come back and the next
/// reader opens the new one.</remarks>
internal sealed class ReaderPool(string path) : IDisposable
{
    // What each reader keeps of the file. With SQLite's own 2 MB a page of 500 sessions is fetched from the system every time.
    private const int CacheKilobytes = 8 * 1024;

    private readonly Lock _lock = new();
    private readonly Stack<Connection> _idle = new();
    private readonly SemaphoreSlim _places = new(MaxReaders, MaxReaders);
    private bool _disposed;

    // Its own lock: nobody who asks for the version waits for those who read.
    private readonly Lock _versionLock = new();
    private Connection? _versionReader;
    private long _opening;

    // Reads are short and never wait for writers: more of them than the processor can run would only cost memory.
    internal static int MaxReaders { get; } = Math.Clamp(Environment.ProcessorCount + 1, 3, 8);

    /// <summary>Runs a query on a snapshot of the file. Waiting for a connection holds no thread; SQLite then reads on the caller's.</summary>
    /// <param name="query">The query.</param>
    /// <param name="missing">The result where there is no file, or it has no sessions yet.</param>
    /// <param name="cancellationToken">Ends the waiting. A query that has begun is finished.</param>
    public async ValueTask<T> ReadAsync<T>(Func<Connection, T> query, T missing, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Read(query, missing);
        }
        catch (SqliteException e)
        {
            throw SqliteFailure.From(e);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>The version token of what the file says now.</summary>
    /// <remarks><c>PRAGMA data_version</c> changes with every commit of another connection, and compares on one connection alone. So there
    /// is one for it on which nothing is ever written: to it this process's writes are another connection's too.</remarks>
    /// <returns>Null where there is no file, or one without a log is just being written: nothing that is read then may be kept.</returns>
    public VersionToken? ReadVersion()
    {
        var file = FileIdentity.Read(path);
        lock (_versionLock)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(SqliteSessionStore));
            if (_versionReader?.File != file)
                CloseVersionReader();

            if (file is null) return null;

            try
            {
                if (_versionReader is null)
                {
                    _opening = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
                    _versionReader = Connection.Open(path, SqliteOpenMode.ReadOnly, file);

                    // Every request comes by here, and none of them has to know the version at any price.
                    _versionReader.DisableBusyTimeout();
                }

                return new VersionToken(_opening, _versionReader.ReadDataVersion());
            }
            catch (SqliteException e) when (SqliteFailure.IsBusy(e))
            {
                return null;
            }
            catch (SqliteException e)
            {
                CloseVersionReader();
                throw SqliteFailure.From(e);
            }
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

        lock (_versionLock)
            CloseVersionReader();
    }

    private T Read<T>(Func<Connection, T> query, T missing)
    {
        if (Rent() is not { } connection) return missing;

        var isSound = false;
        try
        {
            connection.BeginRead();
            var layout = connection.Sql.Layout;
            var result = layout.HasSessions ? query(connection)
                : layout.IsBlank ? missing
                : throw SqliteFailure.Refused("it has no tables of sessions and messages");
            connection.Commit();
            isSound = true;
            return result;
        }
        finally
        {
            connection.EndTransaction();
            Return(connection, isSound);
        }
    }

    private Connection? Rent()
    {
        while (true)
        {
            var file = FileIdentity.Read(path);
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, typeof(SqliteSessionStore));
                if (_idle.TryPeek(out var idle) && idle.File == file) return _idle.Pop();

                CloseIdle();
            }

            if (file is null) return null;
            if (TryOpen(file.Value) is { } opened) return opened;
        }
    }

    /// <summary>Opens the file; null where the path names another one by now.</summary>
    private Connection? TryOpen(FileIdentity file)
    {
        try
        {
            var connection = Connection.Open(path, SqliteOpenMode.ReadOnly, file, CacheKilobytes);
            if (FileIdentity.Read(path) == file) return connection;

            connection.Dispose();
        }
        catch (SqliteException) when (FileIdentity.Read(path) != file)
        {
            // Whatever stood in the way has gone with the file.
        }

        return null;
    }

    private void Return(Connection connection, bool isSound)
    {
        lock (_lock)
        {
            if (isSound && !_disposed && (!_idle.TryPeek(out var idle) || idle.File == connection.File))
            {
                _idle.Push(connection);
                return;
            }
        }

        connection.Dispose();
    }

    private void CloseVersionReader()
    {
        _versionReader?.Dispose();
        _versionReader = null;
    }

    private void CloseIdle()
    {
        while (_idle.TryPop(out var connection))
            connection.Dispose();
    }
}
