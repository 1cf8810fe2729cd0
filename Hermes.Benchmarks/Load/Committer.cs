using Hermes.Core;
using Microsoft.Data.Sqlite;

namespace Hermes.Benchmarks.Load;

/// <summary>Writes to a home as the Python agent does, from this process, which is not the server's: a short transaction for each message.</summary>
internal sealed class Committer : IDisposable
{
    private readonly SqliteConnection _database;
    private readonly SqliteCommand _commit;

    public Committer(HermesHome home)
    {
        _database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = home.StateDatabase, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        _database.Open();
        _commit = _database.CreateCommand();
        _commit.CommandText = """
            BEGIN IMMEDIATE;
            INSERT INTO messages (session_id, role, content, timestamp)
                SELECT id, 'assistant', 'One message more.', unixepoch('subsec') FROM sessions WHERE parent_session_id IS NULL ORDER BY started_at DESC LIMIT 1 OFFSET 1;
            COMMIT;
            """;
    }

    /// <summary>Adds a message to a session of the first page.</summary>
    public void Commit() => _commit.ExecuteNonQuery();

    /// <summary>Holds the write lock until the result is disposed.</summary>
    public SqliteTransaction Lock() => _database.BeginTransaction(deferred: false);

    public void Dispose()
    {
        _commit.Dispose();
        _database.Dispose();
    }
}
