using Hermes.Core.Configuration;
using Hermes.Core.IO;
using Hermes.Core.Yaml;

namespace Hermes.Core.Memory;

/// <summary>Where one of the two memories lies, what limits it, and how it is read. Safe for use from any thread.</summary>
internal sealed class MemoryFile(HermesHome home, IFileSystem fileSystem, ConfigFile configFile, MemoryTarget target)
{
    // Far above every limit that an agent could work with; it bounds what a file gone wrong can cost.
    private const int MaxBytes = 16 * 1024 * 1024;

    private readonly SecretFiles _secrets = new(home.EnvironmentFile, fileSystem);
    private volatile Known? _known;

    /// <summary>The file's name.</summary>
    public string Name { get; } = MemoryFormat.FileName(target);

    /// <summary>The file's absolute path.</summary>
    public string Path { get; } = fileSystem.Path.Join(home.MemoriesFolder, MemoryFormat.FileName(target));

    /// <summary>Reads the file, where it changed.</summary>
    /// <returns>The same object as before where text and limit are the same.</returns>
    /// <exception cref="MemoryUnavailableException">Something has the file's name but cannot be read.</exception>
    public async ValueTask<MemoryDocument> ReadAsync(CancellationToken cancellationToken)
    {
        var limit = ReadLimit();
        var known = _known;
        try
        {
            var now = DateTimeOffset.UtcNow;
            var status = FindStatus();
            if (known is { IsSettled: true } && known.Status == status && known.Document.Limit == limit)
                return known.Document;

            var text = await ReadBytesAsync(status, cancellationToken).ConfigureAwait(false) is { } bytes ? Decode(bytes).Text : null;
            var document = known is not null && known.Document.Text == text && known.Document.Limit == limit
                ? known.Document
                : new MemoryDocument(target, text, limit);

            // Of two reads at the same time the older may be kept; its status then differs from the file's, and the next read sees it.
            _known = new Known(status, IsSettled: status?.IsSettled(now) ?? true, document);
            return document;
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
            var bytes = await ReadBytesAsync(FindStatus(), cancellationToken).ConfigureAwait(false);
            return (bytes ?? [], new MemoryDocument(target, bytes is null ? null : Decode(bytes).Text, ReadLimit()));
        }
        catch (Exception exception) when (Unavailable(exception) is { } unavailable)
        {
            throw unavailable;
        }
    }

    /// <summary>The text of a file of these bytes.</summary>
    public static TextFile Decode(byte[] bytes) => TextFile.Decode(bytes, int.MaxValue);

    private FileStatus? FindStatus() => FileStatus.FindRegularFile(fileSystem, Path);

    private async Task<byte[]?> ReadBytesAsync(FileStatus? status, CancellationToken cancellationToken)
    {
        switch (status)
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

    /// <summary>What was read last.</summary>
    /// <param name="Status">The file's status then; null where there was none.</param>
    /// <param name="IsSettled">Whether an equal status proves that the file is still the same.</param>
    /// <param name="Document">What was in it.</param>
    private sealed record Known(FileStatus? Status, bool IsSettled, MemoryDocument Document);
}
