using Microsoft.Data.Sqlite;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The one connection of this process that writes, and the line of those who wait for it.</summary>
/// <remarks>
/// Safe for use from any thread. Waiting, for the connection and for other processes' locks alike, holds no thread and no reader.
/// </remarks>
internal sealed class Writer(HermesHome home, TimeProvider time, TimeSpan patience) : IDisposable
{
    private const int LongestPause = 50;

    private readonly string _path = home.StateDatabase;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Connection? _connection;
    private volatile bool _disposed;

    /// <summary>Does some work in a transaction of its own. The work may run several times: a failed run has left nothing behind.</summary>
    /// <param name="state">What the work needs.</param>
    /// <param name="work">The work; an exception of its own undoes it.</param>
    /// <param name="missing">The result where there is no file, or no table in it; null to create both.</param>
    /// <param name="cancellationToken">Ends the waiting. Work that has begun is finished.</param>
    public async Task<TResult> WriteAsync<TState, TResult>(
        TState state, Func<Connection, TState, TResult> work, Missing<TResult>? missing, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        if (!await _gate.WaitAsync(patience, cancellationToken).ConfigureAwait(false))
        {
            throw SqliteFailure.Busy();
        }

        try
        {
            for (var attempt = 0; ; attempt++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ObjectDisposedException.ThrowIf(_disposed, typeof(SqliteSessionStore));
                if (TryWrite(state, work, missing, out var result))
                {
                    return result;
                }

                var left = patience - time.GetElapsedTime(began);
                if (left <= TimeSpan.Zero)
                {
                    throw SqliteFailure.Busy();
                }

                var pause = Pause(attempt);
                await Task.Delay(pause < left ? pause : left, time, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            if (_disposed)
            {
                Close();
            }

            _gate.Release();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        if (_gate.Wait(0))
        {
            // Whoever has the gate instead closes the connection when done.
            Close();
            _gate.Release();
        }
    }

    // Short at first, as most locks are; with jitter, so that two who wait do not meet again and again.
    private static TimeSpan Pause(int attempt)
    {
        var longest = Math.Min(LongestPause, 2 << Math.Min(attempt, 8));
        return TimeSpan.FromMilliseconds(1 + (Random.Shared.NextDouble() * longest));
    }

    private bool TryWrite<TState, TResult>(
        TState state, Func<Connection, TState, TResult> work, Missing<TResult>? missing, out TResult result)
    {
        result = default!;
        try
        {
            var connection = Connect(create: missing is null);
            if (connection is null)
            {
                result = missing!.Value.Result;
                return true;
            }

            try
            {
                if (missing is null)
                {
                    PrepareBlankFile(connection);
                }

                if (!connection.TryBeginWrite())
                {
                    return false;
                }

                connection.RefreshLayout();
                if (connection.Sql.Layout.IsBlank)
                {
                    if (missing is { } none)
                    {
                        result = none.Result;
                        return true;
                    }

                    connection.Execute(SchemaV6.Create);
                    connection.RefreshLayout();
                }

                CheckWritable(connection.Sql.Layout);
                result = work(connection, state);
                connection.Commit();
                return true;
            }
            finally
            {
                connection.EndTransaction();
            }
        }
        catch (SqliteException e) when (SqliteFailure.IsBusy(e))
        {
            return false;
        }
        catch (SqliteException e)
        {
            Close();
            throw SqliteFailure.From(e);
        }
    }

    // The journal mode can be set outside of transactions only, and is never touched where there is a table.
    private static void PrepareBlankFile(Connection connection)
    {
        connection.RefreshLayout();
        if (connection.Sql.Layout.IsBlank)
        {
            connection.Execute("PRAGMA journal_mode=WAL");
        }
    }

    private static void CheckWritable(DatabaseLayout layout)
    {
        if (!layout.HasSessions)
        {
            throw SqliteFailure.Refused("it has no tables of sessions and messages");
        }

        if (layout.ReadOnlyReason is { } reason)
        {
            throw SqliteFailure.Refused(reason);
        }
    }

    private Connection? Connect(bool create)
    {
        while (true)
        {
            var file = FileIdentity.Read(_path);
            if (file is not null && _connection?.File == file)
            {
                return _connection;
            }

            Close();
            if (file is null && !create)
            {
                return null;
            }

            _connection = file is null ? CreateFile() : Connection.Open(_path, SqliteOpenMode.ReadWrite, file);
            if (FileIdentity.Read(_path) == _connection.File)
            {
                return _connection;
            }
        }
    }

    private Connection CreateFile()
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(home.Path);
                using var created = Connection.Open(_path, SqliteOpenMode.ReadWriteCreate, file: null);
            }
            else
            {
                Directory.CreateDirectory(home.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                using var created = Connection.Open(_path, SqliteOpenMode.ReadWriteCreate, file: null);

                // Still empty; the log and the shared memory that SQLite makes beside it take its mode over.
                File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SqliteFailure.Refused("it cannot be created", e);
        }

        return Connection.Open(_path, SqliteOpenMode.ReadWrite, FileIdentity.Read(_path));
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }
}

/// <summary>The result of a write that finds nothing to change.</summary>
internal readonly record struct Missing<TResult>(TResult Result);
