using System.IO.Abstractions;
using Hermes.Core.Configuration;
using Hermes.Core.Files;
using Hermes.Core.Yaml;

namespace Hermes.Core.Memory;

/// <summary>Where one of the two memories lies, what limits it, and how it is read. Immutable and safe for use from any thread.</summary>
internal sealed class MemoryFile(HermesHome home, IFileSystem fileSystem, ConfigFile configFile, MemoryTarget target)
{
    // Far above every limit that an agent could work with; it bounds what a file gone wrong can cost.
    private const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>The file's name.</summary>
    public string Name { get; } = MemoryFormat.FileName(target);

    /// <summary>The file's absolute path.</summary>
    public string Path { get; } = fileSystem.Path.Join(home.MemoriesFolder, MemoryFormat.FileName(target));

    /// <summary>Reads the file.</summary>
    /// <param name="latest">What was read before, to be given back where nothing changed; null reads in any case.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="MemoryUnavailableException">The file exists but cannot be read.</exception>
    public async ValueTask<MemoryDocument> ReadAsync(MemoryDocument? latest, CancellationToken cancellationToken)
    {
        var limit = ReadLimit();
        try
        {
            var now = DateTimeOffset.UtcNow;
            var stamp = FileStamp.FindFile(fileSystem, Path);
            if (latest is { IsSettled: true } && latest.Stamp == stamp && latest.Limit == limit)
            {
                return latest;
            }

            var file = await ReadTextAsync(stamp, cancellationToken).ConfigureAwait(false);
            var isSettled = stamp is null || stamp.Value.IsSettled(now);
            return latest is not null && latest.Stamp == stamp && latest.IsSettled == isSettled && latest.Text == file?.Text && latest.Limit == limit
                ? latest
                : new MemoryDocument(target, file?.Text, limit) { Stamp = stamp, IsSettled = isSettled, IsValid = file?.IsValid ?? true };
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new MemoryDocument(target, text: null, limit) { IsSettled = true };
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new MemoryUnavailableException($"{Name} cannot be read: allow the server's user to read it", exception);
        }
        catch (IOException exception)
        {
            throw new MemoryUnavailableException($"{Name} cannot be read just now: try again, or check the disk", exception);
        }
    }

    private async ValueTask<TextFile?> ReadTextAsync(FileStamp? stamp, CancellationToken cancellationToken)
    {
        // What has no length is not opened: opening a pipe would wait for its writer.
        if (stamp is null or { Length: 0 })
        {
            return stamp is null ? null : TextFile.Empty;
        }

        var file = await TextFile.ReadAsync(fileSystem, Path, MaxBytes, cancellationToken).ConfigureAwait(false);
        return file.IsCut ? throw new MemoryUnavailableException($"{Name} is larger than 16 MB: shorten it") : file;
    }

    private int ReadLimit()
    {
        var (key, fallback) = target is MemoryTarget.User
            ? ("user_char_limit", MemoryFormat.DefaultUserLimit)
            : ("memory_char_limit", MemoryFormat.DefaultMemoryLimit);
        var section = configFile.ReadOrEmpty()["memory"] as YamlMapping;
        return section?[key] is long limit and > 0 and <= int.MaxValue ? (int)limit : fallback;
    }
}
