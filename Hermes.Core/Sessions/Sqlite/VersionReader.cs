using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>Reads the version token of the file that a path names.</summary>
/// <remarks>
/// <c>PRAGMA data_version</c> changes with every commit of another connection, and compares on one connection alone. So this has a connection of
/// its own, on which nothing is ever written: to it this process's writes are another connection's too. Safe for use from any thread.
/// </remarks>
internal sealed class VersionReader(string path) : IDisposable
{
    private readonly Lock _lock = new();
    private Connection? _connection;
    private long _opening;
    private bool _disposed;

    /// <summary>The version token of what the file says now.</summary>
    /// <returns>Null where there is no file, or one without a log is just being written: nothing that is read then may be kept.</returns>
    public VersionToken? Read()
    {
        var file = FileIdentity.Read(path);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(SqliteSessionStore));
            if (_connection?.File != file)
                Close();

            if (file is null)
                return null;

            try
            {
                _connection ??= Open(file.Value);
                return new VersionToken(_opening, _connection.ReadDataVersion());
            }
            catch (SqliteException e) when (SqliteFailure.IsBusy(e))
            {
                return null;
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

    private Connection Open(FileIdentity file)
    {
        _opening = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
        var connection = Connection.Open(path, SqliteOpenMode.ReadOnly, file);

        // Every request comes by here, and none of them has to know the version at any price.
        connection.DisableBusyTimeout();
        return connection;
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
