using Microsoft.Data.Sqlite;

namespace Hermes.Core.Sessions.Sqlite;

/// <summary>The connection of this process that writes: opened when it is needed, and anew when the file was replaced.</summary>
/// <remarks>For one thread at a time.</remarks>
internal sealed class WriterConnection(HermesHome home) : IDisposable
{
    private Connection? _connection;

    /// <summary>The connection to the file that the home's path names now.</summary>
    /// <param name="create">Whether to create a file where there is none.</param>
    /// <returns>Null where there is none.</returns>
    public Connection? Connect(bool create)
    {
        while (true)
        {
            var file = FileIdentity.Read(home.StateDatabase);
            if (file is null || _connection?.File != file)
            {
                Close();
                if (file is null && !create)
                    return null;

                _connection = file is null ? CreateFile() : Connection.Open(home.StateDatabase, SqliteOpenMode.ReadWrite, file);
            }

            if (FileIdentity.Read(home.StateDatabase) == _connection.File)
            {
                if (create)
                    SetJournalMode(_connection);

                return _connection;
            }
        }
    }

    /// <summary>Creates the tables of a file that has none at all, within a write transaction.</summary>
    public static void CreateTables(Connection connection)
    {
        if (connection.Sql.Layout.IsBlank)
        {
            connection.Execute(SchemaV6.Create);
            connection.RefreshLayout();
        }
    }

    /// <summary>Closes the connection; the next use opens another one.</summary>
    public void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }

    public void Dispose() => Close();

    // It can be set outside of transactions only, and is never touched where there is a table.
    private static void SetJournalMode(Connection connection)
    {
        connection.RefreshLayout();
        if (connection.Sql.Layout.IsBlank)
            connection.Execute("PRAGMA journal_mode=WAL");
    }

    private Connection CreateFile()
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(home.Path);
                using var created = Connection.Open(home.StateDatabase, SqliteOpenMode.ReadWriteCreate, file: null);
            }
            else
            {
                Directory.CreateDirectory(home.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                using var created = Connection.Open(home.StateDatabase, SqliteOpenMode.ReadWriteCreate, file: null);

                // Still empty; the log and the shared memory that SQLite makes beside it take its mode over.
                File.SetUnixFileMode(home.StateDatabase, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SqliteFailure.Refused("it cannot be created", e);
        }

        return Connection.Open(home.StateDatabase, SqliteOpenMode.ReadWrite, FileIdentity.Read(home.StateDatabase));
    }
}
