using Hermes.Core.Configuration;

namespace Hermes.Core.Memory;

/// <summary>Reads what a home remembers: <c>memories/MEMORY.md</c> and <c>memories/USER.md</c>.</summary>
/// <remarks>
/// Safe for use from any thread; one instance serves an application for its whole life. A file is opened only when its length or its time
/// changed since it was last read, so reading often is cheap. Nothing is ever written: that is <see cref="MemoryWriter"/>'s.
/// </remarks>
public sealed class MemoryReader
{
    private readonly MemoryFile _memory;
    private readonly MemoryFile _user;
    private volatile MemorySnapshot? _latest;

    /// <summary>Reads the memory of <paramref name="home"/>.</summary>
    public MemoryReader(HermesHome home, IFileSystem fileSystem)
        : this(home, fileSystem, new ConfigFile(home, fileSystem))
    {
    }

    internal MemoryReader(HermesHome home, IFileSystem fileSystem, ConfigFile configFile)
    {
        _memory = new(home, fileSystem, configFile, MemoryTarget.Memory);
        _user = new(home, fileSystem, configFile, MemoryTarget.User);
    }

    /// <summary>Reads both files and the limits that config.yaml sets for them.</summary>
    /// <returns>
    /// The same object as before where nothing changed. A file that does not exist, or whose name is a folder's, has no text and no entries.
    /// </returns>
    /// <exception cref="MemoryUnavailableException">A file exists but cannot be read: allow the process to read it.</exception>
    public Task<MemorySnapshot> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<MemorySnapshot>(cancellationToken);

        try
        {
            var (latest, memory, user) = (_latest, _memory.Read(), _user.Read());
            return Task.FromResult(memory == latest?.Memory && user == latest.User ? latest : _latest = new MemorySnapshot(memory, user));
        }
        catch (MemoryUnavailableException unavailable)
        {
            return Task.FromException<MemorySnapshot>(unavailable);
        }
    }
}
