using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Hermes.Core.Tests.Providers;
using Hermes.Core.Tests.Support;
using Hermes.Testing;

namespace Hermes.Core.Tests.Hosting;

/// <summary>The host and another process on one state.db: nothing answered is lost, nothing hangs, nothing is repaired.</summary>
/// <remarks>Set HERMES_SOAK=1 for the long form: 30 s of common writing, 20 kills, a lock held for 25 s.</remarks>
public class DurabilityTests
{
    private const string CommonWriter = """
        import sqlite3, sys, time
        db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
        db.execute("PRAGMA foreign_keys=ON")
        for n in range(int(sys.argv[2])):
            start = time.time()
            db.execute("BEGIN IMMEDIATE")
            db.execute("INSERT INTO sessions(id,source,started_at,title) VALUES(?,'cli',?,?)", (f"py-{n}", time.time(), f"python {n}"))
            db.execute("INSERT INTO messages(session_id,role,content,timestamp) VALUES(?,'user',?,?)", (f"py-{n}", f"hello from python {n}", time.time()))
            db.execute("UPDATE sessions SET message_count = message_count + 1 WHERE id = ?", (f"py-{n}",))
            db.execute("COMMIT")
            # 20 commits a second: the pace of the load, nothing that the test waits for.
            time.sleep(max(0, start + 0.05 - time.time()))
        """;

    private const string CheckIntegrity = """
        import sqlite3, sys
        db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
        print(db.execute("PRAGMA integrity_check").fetchone()[0])
        db.execute("INSERT INTO messages_fts(messages_fts, rank) VALUES('integrity-check', 1)")
        print(db.execute("SELECT count(*) FROM sessions WHERE id LIKE 'py-%'").fetchone()[0])
        """;

    private const string HoldLock = """
        import sqlite3, sys
        db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
        db.execute("BEGIN IMMEDIATE")
        print("locked", flush=True)
        sys.stdin.readline()
        db.execute("ROLLBACK")
        """;

    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("HERMES_SOAK") == "1";

    [Fact]
    public async Task TwoProcesses_WritingAtOnce_LoseNothing()
    {
        using var home = new TemporaryHome();
        await using var host = await HostProcess.StartAsync(home.Path);
        using var client = new HttpClient { BaseAddress = host.Address };
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/api/sessions", null)).StatusCode);
        var commits = IsSoak ? 600 : 60;
        using var python = PythonScript.Start(CommonWriter, home.Home.StateDatabase, commits.ToString(CultureInfo.InvariantCulture));

        var writing = python.FinishAsync();
        var created = new List<string>();
        while (!writing.IsCompleted)
            created.Add(await CreateAsync(client));

        await writing;
        Assert.True(created.Count > 0);
        Assert.Equal(["ok", commits.ToString(CultureInfo.InvariantCulture)], Lines(await PythonScript.RunAsync(CheckIntegrity, home.Home.StateDatabase)));
        await AssertStoredAsync(client, created);
    }

    [Fact]
    public async Task Host_KilledWhileWriting_KeepsEveryAnsweredWrite()
    {
        using var home = new TemporaryHome();
        var created = new ConcurrentBag<string>();
        for (var round = 0; round < (IsSoak ? 20 : 3); round++)
        {
            await using var host = await HostProcess.StartAsync(home.Path);
            using var client = new HttpClient { BaseAddress = host.Address };
            var answered = created.Count;
            var writers = Enumerable.Range(0, 4).Select(async _ =>
            {
                try
                {
                    while (true)
                        created.Add(await CreateAsync(client));
                }
                catch (Exception exception) when (exception is HttpRequestException or IOException)
                {
                    // The kill.
                }
            }).ToList();
            while (created.Count < answered + 25)
                await Task.Yield();

            await host.KillAsync();
            await Task.WhenAll(writers);
        }

        Assert.Equal("ok", Lines(await PythonScript.RunAsync(CheckIntegrity, home.Home.StateDatabase))[0]);
        await using var survivor = await HostProcess.StartAsync(home.Path);
        using var reader = new HttpClient { BaseAddress = survivor.Address };
        await AssertStoredAsync(reader, created);
    }

