using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>A connection of its own that only says whether the file has changed: data versions compare on one connection alone.</summary>
/// <remarks>Safe for use from any thread.</remarks>
internal sealed class StampReader(string path, FileLook look) : IDisposable
{
    private readonly Lock _lock = new();
    private Connection? _connection;
    private long _opening;
    private long _version;
    private long _dataVersion;
    private WalIndex? _index;
    private WalIndex.Head _head;
    private bool _disposed;

    /// <summary>The stamp of what the file says now; null where there is none.</summary>
    public SessionStamp? Read()
    {
        var file = look.Find();
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(SqliteSessionStore));
            if (_connection?.File != file)
            {
                Close();
            }

            if (file is null)
            {
                return null;
            }

            try
            {
                _connection ??= Open(file.Value);
                Look(_connection);
                return new SessionStamp(_opening, _version);
            }
            catch (SqliteException e) when (SqliteFailure.IsBusy(e) && _connection is not null)
            {
                // A file without a log, just being written: whatever is read after this is at least as new as a version of its own.
                return new SessionStamp(_opening, ++_version);
            }
            catch (SqliteException e)
            {
                Close();
                throw SqliteFailure.From(e);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            Close();
        }
    }

    /// <summary>Counts on if anything was committed since the last look. A commit that is seen on both ways may count twice.</summary>
    private void Look(Connection connection)
    {
        if (_index is { } index && index.TryRead(out var head))
        {
            if (head != _head)
            {
                _head = head;
                _version++;
            }

            return;
        }

        // The index is looked for when something was committed: only then can a file have got a log that had none.
        var dataVersion = connection.ReadDataVersion();
        if (dataVersion != _dataVersion)
        {
            _dataVersion = dataVersion;
            _version++;
            _index ??= WalIndex.Find(connection);

            // Whatever was committed meanwhile is in every answer with the new version.
            _ = _index?.TryRead(out _head);
        }
    }

    private Connection Open(FileIdentity file)
    {
        _opening = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
        var connection = Connection.Open(path, SqliteOpenMode.ReadOnly, file);

        // Everybody comes by here, and nobody has to learn the version at any price.
        connection.WaitForNoLock();
        return connection;
    }

    private void Close()
    {
        // The index lies in memory of the connection.
        _index = null;
        _dataVersion = 0;
        _connection?.Dispose();
        _connection = null;
    }
}
