using System.Diagnostics;
using System.Net.Sockets;
using Hermes.Core.Sessions;
using Hermes.Core.Sessions.Sqlite;
using Hermes.Core.Tests.Support;
using Hermes.Testing;

namespace Hermes.Core.Tests.Sessions.Sqlite;

/// <summary>A home that is there and cannot be read is not an empty one.</summary>
public sealed class UnreadableFileTests : SqliteStoreTest
{
    private const string Unreadable = "Session DB unavailable: ";

    public static TheoryData<string, string> InPlaceOfTheFile => new()
    {
        { "folder", "state.db is no regular file" },
        { "pipe", "state.db is no regular file" },
        { "link to a pipe", "state.db is no regular file" },
        { "socket", "state.db is no regular file" },
        { "dangling link", "state.db, or a folder above it, is a link that leads nowhere" },
        { "link to a dangling link", "state.db, or a folder above it, is a link that leads nowhere" },
        { "link loop", "state.db, or a folder above it, is a link that leads in a circle" },
        { "home is a dangling link", "state.db, or a folder above it, is a link that leads nowhere" },
        { "home is a link loop", "state.db, or a folder above it, is a link that leads in a circle" },
        { "home is a file", "the home, or what stands in its path, is no folder" },
        { "home lies in a file", "the home, or what stands in its path, is no folder" },
        { "home lies behind a dangling link", "state.db, or a folder above it, is a link that leads nowhere" },
        { "pipe as log", "state.db-wal is no regular file" },
        { "pipe as journal", "state.db-journal is no regular file" },
        { "folder as index", "state.db-shm is no regular file" },
        { "empty file beside a log", "state.db is empty and its log, state.db-wal, is not: restore state.db, or move the log away" },
        { "link to an empty file beside a log", "state.db is empty and its log, state.db-wal, is not: restore state.db, or move the log away" },
    };

    [LinuxTheory]
    [MemberData(nameof(InPlaceOfTheFile))]
    public async Task EveryCall_SaysWhyAtOnceAndChangesNothing(string what, string reason)
    {
        var folder = EmptyHome();
        var home = LayOut(folder.Path, what);
        var before = List(folder.Path);
        using (var store = Keep(new SqliteSessionStore(
            home, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<SqliteSessionStore>.Instance)))
        {
            Func<Task>[] calls =
            [
                () => store.ListAsync(new SessionQuery()),
                () => store.FindAsync("a"),
                () => ReadAsync(store, "a"),
                () => store.SearchAsync(new SearchQuery { Text = "x" }),
                () => store.CreateAsync(new NewSession { Id = "a" }),
                () => store.RenameAsync("a", "t"),
                () => store.DeleteAsync("a"),
                () => Task.Run(() => store.ReadVersion()),
            ];
            foreach (var call in calls)
            {
                var error = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => Task.Run(call).WaitAsync(TimeSpan.FromSeconds(20)));
                Assert.Equal(Unreadable + reason, error.Message);
                Assert.Null(error.RetryAfter);
            }
        }

