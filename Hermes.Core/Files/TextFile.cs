using System.Buffers;
using System.IO.Abstractions;
using System.Text;
using System.Text.Unicode;

namespace Hermes.Core.Files;

/// <summary>A text as Python reads it: UTF-8, a byte order mark kept, every kind of line end given as <c>\n</c>.</summary>
/// <param name="Text">The text; bytes that are not UTF-8 stand as U+FFFD.</param>
/// <param name="IsValid">Whether all bytes were UTF-8.</param>
/// <param name="IsCut">Whether the file goes on behind the text.</param>
internal sealed record TextFile(string Text, bool IsValid, bool IsCut)
{
    // What nearly all files fit into.
    private const int UsualSize = 64 * 1024;

    /// <summary>A file without text.</summary>
    public static TextFile Empty { get; } = new("", IsValid: true, IsCut: false);

    /// <summary>Reads at most <paramref name="maxBytes"/> of a file.</summary>
    /// <exception cref="IOException">The file is gone or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static TextFile Read(IFileSystem fileSystem, string path, int maxBytes)
    {
        if (LinuxStatus.Serves(fileSystem))
        {
            return ReadLinux(path, maxBytes);
        }

        using var stream = Open(fileSystem, path);
        return ReadWhole(stream.Length, maxBytes, room => stream.ReadAtLeast(room.Span, room.Length, throwOnEndOfStream: false));
    }

    // The writers of these files lock others beside them, if any: the shared lock that .NET takes on Unix meanwhile is in nobody's way.
    private static FileSystemStream Open(IFileSystem fileSystem, string path) =>
        fileSystem.FileStream.New(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);

    private static TextFile ReadLinux(string path, int maxBytes)
    {
        using var file = LinuxFile.Open(path);
        return ReadWhole(UsualSize, maxBytes, room => LinuxFile.Read(file, room.Span));
    }

    /// <summary>Reads to the end, or one byte further than allowed.</summary>
    /// <param name="expectedSize">How many bytes there should be.</param>
    /// <param name="maxBytes">How many are wanted at most.</param>
    /// <param name="read">Fills what it is given, and says how much of it: less than all at the end alone.</param>
    private static TextFile ReadWhole(long expectedSize, int maxBytes, Func<Memory<byte>, int> read)
    {
        var buffer = Rent(expectedSize, maxBytes);
        try
        {
            var count = read(buffer);
            while (count == buffer.Length && count <= maxBytes)
            {
                buffer = Enlarge(buffer, maxBytes);
                count += read(buffer.AsMemory(count));
            }

            return Decode(buffer.AsSpan(0, count), maxBytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // One byte more than the text needs: a file that has grown meanwhile, or is longer than allowed, shows as a full buffer.
    private static byte[] Rent(long size, int maxBytes) => ArrayPool<byte>.Shared.Rent((int)Math.Min(size, maxBytes) + 1);

    private static byte[] Enlarge(byte[] full, int maxBytes)
    {
        var larger = Rent(full.Length * 4L, maxBytes);
        full.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }

    /// <summary>The text of at most the first <paramref name="maxBytes"/> of what a file holds.</summary>
    public static TextFile Decode(ReadOnlySpan<byte> bytes, int maxBytes)
    {
        var isCut = bytes.Length > maxBytes;
        if (isCut)
        {
            bytes = bytes[..maxBytes];
            bytes = bytes[..^IncompleteTail(bytes)];
        }

        // Only what stands for bytes that are no text can come of them.
        var text = Encoding.UTF8.GetString(bytes);
        return new TextFile(NormalizeLineEnds(text), !text.Contains('\uFFFD') || Utf8.IsValid(bytes), isCut);
    }

    /// <summary>Gives every kind of line end as <c>\n</c>, as Python does when it reads.</summary>
    public static string NormalizeLineEnds(string text) =>
        text.Contains('\r') ? text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n') : text;

    // How many bytes at the end begin a character that the cut went through.
    private static int IncompleteTail(ReadOnlySpan<byte> bytes)
    {
        for (var length = 1; length <= Math.Min(3, bytes.Length); length++)
        {
            var tail = bytes[^length..];
            if ((tail[0] & 0xC0) != 0x80)
            {
                return Rune.DecodeFromUtf8(tail, out _, out _) == OperationStatus.NeedMoreData ? length : 0;
            }
        }

        return 0;
    }
}
