using System.Diagnostics.CodeAnalysis;
using Hermes.Core.IO;

namespace Hermes.Core.Memory;

/// <summary>The lock that everybody holds who changes one memory file, in this process and in others. Safe for use from any thread.</summary>
/// <remarks>
/// It is the one of the Python agent: <c>flock</c> on an empty file beside the memory, which outlives the memory's being replaced.
/// Opening with <see cref="FileShare.None"/> takes it on Unix, but does not wait, so it is tried again.
/// </remarks>
/// <param name="fileSystem">Where the files are.</param>
/// <param name="file">The memory file.</param>
/// <param name="timeout">How long to wait for it.</param>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore has nothing to release: its wait handle is never asked for.")]
internal sealed class MemoryLock(IFileSystem fileSystem, MemoryFile file, TimeSpan timeout)
{
    // The agent's own changes take a few milliseconds.
    private const int MaxPauseMilliseconds = 20;

    // EAGAIN of Linux, that of macOS and the BSDs, and ERROR_SHARING_VIOLATION of Windows.
    private static readonly int[] HeldElsewhere = [11, 35, unchecked((int)0x80070020)];

    // Those who wait in this process do so without polling, and in turn.
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Waits for the lock and takes it.</summary>
    /// <returns>The lock; dispose it to release it.</returns>
    /// <exception cref="NotRegularFileException">What has the lock's name is a link or no regular file: nobody's lock, which opening would make, or wait for, elsewhere.</exception>
    /// <exception cref="MemoryBusyException">Somebody held it for longer than the timeout.</exception>
    public async Task<IDisposable> AcquireAsync(CancellationToken cancellationToken)
    {
        var deadline = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        if (!await _turn.WaitAsync(timeout, cancellationToken).ConfigureAwait(false))
            throw new MemoryBusyException(file.Name);

        try
        {
            while (true)
            {
                if (TryOpen() is { } stream)
                    return new Held(stream, _turn);

                if (Environment.TickCount64 >= deadline)
                    throw new MemoryBusyException(file.Name);

                await Task.Delay(Random.Shared.Next(1, MaxPauseMilliseconds), cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            _turn.Release();
            throw;
        }
    }

    private FileSystemStream? TryOpen()
    {
        var path = $"{file.Path}.lock";
        if (fileSystem.FileInfo.New(path).LinkTarget is not null)
            throw new NotRegularFileException("a link");

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
}
