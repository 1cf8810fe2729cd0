using System.Diagnostics.CodeAnalysis;
using Hermes.Core.Configuration;
using Hermes.Core.IO;
using Hermes.Core.Yaml;

namespace Hermes.Core.Memory;

/// <summary>Where one of the two memories lies, what limits it, how it is read, and the lock of those who change it. Safe for use from any thread.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore has nothing to release: its wait handle is never asked for.")]
internal sealed class MemoryFile(HermesHome home, IFileSystem fileSystem, ConfigFile configFile, MemoryTarget target)
{
    // Far above every limit that an agent could work with; it bounds what a file gone wrong can cost.
    private const int MaxBytes = 16 * 1024 * 1024;

    // The agent's own changes take a few milliseconds.
    private const int MaxPauseMilliseconds = 20;

    // EAGAIN of Linux, that of macOS and the BSDs, and ERROR_SHARING_VIOLATION of Windows.
    private static readonly int[] HeldElsewhere = [11, 35, unchecked((int)0x80070020)];

    private readonly SecretFiles _secrets = new(home.EnvironmentFile, fileSystem);

    // Those who wait for the lock in this process do so without polling, and in turn.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile Known? _known;

    public string Name { get; } = MemoryDocument.NameOf(target);
    public string Path { get; } = fileSystem.Path.Join(home.MemoriesFolder, MemoryDocument.NameOf(target));

    /// <summary>Reads the file, where it changed.</summary>
    /// <returns>The same object as before where text and limit are the same.</returns>
    /// <exception cref="MemoryUnavailableException">Something has the file's name but cannot be read.</exception>
    public MemoryDocument Read()
    {
        var limit = ReadLimit();
        var known = _known;
        try
        {
            var now = DateTimeOffset.UtcNow;
            var status = FileStatus.FindRegularFile(fileSystem, Path);
            if (known is { IsSettled: true } && known.Status == status && known.Document.Limit == limit) return known.Document;

            var text = ReadBytes(status) is { } bytes ? Decode(bytes) : null;
            var isSame = known is not null && known.Document.Text == text && known.Document.Limit == limit;
            var document = isSame ? known!.Document : new MemoryDocument(target, text, limit);

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
    /// <inheritdoc cref="Read" path="/exception"/>
    public (byte[] Bytes, MemoryDocument Document) ReadForChange()
    {
        try
        {
            var bytes = ReadBytes(FileStatus.FindRegularFile(fileSystem, Path));
            return (bytes ?? [], new MemoryDocument(target, bytes is null ? null : Decode(bytes), ReadLimit()));
        }
        catch (Exception exception) when (Unavailable(exception) is { } unavailable)
        {
            throw unavailable;
        }
    }

    /// <summary>Waits for the lock that everybody holds who changes the file, in this process and in others, and takes it.</summary>
    /// <remarks>
    /// It is the one of the Python agent: <c>flock</c> on an empty file beside the memory, which outlives the memory's being replaced.
    /// Opening with <see cref="FileShare.None"/> takes it on Unix, but does not wait, so it is tried again.
    /// </remarks>
    /// <exception cref="NotRegularFileException">What has the lock's name is a link or no regular file: nobody's lock, which opening would make, or wait for, elsewhere.</exception>
    /// <exception cref="MemoryBusyException">Somebody held it for longer than the timeout.</exception>
    public async Task<IDisposable> LockAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var deadline = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        if (!await _turn.WaitAsync(timeout, cancellationToken).ConfigureAwait(false)) throw new MemoryBusyException(Name);

        try
        {
            while (true)
            {
                if (TryOpenLock() is { } stream) return new Held(stream, _turn);
                if (Environment.TickCount64 >= deadline) throw new MemoryBusyException(Name);

                await Task.Delay(Random.Shared.Next(1, MaxPauseMilliseconds), cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            _turn.Release();
            throw;
        }
    }

    public static string Decode(byte[] bytes) => TextFile.Decode(bytes, int.MaxValue).Text;

    private byte[]? ReadBytes(FileStatus? status)
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
            return TextFile.ReadBytes(fileSystem, Path, MaxBytes);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // It went since it was found.
            return null;
        }
    }

    private MemoryUnavailableException? Unavailable(Exception exception) => exception switch
    {
        NotRegularFileException irregular => new($"{Name} cannot be read: it is {irregular.What}; put a file in its place", irregular),
        UnauthorizedAccessException => new($"{Name} cannot be read: allow the server's user to read it", exception),
        IOException => new($"{Name} cannot be read just now: try again, or check the disk", exception),
        _ => null,
    };

    private int ReadLimit()
    {
        var (key, fallback) = target is MemoryTarget.User ? ("user_char_limit", 1375) : ("memory_char_limit", 2200);
        var section = configFile.ReadOrEmpty()["memory"] as YamlMapping;
        return section?[key] is long limit and > 0 and <= int.MaxValue ? (int)limit : fallback;
    }

    // Null while somebody else holds it.
    private FileSystemStream? TryOpenLock()
    {
        var path = $"{Path}.lock";
        if (fileSystem.FileInfo.New(path).LinkTarget is not null) throw new NotRegularFileException("a link");

        FileStatus.FindRegularFile(fileSystem, path);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        try
        {
            return fileSystem.FileStream.New(path, options);
        }
        catch (IOException exception) when (HeldElsewhere.Contains(exception.HResult))
        {
            return null;
        }
    }

    private sealed class Held(FileSystemStream stream, SemaphoreSlim turn) : IDisposable
    {
        public void Dispose()
        {
            stream.Dispose();
            turn.Release();
        }
    }

    /// <summary>What was read last, and the file's status then; an equal one proves that it is still the same, where it is settled.</summary>
    private sealed record Known(FileStatus? Status, bool IsSettled, MemoryDocument Document);
}
