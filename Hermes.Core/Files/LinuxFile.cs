using System.Runtime.InteropServices;

namespace Hermes.Core.Files;

/// <summary>A file that is open for reading, by the system's own calls.</summary>
/// <remarks>
/// What .NET has for it asks three more questions of the system for each file, and locks it against other .NET programs: for files of a few
/// kilobytes that takes longer than reading them.
/// </remarks>
internal readonly ref partial struct LinuxFile
{
    private readonly int _descriptor;

    private LinuxFile(int descriptor) => _descriptor = descriptor;

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">The file is gone or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static LinuxFile Open(string path)
    {
        const int ReadOnlyAndNotForChildren = 0x80000;
        int descriptor;
        do
        {
            descriptor = Open(path, ReadOnlyAndNotForChildren);
        }
        while (descriptor < 0 && LinuxError.WasInterrupted);

        return descriptor >= 0 ? new(descriptor) : throw LinuxError.ToException(Marshal.GetLastPInvokeError());
    }

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    /// <returns>How many bytes were read.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public int Read(Span<byte> buffer)
    {
        var count = 0;
        while (count < buffer.Length)
        {
            var read = (int)Read(_descriptor, ref MemoryMarshal.GetReference(buffer[count..]), buffer.Length - count);
            if (read == 0)
            {
                break;
            }

            if (read > 0)
            {
                count += read;
            }
            else if (!LinuxError.WasInterrupted)
            {
                throw LinuxError.ToException(Marshal.GetLastPInvokeError());
            }
        }

        return count;
    }

    public void Dispose() => _ = Close(_descriptor);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Read(int descriptor, ref byte buffer, nint count);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
