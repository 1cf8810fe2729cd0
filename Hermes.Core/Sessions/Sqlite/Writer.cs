using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The one connection of this process that writes, and the line of those who wait for it.</summary>
/// <remarks>
/// <para>Safe for use from any thread. Waiting, for the connection and for other processes' locks alike, holds no thread and no reader.</para>
/// <para>Those who wait share a transaction: to make a commit durable costs more than the change does. Should one of them fail, all of it is
/// undone and each gets a transaction of its own, so that nobody suffers from another's mistake.</para>
/// </remarks>
internal sealed class Writer(HermesHome home, TimeProvider time, TimeSpan patience) : IDisposable
{
    private const int LongestPause = 50;

    // Bounds how long other processes wait for us.
    private const int MaxTogether = 32;

    private readonly string _path = home.StateDatabase;
    private readonly ConcurrentQueue<PendingWrite> _line = new();

    // These two are for whoever works.
    private readonly List<PendingWrite> _front = [];
    private Connection? _connection;

    private int _isWorking;
    private volatile bool _disposed;

    /// <summary>Does some work in a transaction. The work may run several times: a failed run has left nothing behind.</summary>
    /// <param name="state">What the work needs.</param>
    /// <param name="work">The work; an exception of its own undoes it.</param>
    /// <param name="missing">The result where there is no file, or no table in it; null to create both.</param>
    /// <param name="cancellationToken">Ends the waiting. Work that has begun is finished.</param>
    public Task<TResult> WriteAsync<TState, TResult>(
        TState state, Func<Connection, TState, TResult> work, Missing<TResult>? missing, CancellationToken cancellationToken)
    {
        var write = new PendingWrite<TState, TResult>(state, work, missing, time.GetTimestamp(), cancellationToken);
        _line.Enqueue(write);
        Work();
        return write.Task;
    }

    public void Dispose()
    {
        _disposed = true;

        // Whoever is at work closes the connection instead.
        Work();
    }

    // Short at first, as most locks are; with jitter, so that two who wait do not meet again and again.
    private static TimeSpan Pause(int attempt)
    {
        var longest = Math.Min(LongestPause, 2 << Math.Min(attempt, 8));
        return TimeSpan.FromMilliseconds(1 + (Random.Shared.NextDouble() * longest));
    }

    private void Work()
    {
        if (TryBeginWork())
        {
            _ = WorkAsync();
        }
    }

    private bool TryBeginWork() => Interlocked.Exchange(ref _isWorking, 1) == 0;

    private async Task WorkAsync()
    {
        do
        {
            for (var attempt = 0; TakeFront();)
            {
                if (TryWriteFront())
                {
                    attempt = 0;
                    if (!_line.IsEmpty)
                    {
                        // The thread belongs to the first who came, and that one is done: another one goes on.
                        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                    }
                }
                else
                {
                    var pause = Pause(attempt++);
                    var left = patience - time.GetElapsedTime(_front[0].Since);
                    await Task.Delay(pause < left ? pause : TimeSpan.FromTicks(Math.Max(left.Ticks, 0)), time).ConfigureAwait(false);
                }
            }

            if (_disposed)
            {
                Close();
            }

            Interlocked.Exchange(ref _isWorking, 0);
        }
        while ((!_line.IsEmpty || (_disposed && _connection is not null)) && TryBeginWork());
    }

    /// <summary>Takes from the line those whose turn it is, and sends away those who waited for too long.</summary>
    /// <returns>Whether anybody is left.</returns>
    private bool TakeFront()
    {
        while (_front.Count < MaxTogether && _line.TryDequeue(out var next))
        {
            _front.Add(next);
        }

        foreach (var write in _front)
        {
            if (_disposed)
            {
                write.Fail(new ObjectDisposedException(nameof(SqliteSessionStore)));
            }
            else if (time.GetElapsedTime(write.Since) >= patience)
            {
                write.Fail(SqliteFailure.Busy());
            }
        }

        _front.RemoveAll(write => write.IsOver);
        return _front.Count > 0;
    }

    /// <summary>Makes the changes of those in front, together or one by one.</summary>
    /// <returns>False where another process is writing: those left in front have to wait.</returns>
    private bool TryWriteFront()
    {
        if (_front.Count > 1 && TryWriteTogether())
        {
            return true;
        }

        while (_front.Count > 0)
        {
            if (!TryWrite(_front[0]))
            {
                return false;
            }

            _front.RemoveAt(0);
        }

        return true;
    }

    /// <summary>Makes all changes in one transaction.</summary>
    /// <returns>False where it cannot be, and nothing was changed: one by one it will show why.</returns>
    private bool TryWriteTogether()
    {
        var begun = new List<PendingWrite>(_front.Count);
        try
        {
            if (Connect(create: false) is not { } connection || !connection.TryBeginWrite())
            {
                return false;
            }

            try
            {
                connection.RefreshLayout();
                if (connection.Sql.Layout.IsBlank)
                {
                    return false;
                }

                CheckWritable(connection.Sql.Layout);
                foreach (var write in _front)
                {
                    if (write.TryBegin())
                    {
                        begun.Add(write);
                        write.Run(connection);
                    }
                }

                connection.Commit();
            }
            finally
            {
                connection.EndTransaction();
            }
        }
        catch (Exception)
        {
            begun.ForEach(write => write.Wait());
            return false;
        }

        _front.Clear();
        begun.ForEach(write => write.Complete());
        return true;
    }

    /// <summary>Makes one change in a transaction of its own, or finds out that it cannot be made.</summary>
    /// <returns>False where another process is writing.</returns>
    private bool TryWrite(PendingWrite write)
    {
        try
        {
            if (!TryRun(write))
            {
                return false;
            }

            if (!write.IsOver)
            {
                write.Complete();
            }
        }
        catch (SqliteException e) when (SqliteFailure.IsBusy(e))
        {
            write.Wait();
            return false;
        }
        catch (SqliteException e)
        {
            Close();
            write.Fail(SqliteFailure.From(e));
        }
        catch (Exception e)
        {
            write.Fail(e);
        }

        return true;
    }

    private bool TryRun(PendingWrite write)
    {
        var connection = Connect(write.CreatesFile);
        if (connection is null)
        {
            if (write.TryBegin())
            {
                write.RunMissing();
            }

            return true;
        }

        try
        {
            if (write.CreatesFile)
            {
                PrepareBlankFile(connection);
            }

            if (!connection.TryBeginWrite())
            {
                return false;
            }

            if (!write.TryBegin())
            {
                return true;
            }

            connection.RefreshLayout();
            if (connection.Sql.Layout.IsBlank)
            {
                if (!write.CreatesFile)
                {
                    write.RunMissing();
                    return true;
                }

                connection.Execute(SchemaV6.Create);
                connection.RefreshLayout();
            }

            CheckWritable(connection.Sql.Layout);
            write.Run(connection);
            connection.Commit();
            return true;
        }
        finally
        {
            connection.EndTransaction();
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
