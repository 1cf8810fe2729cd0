using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hermes.Core.Files;

/// <summary>Reads files by the system's own calls.</summary>
/// <remarks>
/// What .NET has for it asks three more questions of the system for each file, and locks it against other .NET programs: for files of a few
/// kilobytes that takes longer than reading them.
/// </remarks>
internal static partial class LinuxFile
{
    private const int ReadOnly = 0, PathAlone = 0x200000, NotForChildren = 0x80000;

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="IOException">The file is gone or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static SafeFileHandle Open(string path) => TryOpen(path, ReadOnly | NotForChildren) is >= 0 and var descriptor
        ? new(descriptor, ownsHandle: true)
        : throw LinuxError.ToException(Marshal.GetLastPInvokeError());

    /// <summary>Opens a folder, which takes no right to read it, to look at what is in it.</summary>
    /// <returns>The descriptor; a negative number where it cannot be opened.</returns>
    public static int TryOpenFolder(string path) => TryOpen(path, PathAlone | NotForChildren);

    /// <summary>Reads on until the buffer is full or the file ends.</summary>
    /// <returns>How many bytes were read.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static int Read(SafeFileHandle file, Span<byte> buffer)
    {
        var count = 0;
        while (count < buffer.Length)
        {
            var read = ReadOnce(file, buffer[count..]);
            if (read < 0)
            {
                throw LinuxError.ToException(Marshal.GetLastPInvokeError());
            }

            if (read == 0)
            {
                break;
            }

            count += read;
        }

        return count;
    }

    /// <summary>Reads what is there, without waiting for more.</summary>
    /// <param name="file">Something that was opened so that reading does not wait.</param>
    /// <param name="buffer">Room for it.</param>
    /// <param name="count">How many bytes were read; 0 where there is nothing now.</param>
    /// <returns>False where it cannot be read.</returns>
    public static bool TryReadSome(SafeHandle file, Span<byte> buffer, out int count)
    {
        var read = ReadOnce(file, buffer);
        count = Math.Max(read, 0);
        return read >= 0 || LinuxError.WouldWait;
    }

    private static int ReadOnce(SafeHandle file, Span<byte> buffer)
    {
        int count;
        do
        {
            count = (int)Read(file, ref MemoryMarshal.GetReference(buffer), buffer.Length);
        }
        while (count < 0 && LinuxError.WasInterrupted);

        return count;
    }

    private static int TryOpen(string path, int flags)
    {
        int descriptor;
        do
        {
            descriptor = Open(path, flags);
        }
        while (descriptor < 0 && LinuxError.WasInterrupted);

        return descriptor;
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Read(SafeHandle file, ref byte buffer, nint count);
}
