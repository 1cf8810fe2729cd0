using System.Globalization;

namespace Hermes.Core.Tests.Support;

/// <summary>What the Python agent does with its turns' leases, in a process of its own.</summary>
internal sealed class LeasingAgent : IDisposable
{
    /// <summary>The two tables as the agent makes them.</summary>
    public const string Tables = """
        CREATE TABLE session_turn_leases (
            conversation_id TEXT PRIMARY KEY, holder TEXT NOT NULL, acquired_at REAL NOT NULL, expires_at REAL NOT NULL);
        CREATE TABLE compression_locks (
            session_id TEXT PRIMARY KEY, holder TEXT NOT NULL, acquired_at REAL NOT NULL, expires_at REAL NOT NULL);
        """;

    private const string Script = """
        import os, sqlite3, sys
        db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
        holder = f"gateway:pid={os.getpid()}:turn-1"
        print(holder, flush=True)
        for line in sys.stdin:
            command, table, key, now, seconds = line.split()
            name = "session_id" if table == "compression_locks" else "conversation_id"
            now = float(now)
            if command == "take":
                db.execute("BEGIN IMMEDIATE")
                row = db.execute(f"SELECT holder FROM {table} WHERE {name} = ? AND expires_at > ? AND holder <> ?", (key, now, holder)).fetchone()
                if row is None:
                    db.execute(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?, ?)", (key, holder, now, now + float(seconds)))
                db.execute("COMMIT")
                print("taken" if row is None else "held by " + row[0], flush=True)
            elif command == "release":
                print(db.execute(f"DELETE FROM {table} WHERE {name} = ? AND holder = ?", (key, holder)).rowcount, flush=True)
            elif command == "show":
                print(db.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall(), flush=True)
        """;

    private readonly PythonScript _python;
    private readonly DateTimeOffset _now;

    private LeasingAgent(PythonScript python, DateTimeOffset now, string holder)
    {
        _python = python;
        _now = now;
        Holder = holder;
    }

    /// <summary>The name under which it holds its leases.</summary>
    public string Holder { get; }

    /// <param name="database">The file.</param>
    /// <param name="now">What its clock shows, all the time; null for the real time.</param>
    public static async Task<LeasingAgent> StartAsync(string database, DateTimeOffset? now = null)
    {
        var python = PythonScript.Start(Script, database);
        return new LeasingAgent(python, now ?? DateTimeOffset.UtcNow, await python.ReadLineAsync());
    }

    /// <summary>Takes a lease, for as many seconds.</summary>
    /// <returns><c>taken</c>, or who holds it.</returns>
    public Task<string> TakeAsync(string id, double seconds = 300, string table = "session_turn_leases", TimeSpan later = default) =>
        TellAsync("take", table, id, seconds, later);

    /// <summary>Gives a lease back.</summary>
    public Task<string> ReleaseAsync(string id, string table = "session_turn_leases") => TellAsync("release", table, id, 0, default);

    /// <summary>All leases, as Python shows them.</summary>
    public Task<string> ShowAsync() => TellAsync("show", "session_turn_leases", "-", 0, default);

    /// <summary>Ends, as it does when it crashes: its leases stay.</summary>
    public async Task CrashAsync()
    {
        _python.CloseInput();
        await _python.FinishAsync();
    }

    public void Dispose() => _python.Dispose();

    private async Task<string> TellAsync(string command, string table, string id, double seconds, TimeSpan later)
    {
        var now = (_now + later).ToUnixTimeMilliseconds() / 1000.0;
        await _python.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{command} {table} {id} {now:R} {seconds:R}"));
        return await _python.ReadLineAsync();
    }
}
