using System.Diagnostics;
using Hermes.Core.Sessions.Search;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>One connection to the file, with the statements that were prepared on it and what it knows of the file's layout.</summary>
/// <remarks>For one thread at a time.</remarks>
internal sealed class Connection : IDisposable
{
    /// <summary>How long SQLite itself waits for a lock, in milliseconds.</summary>
    private const int BusyTimeout = 1000;

    private readonly Dictionary<string, sqlite3_stmt> _statements = new(ReferenceEqualityComparer.Instance);
    private long? _schemaVersion;

    static Connection()
    {
        // The app may have chosen its SQLite; else it is the one that Microsoft.Data.Sqlite brings along.
        if (!IsProviderChosen())
            Batteries_V2.Init();
    }

    private Connection(sqlite3 handle, FileIdentity? file) => (Handle, File) = (handle, file);

    public sqlite3 Handle { get; }
    /// <summary>The file that the path named when this was opened; null where it named none yet.</summary>
    public FileIdentity? File { get; }
    /// <summary>The statements that fit the file's layout, as of the last <see cref="RefreshLayout"/>.</summary>
    public SessionSql Sql { get; private set; } = new(DatabaseLayout.Empty);
    /// <summary>The last total that was counted on this connection, and for which query in which version of the file.</summary>
    public (SessionQuery Query, long DataVersion, long Total)? LastTotal { get; set; }
    /// <summary>What <see cref="SessionListSql.Unlisted"/> gave for a version of the file.</summary>
    public (long DataVersion, byte[] Rows)? Unlisted { get; set; }

    /// <summary>The ids of the first messages of sessions, by the sessions' rows, as far as they were looked for.</summary>
    public Dictionary<long, long> FirstMessages { get; } = [];