    [Fact]
    public async Task Host_KilledWhileAnAnswerIsStreamed_KeepsTheUserMessageAndAWholeFile()
    {
        using var home = new TemporaryHome();
        await using var provider = await FakeProvider.StartAsync(async http =>
        {
            await FakeProvider.StreamAsync(http, ["half"], cut: true);
            await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted);
        });
        await using (var host = await HostProcess.StartAsync(home.Path, null, ("Hermes__Chat__BaseUrl", provider.BaseUrl), ("Hermes__Chat__Model", "m")))
        {
            using var client = new HttpClient { BaseAddress = host.Address };
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
            {
                Headers = { { "X-Hermes-Session-Id", "s" } },
                Content = new StringContent("""{"stream":true,"messages":[{"role":"user","content":"hi"}]}"""),
            };
            using var stream = await EventStreamReader.SendAsync(client, request);
            Assert.Contains("half", (await stream.ReadAsync(2))[1], StringComparison.Ordinal);

            await host.KillAsync();
        }

        Assert.Equal("ok", Lines(await PythonScript.RunAsync(CheckIntegrity, home.Home.StateDatabase))[0]);
        await using var survivor = await HostProcess.StartAsync(home.Path);
        using var reader = new HttpClient { BaseAddress = survivor.Address };
        var messages = JsonDocument.Parse(await reader.GetStringAsync("/api/sessions/s/messages")).RootElement.GetProperty("items");
        Assert.Equal(["user:hi"], messages.EnumerateArray().Select(message => $"{message.GetProperty("role")}:{message.GetProperty("content")}"));
    }

    [Fact]
    public async Task WriteLockHeldByAnotherProcess_LeavesOtherRequestsAlone()
    {
        string[] reads = ["/health", "/api/sessions", "/api/memory"];
        using var home = new TemporaryHome();
        await using var host = await HostProcess.StartAsync(home.Path);
        using var client = new HttpClient { BaseAddress = host.Address };
        await CreateAsync(client);
        foreach (var path in reads)
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(path)).StatusCode);

        using var python = PythonScript.Start(HoldLock, home.Home.StateDatabase);
        Assert.Equal("locked", await python.ReadLineAsync());

        var held = Stopwatch.StartNew();
        var writes = Enumerable.Range(0, 8).Select(_ => client.PostAsync("/api/sessions", null)).ToList();
        var slowest = TimeSpan.Zero;
        do
        {
            foreach (var path in reads)
            {
                var asked = Stopwatch.StartNew();
                Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(path)).StatusCode);
                slowest = asked.Elapsed > slowest ? asked.Elapsed : slowest;
            }
        }
        while (IsSoak && held.Elapsed < TimeSpan.FromSeconds(25));

        if (IsSoak)
        {
            Assert.True(slowest < TimeSpan.FromMilliseconds(50), $"The slowest answer took {slowest.TotalMilliseconds} ms.");
            foreach (var write in await Task.WhenAll(writes))
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, write.StatusCode);
                Assert.NotNull(write.Headers.RetryAfter);
            }
        }
        else
        {
            Assert.DoesNotContain(writes, write => write.IsCompleted);
            await python.WriteLineAsync();
            Assert.All(await Task.WhenAll(writes), write => Assert.Equal(HttpStatusCode.OK, write.StatusCode));
        }
    }

    private static async Task<string> CreateAsync(HttpClient client)
    {
        var answer = await client.PostAsync("/api/sessions", null);
        answer.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("session").GetProperty("id").GetString()!;
    }

    private static async Task AssertStoredAsync(HttpClient client, IEnumerable<string> ids)
    {
        foreach (var id in ids)
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/api/sessions/{id}")).StatusCode);
    }

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
