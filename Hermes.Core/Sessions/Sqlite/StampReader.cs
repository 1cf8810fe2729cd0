using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>A connection of its own that only says whether the file has changed: data versions compare on one connection alone.</summary>
/// <remarks>Safe for use from any thread.</remarks>
internal sealed class StampReader(string path) : IDisposable
{
    private readonly Lock _lock = new();
    private Connection? _connection;
    private long _opening;
    private bool _disposed;

    /// <summary>The stamp of what the file says now; null where there is none.</summary>
    public SessionStamp? Read()
    {
        var file = FileIdentity.Read(path);
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
                return new SessionStamp(_opening, _connection.ReadDataVersion());
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
        return Connection.Open(path, SqliteOpenMode.ReadOnly, file);
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
