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

    private readonly SecretFiles _secrets = new(home.EnvironmentFile, fileSystem);

    /// <summary>The file's name.</summary>
    public string Name { get; } = MemoryFormat.FileName(target);

    /// <summary>The file's absolute path.</summary>
    public string Path { get; } = fileSystem.Path.Join(home.MemoriesFolder, MemoryFormat.FileName(target));

    /// <summary>Reads the file.</summary>
    /// <param name="latest">What was read before, to be given back where nothing changed; null where nothing was.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="MemoryUnavailableException">Something has the file's name but cannot be read.</exception>
    public async ValueTask<MemoryDocument> ReadAsync(MemoryDocument? latest, CancellationToken cancellationToken)
    {
        var limit = ReadLimit();
        try
        {
            var now = DateTimeOffset.UtcNow;
            var stamp = FindStamp();
            if (latest is { IsSettled: true } && latest.Stamp == stamp && latest.Limit == limit)
            {
                return latest;
            }

            var text = await ReadBytesAsync(stamp, cancellationToken).ConfigureAwait(false) is { } bytes ? Decode(bytes).Text : null;
            var isSettled = stamp is null || stamp.Value.IsSettled(now);
            return latest is not null && latest.Stamp == stamp && latest.IsSettled == isSettled && latest.Text == text && latest.Limit == limit
                ? latest
                : new MemoryDocument(target, text, limit) { Stamp = stamp, IsSettled = isSettled };
        }
        catch (Exception exception) when (Unavailable(exception) is { } unavailable)
        {
            throw unavailable;
        }
    }

    /// <summary>Reads the file to change it.</summary>
    /// <returns>The bytes, none where there is no file, and what they say.</returns>
    /// <inheritdoc cref="ReadAsync" path="/exception"/>
    public async Task<(byte[] Bytes, MemoryDocument Document)> ReadForChangeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await ReadBytesAsync(FindStamp(), cancellationToken).ConfigureAwait(false);
            return (bytes ?? [], new MemoryDocument(target, bytes is null ? null : Decode(bytes).Text, ReadLimit()));
        }
        catch (Exception exception) when (Unavailable(exception) is { } unavailable)
        {
            throw unavailable;
        }
    }

    /// <summary>The text of a file of these bytes.</summary>
    public static TextFile Decode(byte[] bytes) => TextFile.Decode(bytes, int.MaxValue);

    private FileStamp? FindStamp()
    {
        var stamp = FileStamp.FindRegularFile(fileSystem, Path);
        return stamp is null && FileStamp.Find(fileSystem, home.MemoriesFolder) is null && fileSystem.FileInfo.New(home.MemoriesFolder).LinkTarget is not null
            ? throw new NotRegularFileException("in a folder that is a link and leads nowhere")
            : stamp;
    }

    private async Task<byte[]?> ReadBytesAsync(FileStamp? stamp, CancellationToken cancellationToken)
    {
        switch (stamp)
        {
            case null:
                return null;
            case { Length: > MaxBytes }:
                throw new MemoryUnavailableException($"{Name} is larger than 16 MB: shorten it");
            case { } found when _secrets.Contains(Path, found):
                throw new MemoryUnavailableException($"{Name} cannot be read: it leads to an .env file, which is never shown");
        }

        try
        {
            // The writers of these files lock others beside them: no lock here that would be in their way.
            await using var stream = fileSystem.FileStream.New(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
            return bytes.ToArray();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // It went since it was found.
            return null;
        }
    }

    private MemoryUnavailableException? Unavailable(Exception exception) => exception switch
    {
        MemoryUnavailableException => null,
        NotRegularFileException irregular => new($"{Name} cannot be read: it is {irregular.What}; put a file in its place", irregular),
        UnauthorizedAccessException => new($"{Name} cannot be read: allow the server's user to read it", exception),
        IOException => new($"{Name} cannot be read just now: try again, or check the disk", exception),
        _ => null,
    };

    private int ReadLimit()
    {
        var (key, fallback) = target is MemoryTarget.User
            ? ("user_char_limit", MemoryFormat.DefaultUserLimit)
            : ("memory_char_limit", MemoryFormat.DefaultMemoryLimit);
        var section = configFile.ReadOrEmpty()["memory"] as YamlMapping;
        return section?[key] is long limit and > 0 and <= int.MaxValue ? (int)limit : fallback;
    }
}
