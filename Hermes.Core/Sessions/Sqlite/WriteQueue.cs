using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The writes of this process, which one loop makes one after the other on the one connection that writes.</summary>
/// <remarks>
/// <para>Safe for use from any thread. Waiting, for other writes and for other processes' locks alike, holds no thread.</para>
/// <para>Those that wait at the same time share a transaction, a batch: to make a commit durable costs more than the change does. Should one of them
/// fail, all of it is rolled back and each gets a transaction of its own, so that nobody suffers from another's mistake.</para>
/// <para>Disposal lets those that wait be made and takes no more. <see cref="DisposeAsync"/> ends when they are, <see cref="Dispose"/> at once.</para>
/// </remarks>
internal sealed class WriteQueue : IDisposable, IAsyncDisposable
{
    // Bounds how long other processes wait for us.
    private const int MaxBatch = 32;
    private const int MaxPauseMilliseconds = 50;
    private readonly Channel<Write> _waiting = Channel.CreateUnbounded<Write>(new UnboundedChannelOptions { SingleReader = true });
    private readonly HermesHome _home;
    private readonly TimeProvider _time;
    private readonly Task _loop;

    // How long a write waits for its turn before it fails.
    private readonly TimeSpan _timeout;

    // Opened when it is needed, and anew when the file was replaced.
    private Connection? _connection;

    public WriteQueue(HermesHome home, TimeProvider time, TimeSpan timeout)
    {
        (_home, _time, _timeout) = (home, time, timeout);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Makes a change in a transaction. It is told the time of this call.</summary>
    /// <param name="change">The change; an exception of its own undoes it. It may be called several times: a call that failed has left nothing behind.</param>
    /// <param name="cancellationToken">Ends the waiting. A change that has begun is finished.</param>
    /// <param name="createsFile">Whether file and tables are created where they are missing; else nothing is changed then, and the result is the default.</param>
    public async Task<T> WriteAsync<T>(Func<Connection, DateTimeOffset, T> change, CancellationToken cancellationToken, bool createsFile = false)
    {
        var now = _time.GetUtcNow();
        var write = new Write(connection => change(connection, now), createsFile, _time.GetTimestamp(), cancellationToken);
        write.WaitAgain();
        ObjectDisposedException.ThrowIf(!_waiting.Writer.TryWrite(write), typeof(SqliteSessionStore));
        return await write.Task.ConfigureAwait(false) is T result ? result : default!;
    }

    public void Dispose() => _waiting.Writer.TryComplete();

    public async ValueTask DisposeAsync()
    {
        Dispose();
        await _loop.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        var batch = new List<Write>(MaxBatch);
        var attempt = 0;
        while (batch.Count > 0 || await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (batch.Count < MaxBatch && _waiting.Reader.TryRead(out var next))
                batch.Add(next);

            foreach (var write in batch.Where(write => _time.GetElapsedTime(write.Since) >= _timeout))
                write.Fail(SqliteFailure.Busy());

            batch.RemoveAll(write => write.IsOver);
            attempt = TryWrite(batch) ? 0 : attempt + 1;
            if (attempt > 0)
            {
                // Short at first, as most locks are; with jitter, so that two who wait do not meet again and again.
                var pause = TimeSpan.FromMilliseconds(1 + (Random.Shared.NextDouble() * Math.Min(MaxPauseMilliseconds, 1 << Math.Min(attempt, 9))));
                var left = _timeout - _time.GetElapsedTime(batch[0].Since);
                await Task.Delay(TimeSpan.FromTicks(Math.Clamp(pause.Ticks, 0, Math.Max(left.Ticks, 0))), _time).ConfigureAwait(false);
            }

            batch.RemoveAll(write => write.IsOver);
        }

        Close();
    }

    /// <summary>Makes the changes of a batch, together or one by one. Whatever goes wrong is the outcome of the write at hand, and never thrown.</summary>
    /// <returns>False where another process is writing: those that are not over have to wait.</returns>
    private bool TryWrite(List<Write> batch)
    {
        try
        {
            return batch.Count == 0 || TryCommit(batch);
        }
        catch (SqliteException e) when (SqliteFailure.IsBusy(e))
        {
            batch.ForEach(write => write.WaitAgain());
            return false;
        }
        catch (Exception) when (batch.Count > 1)
        {
            batch.ForEach(write => write.WaitAgain());
            return batch.TrueForAll(write => TryWrite([write]));
        }
        catch (SqliteException e)
        {
            Close();
            batch[0].Fail(SqliteFailure.From(e));
        }
        catch (Exception e)
        {
            batch[0].Fail(e);
        }

        return true;
    }

    /// <summary>Makes the changes of a batch in one transaction, or none of them.</summary>
    /// <returns>False where another process is writing.</returns>
    private bool TryCommit(List<Write> batch)
    {
        var createsFile = batch.Exists(write => write.CreatesFile);
        if (Connect(createsFile) is { } connection)
        {
            if (!connection.TryBeginWrite()) return false;

            try
            {
                connection.RefreshLayout();
                if (connection.Sql.Layout.IsBlank && createsFile)
                {
                    connection.Execute(SessionSql.CreateSchema);
                    connection.RefreshLayout();
                }

                if (!connection.Sql.Layout.IsBlank)
                    Make(batch, connection);
            }
            finally
            {
                connection.EndTransaction();
            }
        }

        batch.ForEach(write => write.Complete());
        return true;
    }

    private static void Make(List<Write> batch, Connection connection)
    {
        if (!connection.Sql.Layout.HasSessions) throw SqliteFailure.Refused("it has no tables of sessions and messages");
        if (connection.Sql.Layout.ReadOnlyReason is { } reason) throw SqliteFailure.Refused(reason);

        batch.FindAll(write => write.TryBegin()).ForEach(write => write.Make(connection));
        connection.Commit();
    }

    /// <summary>The connection to the file that the home's path names now; null where there is none, and none is to be created.</summary>
    private Connection? Connect(bool create)
    {
        while (true)
        {
            var file = FileIdentity.Read(_home.StateDatabase);
            if (file is null || _connection?.File != file)
            {
                Close();
                if (file is null && !create) return null;

                _connection = Connection.Open(_home.StateDatabase, SqliteOpenMode.ReadWrite, file ?? CreateFile());
            }

            if (FileIdentity.Read(_home.StateDatabase) != _connection.File) continue;

            if (!create) return _connection;

            // The mode can be set outside of transactions only, and is never touched where there is a table.
            _connection.RefreshLayout();
            if (_connection.Sql.Layout.IsBlank)
                _connection.Execute("PRAGMA journal_mode=WAL");

            return _connection;
        }
    }

    private FileIdentity? CreateFile()
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(_home.Path);
            else
                Directory.CreateDirectory(_home.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

            using var created = Connection.Open(_home.StateDatabase, SqliteOpenMode.ReadWriteCreate, file: null);

            // Still empty; the log and the shared memory that SQLite makes beside it take its mode over.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(_home.StateDatabase, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SqliteFailure.Refused("it cannot be created", e);
        }

        return FileIdentity.Read(_home.StateDatabase);
    }

