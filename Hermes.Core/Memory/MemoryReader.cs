using System.IO.Abstractions;
using Hermes.Core.Configuration;
using Hermes.Core.Files;
using Hermes.Core.Yaml;

namespace Hermes.Core.Memory;

/// <summary>Reads what a home remembers: <c>memories/MEMORY.md</c> and <c>memories/USER.md</c>.</summary>
/// <remarks>
/// Safe for use from any thread; one instance serves an application for its whole life. A file is opened only when its length or its time
/// changed since it was last read, so reading often is cheap. Nothing is ever written.
/// </remarks>
public sealed class MemoryReader
{
    // Far above every limit that an agent could work with; it bounds what a file gone wrong can cost.
    private const int MaxBytes = 16 * 1024 * 1024;

    private readonly HermesHome _home;
    private readonly IFileSystem _fileSystem;
    private readonly ConfigFile _configFile;
    private volatile MemorySnapshot? _latest;

    /// <summary>Reads the memory of <paramref name="home"/>.</summary>
    public MemoryReader(HermesHome home, IFileSystem fileSystem)
        : this(home, fileSystem, new ConfigFile(home, fileSystem))
    {
    }

    internal MemoryReader(HermesHome home, IFileSystem fileSystem, ConfigFile configFile)
    {
        _home = home;
        _fileSystem = fileSystem;
        _configFile = configFile;
    }

    /// <summary>Reads both files and the limits that config.yaml sets for them.</summary>
    /// <returns>
    /// The same object as before where nothing changed. A file that does not exist, or whose name is a folder's, has no text and no entries.
    /// </returns>
    /// <exception cref="MemoryUnavailableException">A file exists but cannot be read: allow the process to read it.</exception>
    public async Task<MemorySnapshot> ReadAsync(CancellationToken cancellationToken = default)
    {
        var latest = _latest;
        var section = _configFile.ReadOrEmpty()["memory"] as YamlMapping;
        var memory = await ReadAsync(
            MemoryFormat.MemoryFile,
            Limit(section, "memory_char_limit", MemoryFormat.DefaultMemoryLimit),
            latest?.Memory,
            cancellationToken).ConfigureAwait(false);
        var user = await ReadAsync(
            MemoryFormat.UserFile,
            Limit(section, "user_char_limit", MemoryFormat.DefaultUserLimit),
            latest?.User,
            cancellationToken).ConfigureAwait(false);
        if (latest is not null && memory == latest.Memory && user == latest.User)
            return latest;

        // Of two reads at the same time the older may be kept; its stamps then differ from the files', and the next read mends it.
        return _latest = new MemorySnapshot(memory, user);
    }

    private async ValueTask<MemoryDocument> ReadAsync(
        string fileName, int limit, MemoryDocument? latest, CancellationToken cancellationToken)
    {
        var path = _fileSystem.Path.Join(_home.MemoriesFolder, fileName);
        try
        {
            var now = DateTimeOffset.UtcNow;
            var stamp = FileStamp.FindFile(_fileSystem, path);
            if (latest is { IsSettled: true } && latest.Stamp == stamp && latest.Limit == limit)
                return latest;

            var text = await ReadTextAsync(path, fileName, stamp, cancellationToken).ConfigureAwait(false);
            var isSettled = stamp is null || stamp.Value.IsSettled(now);
            return latest is not null && latest.Stamp == stamp && latest.IsSettled == isSettled && latest.Text == text && latest.Limit == limit
                ? latest
                : new MemoryDocument(fileName, text, limit, stamp, isSettled);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new MemoryDocument(fileName, text: null, limit, stamp: null, isSettled: true);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new MemoryUnavailableException($"{fileName} cannot be read: allow the server's user to read it", exception);
        }
        catch (IOException exception)
        {
            throw new MemoryUnavailableException($"{fileName} cannot be read just now: try again, or check the disk", exception);
        }
    }

    private async ValueTask<string?> ReadTextAsync(string path, string fileName, FileStamp? stamp, CancellationToken cancellationToken)
    {
        // What has no length is not opened: opening a pipe would wait for its writer.
        if (stamp is null or { Length: 0 })
            return stamp is null ? null : "";

        var file = await TextFile.ReadAsync(_fileSystem, path, MaxBytes, cancellationToken).ConfigureAwait(false);
        return file.IsCut ? throw new MemoryUnavailableException($"{fileName} is larger than 16 MB: shorten it") : file.Text;
    }

    private static int Limit(YamlMapping? section, string key, int fallback) =>
        section?[key] is long limit and > 0 and <= int.MaxValue ? (int)limit : fallback;
}
