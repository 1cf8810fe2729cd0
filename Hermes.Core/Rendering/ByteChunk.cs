using System.Buffers;

namespace Hermes.Core.Rendering;

/// <summary>A piece of something long that is kept.</summary>
/// <remarks>
/// An array of 85,000 bytes or more is made of memory that is fetched from the system each time, a page after the other: for a
/// megabyte that takes a hundred times as long as the copying.
/// </remarks>
internal sealed class ByteChunk : ReadOnlySequenceSegment<byte>
{
    private const int MaxLength = 64 * 1024;

    private ByteChunk(ReadOnlySpan<byte> bytes, long before)
    {
        Memory = bytes.ToArray();
        RunningIndex = before;
    }

    /// <summary>A copy in as many pieces as it takes.</summary>
    public static ReadOnlySequence<byte> Copy(ReadOnlySpan<byte> bytes)
    {
        var first = new ByteChunk(bytes[..Math.Min(bytes.Length, MaxLength)], before: 0);
        var last = first;
        for (var at = MaxLength; at < bytes.Length; at += MaxLength)
        {
            var next = new ByteChunk(bytes[at..Math.Min(bytes.Length, at + MaxLength)], at);
            last.Next = next;
            last = next;
        }

        return new(first, 0, last, last.Memory.Length);
    }
}