        Assert.Equal(before, List(folder.Path));
    }

    [LinuxFact]
    public async Task PipeInPlaceOfTheFile_HoldsUpNeitherTheServerNorItsEnd()
    {
        using var home = new TemporaryHome();
        NamedPipe.Create(home.Home.StateDatabase);
        await using var server = await HermesServer.StartAsync(home: home);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => server.Client.GetAsync(i % 2 == 0 ? "/api/sessions" : "/api/sessions/a/messages", limit.Token)));

        Assert.All(answers, answer => Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, answer.StatusCode));
        Assert.Equal("""{"error":"Session DB unavailable: state.db is no regular file"}""", await answers[0].Content.ReadAsStringAsync(limit.Token));
        Assert.True((await server.Client.GetAsync("/health", limit.Token)).IsSuccessStatusCode);
        await server.StopAsync().WaitAsync(limit.Token);
    }

    [LinuxFact]
    public async Task LinkToADatabase_IsRead()
    {
        var elsewhere = await HomeAsync(StateDatabaseFiles.Schema6, "INSERT INTO sessions(id, source, started_at) VALUES ('a', 'cli', 1)");
        var home = EmptyHome();
        File.CreateSymbolicLink(home.Home.StateDatabase, elsewhere.Home.StateDatabase);

        Assert.Equal("a", (await Open(home).FindAsync("a"))!.Id);
    }

    [LinuxFact]
    public async Task FileThatBecomesEmptyBesideItsLog_KeepsItsLog()
    {
        var home = EmptyHome();
        var store = Open(home);
        await store.CreateAsync(new NewSession { Id = "a" });
        var log = new FileInfo(home.Home.StateDatabase + "-wal");
        var length = log.Length;
        using (var process = Process.Start("truncate", ["-s", "0", home.Home.StateDatabase]))
        {
            await process.WaitForExitAsync();
        }

        await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.ListAsync(new SessionQuery()));
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.RenameAsync("a", "t"));

        log.Refresh();
        Assert.Equal(length, log.Length);
    }

    private static HermesHome LayOut(string folder, string what)
    {
        var home = new HermesHome(Path.Join(folder, "home"));
        var database = home.StateDatabase;
        if (!what.StartsWith("home ", StringComparison.Ordinal))
            Directory.CreateDirectory(home.Path);

        switch (what)
        {
            case "folder":
                Directory.CreateDirectory(database);
                break;
            case "pipe":
                NamedPipe.Create(database);
                break;
            case "link to a pipe":
                NamedPipe.Create(Path.Join(folder, "pipe"));
                File.CreateSymbolicLink(database, Path.Join(folder, "pipe"));
                break;
            case "socket":
                using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
                {
                    // It takes the name that it was given away when it is disposed.
                    socket.Bind(new UnixDomainSocketEndPoint(Path.Join(folder, "s")));
                    File.Move(Path.Join(folder, "s"), database);
                }

                break;
            case "dangling link":
                File.CreateSymbolicLink(database, "nowhere.db");
                break;
            case "link to a dangling link":
                File.CreateSymbolicLink(Path.Join(folder, "first"), "nowhere.db");
                File.CreateSymbolicLink(database, Path.Join(folder, "first"));
                break;
            case "link loop":
                File.CreateSymbolicLink(database, "other");
                File.CreateSymbolicLink(Path.Join(home.Path, "other"), "state.db");
                break;
            case "home is a dangling link":
                File.CreateSymbolicLink(home.Path, "nowhere");
                break;
            case "home is a link loop":
                File.CreateSymbolicLink(home.Path, "home");
                break;
            case "home is a file":
                File.WriteAllText(home.Path, "");
                break;
            case "home lies in a file":
                File.WriteAllText(Path.Join(folder, "file"), "");
                return new HermesHome(Path.Join(folder, "file", "deep", "home"));
            case "home lies behind a dangling link":
                File.CreateSymbolicLink(Path.Join(folder, "link"), "nowhere");
                return new HermesHome(Path.Join(folder, "link", "home"));
            case "pipe as log":
                File.WriteAllText(database, "");
                NamedPipe.Create(database + "-wal");
                break;
            case "pipe as journal":
                File.WriteAllText(database, "");
                NamedPipe.Create(database + "-journal");
                break;
            case "folder as index":
                File.WriteAllText(database, "");
                Directory.CreateDirectory(database + "-shm");
                break;
            case "empty file beside a log":
                File.WriteAllText(database, "");
                File.WriteAllText(database + "-wal", "what was said last");
                break;
            case "link to an empty file beside a log":
                File.WriteAllText(Path.Join(folder, "real.db"), "");
                File.WriteAllText(Path.Join(folder, "real.db-wal"), "what was said last");
                File.CreateSymbolicLink(database, Path.Join(folder, "real.db"));
                break;
        }

        return home;
    }

    private static List<string> List(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Order(StringComparer.Ordinal)];
}
