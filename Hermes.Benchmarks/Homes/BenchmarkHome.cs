using System.Globalization;
using Hermes.Core;
using Microsoft.Data.Sqlite;

namespace Hermes.Benchmarks.Homes;

/// <summary>A large home in the machine's folder for temporary files. Laid out once, then kept for the runs to come.</summary>
internal sealed class BenchmarkHome
{
    public const string BigSession = "big-session";

    /// <summary>A word that one message has, of a session in the middle.</summary>
    public const string RareWord = "zanzibar";

    // Raise it with every change of what a home holds: homes of another version are not taken.
    private const int Version = 2;

    private BenchmarkHome(string path, int sessions, int messages)
    {
        Home = new HermesHome(path);
        Sessions = sessions;
        Messages = messages;
    }

    public HermesHome Home { get; }

    public string Path => Home.Path;

    /// <summary>How many sessions it has, beside <see cref="BigSession"/>.</summary>
    public int Sessions { get; }

    /// <summary>How many messages each of them has.</summary>
    public int Messages { get; }

    /// <summary>The home that is kept. Nothing may write to it.</summary>
    public static BenchmarkHome Get(int sessions, int messages = 20)
    {
        var path = System.IO.Path.Join(
            System.IO.Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"hermes-benchmarks-v{Version}"), string.Create(CultureInfo.InvariantCulture, $"{sessions}x{messages}"));
        var home = new BenchmarkHome(path, sessions, messages);
        if (!Directory.Exists(path))
        {
            // Only what was finished gets the name.
            var unfinished = new BenchmarkHome($"{path}-{Environment.ProcessId}", sessions, messages);
            Console.WriteLine($"laying out a home of {sessions:n0} sessions of {messages} messages, kept in {path}");
            Directory.CreateDirectory(unfinished.Path);
            SampleSessions.Write(unfinished.Home, sessions, messages);
            SampleFiles.Write(unfinished.Home);
            Directory.Move(unfinished.Path, path);
        }

        return home;
    }

    /// <summary>A copy that may be written to.</summary>
    public ScratchHome Copy()
    {
        var copy = new BenchmarkHome($"{Path}-scratch-{Environment.ProcessId}", Sessions, Messages);
        foreach (var folder in Directory.EnumerateDirectories(Path, "*", SearchOption.AllDirectories).Prepend(Path))
        {
            var target = Directory.CreateDirectory(copy.Path + folder[Path.Length..]).FullName;

            // Nothing is in the log: it was emptied, and nobody writes to a home that is kept.
            foreach (var file in Directory.EnumerateFiles(folder).Where(file => !file.EndsWith("-wal", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal)))
                File.Copy(file, System.IO.Path.Join(target, System.IO.Path.GetFileName(file)));
        }

        SampleFiles.Age(copy.Home);
        return new ScratchHome(copy);
    }

    /// <summary>Ids of small sessions from all over the list.</summary>
    public List<string> SomeIds(int count)
    {
        using var database = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Home.StateDatabase,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ToString());
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = "SELECT id FROM sessions WHERE id <> $big ORDER BY substr(id, 10) LIMIT $count";
        command.Parameters.AddWithValue("$big", BigSession);
        command.Parameters.AddWithValue("$count", count);
        using var reader = command.ExecuteReader();
        var ids = new List<string>();
        while (reader.Read())
            ids.Add(reader.GetString(0));

        return ids;
    }
}