    /// <exception cref="SqliteException">SQLite cannot open the file.</exception>
    /// <exception cref="SessionStoreUnavailableException">What lies beside the file would hold SQLite up.</exception>
    public static Connection Open(string path, SqliteOpenMode mode, FileIdentity? file, int? cacheKilobytes = null)
    {
        FileIdentity.CheckBeside(path);

        // One thread at a time is the rule here: SQLite need not lock the connection around each call.
        var flags = raw.SQLITE_OPEN_NOMUTEX | mode switch
        {
            SqliteOpenMode.ReadOnly => raw.SQLITE_OPEN_READONLY,
            SqliteOpenMode.ReadWrite => raw.SQLITE_OPEN_READWRITE,
            _ => raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE,
        };
        var result = raw.sqlite3_open_v2(path, out var handle, flags, null);
        var connection = new Connection(handle, file);
        try
        {
            connection.Check(result);
            connection.Configure();
            if (cacheKilobytes is { } size)
                connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA cache_size=-{size}"));

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The connection's prepared statement for this text, which must be the same string object each time.</summary>
    public Statement Use(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements.Add(sql, statement = Prepare(sql, raw.SQLITE_PREPARE_PERSISTENT));

        return new Statement(this, statement);
    }

    /// <summary>Runs statements that are not worth keeping.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(Handle, sql));

    /// <summary>Runs a query that is not worth keeping.</summary>
    public void Query(string sql, Action<Statement> row)
    {
        using var handle = Prepare(sql, 0);
        var statement = new Statement(this, handle);
        while (statement.Step())
            row(statement);
    }

    /// <summary>Begins a read: what follows sees one moment of the file, and <see cref="Sql"/> fits it.</summary>
    public void BeginRead()
    {
        Use(SessionSql.BeginRead).Run();
        RefreshLayout();
    }

    /// <summary>Looks at the schema again if somebody changed it: the agent may migrate the file while we serve it.</summary>
    public void RefreshLayout()
    {
        var version = ReadNumber(SessionSql.WhichSchemaVersion);
        if (version != _schemaVersion)
        {
            _schemaVersion = null;
            Query("PRAGMA encoding", encoding => IsUtf8 = encoding.Utf8(0).SequenceEqual("UTF-8"u8));
            var layout = DatabaseLayout.Probe(this);
            DropStatements();
            LastTotal = null;
            Unlisted = null;
            FirstMessages.Clear();
            Sql = new SessionSql(layout);
            _schemaVersion = version;
        }
    }

    /// <summary>Whether the file's texts are UTF-8, as nearly all are.</summary>
    public bool IsUtf8 { get; private set; }

    public void Commit() => Use(SessionSql.Commit).Run();

    /// <summary>Leaves no transaction open. Never throws.</summary>
    public void EndTransaction()
    {
        if (raw.sqlite3_get_autocommit(Handle) == 0)
            raw.sqlite3_exec(Handle, SessionSql.Rollback);
    }

    /// <summary>Has SQLite give up at once, from here on, where a lock is in its way.</summary>
    public void DisableBusyTimeout() => raw.sqlite3_busy_timeout(Handle, 0);

    /// <summary>Tries once, without waiting, to get the file's write lock.</summary>
    /// <returns>False where another connection has it.</returns>
    public bool TryBeginWrite()
    {
        // The caller waits between tries without holding a thread; SQLite would sleep on this one.
        DisableBusyTimeout();
        try
        {
            Use(SessionSql.BeginWrite).Run();
            return true;
        }
        catch (SqliteException e) when (SqliteFailure.IsBusy(e))
        {
            return false;
        }
        finally
        {
            raw.sqlite3_busy_timeout(Handle, BusyTimeout);
        }
    }

    /// <summary>Changes whenever another connection commits. Comparable on this connection alone.</summary>
    public long ReadDataVersion() => ReadNumber(SessionSql.WhichDataVersion);

    public SqliteException Failure(int result)
    {
        var message = raw.sqlite3_errmsg(Handle).utf8_to_string();
        var extended = raw.sqlite3_extended_errcode(Handle);
        return new SqliteException(message, result & 0xFF, (extended & 0xFF) == (result & 0xFF) ? extended : result);
    }

    public void Dispose()
    {
        DropStatements();
        Handle.Dispose();
    }

    private static bool IsProviderChosen()
    {
        try
        {
            return raw.sqlite3_libversion_number() > 0;
        }
        catch (Exception)
        {
            // SQLitePCLRaw has no other way to say that nobody chose one.
            return false;
        }
    }

    private void Configure()
    {
        // The last connection to close would checkpoint the log and delete it. To do so it takes the file's locks, and on POSIX
        // it cannot see whether somebody else in this process lost them by closing the file: leave the log to be found.
        Switch(raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE);

        // Else a statement with LIMIT is prepared anew whenever the number is bound: SQLite would plan for that very number.
        Switch(raw.SQLITE_DBCONFIG_ENABLE_QPSG);
        Execute($"PRAGMA busy_timeout={BusyTimeout}; PRAGMA foreign_keys=ON");
        Check(raw.sqlite3_create_function(Handle, SessionSql.FoldFunction, 1, raw.SQLITE_UTF8 | raw.SQLITE_DETERMINISTIC, null, Fold));
    }

    private static void Fold(sqlite3_context context, object? state, sqlite3_value[] arguments)
    {
        if (raw.sqlite3_value_text(arguments[0]).utf8_to_string() is { } text)
            raw.sqlite3_result_text(context, FoldedText.FoldCase(text));
        else
            raw.sqlite3_result_null(context);
    }

    private void Switch(int option)
    {
        var result = raw.sqlite3_db_config(Handle, option, 1, out var set);
        Debug.Assert(result == raw.SQLITE_OK && set == 1, "SQLite is older than 3.20");
    }

    private long ReadNumber(string sql)
    {
        using var statement = Use(sql);
        statement.Step();
        return statement.Int64(0);
    }

    private sqlite3_stmt Prepare(string sql, uint flags)
    {
        Check(raw.sqlite3_prepare_v3(Handle, sql, flags, out var statement));
        return statement;
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK) throw Failure(result);
    }

    private void DropStatements()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();

        _statements.Clear();
    }
}