    // The next use opens another one.
    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }

    /// <summary>A change that waits for its turn or is being made. Cancelling it is for any thread, for as long as it waits; all else is for the loop.</summary>
    private sealed class Write(Func<Connection, object?> change, bool createsFile, long since, CancellationToken cancellationToken)
    {
        // Whoever waits goes on elsewhere: the loop has others to write for.
        private readonly TaskCompletionSource<object?> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private CancellationTokenRegistration _cancellation;
        private object? _result;

        /// <summary>The timestamp since which it waits.</summary>
        public long Since => since;

        public bool CreatesFile => createsFile;
        public Task<object?> Task => _outcome.Task;

        /// <summary>Whether nothing is left to do: it was cancelled, or has its outcome.</summary>
        public bool IsOver => _outcome.Task.IsCompleted;

        /// <summary>From here on it cannot be cancelled.</summary>
        /// <returns>False where it was.</returns>
        public bool TryBegin()
        {
            // Waits for a cancellation that is under way.
            _cancellation.Dispose();
            return !IsOver;
        }

        /// <summary>It can be cancelled. What was made, if anything, has been rolled back.</summary>
        public void WaitAgain()
        {
            _result = null;
            _cancellation.Dispose();
            _cancellation = cancellationToken.UnsafeRegister(static (write, token) => ((Write)write!)._outcome.TrySetCanceled(token), this);
        }

        public void Make(Connection connection) => _result = change(connection);

        /// <summary>Hands over the result of what was made, if anything; one that was cancelled before stays so.</summary>
        public void Complete()
        {
            TryBegin();
            _outcome.TrySetResult(_result);
        }

        public void Fail(Exception exception)
        {
            TryBegin();
            _outcome.TrySetException(exception);
        }
    }
}
