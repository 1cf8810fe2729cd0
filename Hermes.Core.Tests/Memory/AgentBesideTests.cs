using System.Globalization;
using System.IO.Abstractions;
using Hermes.Core.Configuration;
using Hermes.Core.Memory;
using Hermes.Core.Tests.Support;
using Hermes.Testing;

namespace Hermes.Core.Tests.Memory;

/// <summary>Our writer and the Python agent at the same files.</summary>
public sealed class AgentBesideTests : IDisposable
{
    /// <summary>How the agent adds entries: under <c>flock</c>, on what the file holds then, by a temporary file and a rename.</summary>
    private const string AddEntries = """
        import fcntl, os, sys, tempfile
        folder, count, limit = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
        path = os.path.join(folder, "MEMORY.md")
        os.makedirs(folder, exist_ok=True)
        print("ready", flush=True)
        input()
        for number in range(count):
            with open(path + ".lock", "a+") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                try:
                    with open(path, encoding="utf-8") as file:
                        entries = [e.strip() for e in file.read().split("\n§\n") if e.strip()]
                except FileNotFoundError:
                    entries = []
                entry = f"agent {number}."
                if len("\n§\n".join(entries + [entry])) <= limit:
                    descriptor, temporary = tempfile.mkstemp(dir=folder)
                    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                        file.write("\n§\n".join(entries + [entry]))
                        file.flush()
                        os.fsync(file.fileno())
                    os.replace(temporary, path)
                    print(entry, flush=True)
                fcntl.flock(lock, fcntl.LOCK_UN)
        """;

    private static readonly int Count = Environment.GetEnvironmentVariable("HERMES_SOAK") == "1" ? 200 : 60;

    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(700)]
    public async Task AddAsync_WhileTheAgentAdds_LosesNoEntryAndKeepsTheLimit(int limit)
    {
        _home.Write("config.yaml", $"memory: {{memory_char_limit: {limit}}}");
        using var agent = PythonScript.Start(AddEntries, _home.Home.MemoriesFolder, Text(Count), Text(limit));
        await agent.ReadLineAsync();
        var writer = new MemoryWriter(_home.Home, new FileSystem());

        await agent.WriteLineAsync();
        var accepted = new List<string>();
        for (var number = 0; number < Count; number++)
        {
            try
            {
                await writer.AddAsync(MemoryTarget.Memory, $"ours {number}.");
                accepted.Add($"ours {number}.");
            }
            catch (MemoryRejectedException)
            {
                // It is full.
            }
        }

        accepted.AddRange((await agent.FinishAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var memory = (await new MemoryReader(_home.Home, new FileSystem()).ReadAsync()).Memory;
        Assert.Equal(accepted.Order(StringComparer.Ordinal), memory.Entries.Order(StringComparer.Ordinal));
        Assert.InRange(memory.Length, 1, limit);
        Assert.True(limit < 1_000_000 ? memory.Length > limit - 15 : accepted.Count == 2 * Count);
    }

    [Fact]
    public async Task AddAsync_AgentHoldsTheLock_WaitsForIt()
    {
        using var agent = await HoldLockAsync();
        var writer = new MemoryWriter(_home.Home, new FileSystem());
        var write = writer.AddAsync(MemoryTarget.Memory, "ours");
        var other = await writer.AddAsync(MemoryTarget.User, "the other file is free");

        Assert.False(write.IsCompleted);
        await agent.WriteLineAsync();

        Assert.True((await write).HasChanged);
        Assert.True(other.HasChanged);
    }

    [Fact]
    public async Task AddAsync_AgentHoldsTheLockForTooLong_IsBusyAndChangesNothing()
    {
        using var agent = await HoldLockAsync();
        var fileSystem = new FileSystem();
        var writer = new MemoryWriter(_home.Home, fileSystem, new ConfigFile(_home.Home, fileSystem), timeout: TimeSpan.FromMilliseconds(50));

        // The second one waits behind the first, in this process.
        Task[] writes = [writer.AddAsync(MemoryTarget.Memory, "first"), writer.AddAsync(MemoryTarget.Memory, "second")];
        foreach (var write in writes)
        {
            var busy = await Assert.ThrowsAsync<MemoryBusyException>(() => write);
            Assert.True(busy.RetryAfter > TimeSpan.Zero);
        }

        Assert.False(File.Exists(Path.Join(_home.Home.MemoriesFolder, "MEMORY.md")));
        await agent.WriteLineAsync();
        Assert.True((await writer.AddAsync(MemoryTarget.Memory, "third")).HasChanged);
    }

    [Fact]
    public async Task AcquireAsync_WhileHeld_KeepsTheAgentOut()
    {
        const string TryLock = """
            import fcntl, sys
            with open(sys.argv[1], "a+") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    print("free")
                except BlockingIOError:
                    print("held")
            """;
        var fileSystem = new FileSystem();
        var file = new MemoryFile(_home.Home, fileSystem, new ConfigFile(_home.Home, fileSystem), MemoryTarget.Memory);
        Directory.CreateDirectory(_home.Home.MemoriesFolder);

        using (await file.LockAsync(TimeSpan.FromSeconds(10), CancellationToken.None))
        {
            Assert.Equal("held\n", await PythonScript.RunAsync(TryLock, file.Path + ".lock"));
        }

        Assert.Equal("free\n", await PythonScript.RunAsync(TryLock, file.Path + ".lock"));
    }

    private async Task<PythonScript> HoldLockAsync()
    {
        Directory.CreateDirectory(_home.Home.MemoriesFolder);
        var agent = PythonScript.Start(
            """
            import fcntl, sys
            with open(sys.argv[1], "a+") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                print("locked", flush=True)
                input()
            """,
            Path.Join(_home.Home.MemoriesFolder, "MEMORY.md.lock"));
        await agent.ReadLineAsync();
        return agent;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
