using System.Buffers;
using System.Text.Unicode;

namespace Hermes.Core.IO;

/// <summary>A text as Python reads it: UTF-8, a byte order mark kept, every kind of line end given as <c>\n</c>.</summary>
/// <param name="Text">The text; bytes that are not UTF-8 stand as U+FFFD.</param>
/// <param name="IsValid">Whether all bytes were UTF-8.</param>
/// <param name="IsCut">Whether the file goes on behind the text.</param>
internal sealed record TextFile(string Text, bool IsValid, bool IsCut)
{
    public static TextFile Empty { get; } = new("", IsValid: true, IsCut: false);

    /// <summary>Reads at most <paramref name="maxBytes"/> of a file.</summary>
    public static TextFile Read(IFileSystem fileSystem, string path, int maxBytes) => Decode(ReadBytes(fileSystem, path, maxBytes), maxBytes);

    /// <summary>Reads at most <paramref name="maxBytes"/> of a file, and one more where it goes on.</summary>
    /// <remarks>On the caller's thread: the pool reads small files no sooner, and waking it costs more than the reading.</remarks>
    public static byte[] ReadBytes(IFileSystem fileSystem, string path, int maxBytes)
    {
        // Whoever writes locks other files, if any: the shared lock that .NET takes on Unix meanwhile is in nobody's way.
        using var stream = fileSystem.FileStream.New(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);

        // One byte more than is wanted shows that the file goes on.
        var size = (int)Math.Min(stream.Length, maxBytes) + 1;
        var buffer = new byte[size];
        var length = stream.ReadAtLeast(buffer, size, throwOnEndOfStream: false);
        return length == size ? buffer : buffer[..length];
    }

    /// <summary>The text of at most the first <paramref name="maxBytes"/> of what a file holds.</summary>
    public static TextFile Decode(ReadOnlySpan<byte> bytes, int maxBytes)
    {
        var isCut = bytes.Length > maxBytes;
        if (isCut)
            bytes = bytes[..(maxBytes - IncompleteTail(bytes[..maxBytes]))];

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
            if ((tail[0] & 0xC0) != 0x80) return Rune.DecodeFromUtf8(tail, out _, out _) == OperationStatus.NeedMoreData ? length : 0;
        }

        return 0;
    }
}
