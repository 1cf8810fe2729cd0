using System.Diagnostics;
using System.Globalization;
using Hermes.Core;
using Microsoft.Data.Sqlite;

namespace Hermes.Benchmarks.Load;

/// <summary>Writes to a home as the Python agent does: one connection, one short transaction for each message.</summary>
internal sealed class Committer : IDisposable
{
    private const int CommitsPerSecond = 20;

    private readonly SqliteConnection _database;
    private readonly SqliteCommand _commit;

    private Committer(HermesHome home)
    {
        _database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = home.StateDatabase, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        _database.Open();
        Session = (string)Scalar("SELECT id FROM sessions WHERE parent_session_id IS NULL ORDER BY started_at DESC LIMIT 1 OFFSET 1");
        _commit = _database.CreateCommand();
        _commit.CommandText = """
            BEGIN IMMEDIATE;
            INSERT INTO messages (session_id, role, content, timestamp) VALUES ($id, 'assistant', 'One message more.', unixepoch('subsec'));
            UPDATE sessions SET message_count = message_count + 1 WHERE id = $id RETURNING message_count;
            COMMIT;
            """;
        _commit.Parameters.AddWithValue("$id", Session);
    }

    /// <summary>The session that is written to: one of the first page of the list.</summary>
    public string Session { get; }

    public static Committer Open(HermesHome home) => new(home);

    /// <summary>Writes at an even pace until the input ends, and says after each commit what the session's count is now.</summary>
    public static async Task<int> RunAsync(string home)
    {
        using var committer = new Committer(new HermesHome(home));
        await Console.Out.WriteLineAsync(committer.Session);
        var stop = Console.In.ReadLineAsync();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / CommitsPerSecond));
        while (!stop.IsCompleted && await timer.WaitForNextTickAsync())
        {
            var count = committer.Commit();
            await Console.Out.WriteLineAsync(count.ToString(CultureInfo.InvariantCulture));
        }

        return 0;
    }

    /// <summary>Starts a process that does <see cref="RunAsync"/>.</summary>
    public static Process Start(HermesHome home) =>
        Process.Start(new ProcessStartInfo(Repository.ThisProgram, [BenchmarkOptions.Commit, home.Path]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    /// <summary>Adds a message, and gives how many the session has now.</summary>
    public long Commit()
    {
        using var reader = _commit.ExecuteReader();
        reader.Read();
        var count = reader.GetInt64(0);
        reader.NextResult();
        return count;
    }

    public void Dispose()
    {
        _commit.Dispose();
        _database.Dispose();
    }

    private object Scalar(string sql)
    {
        using var command = _database.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()!;
    }
}
