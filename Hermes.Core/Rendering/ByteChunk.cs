using System.Buffers;

namespace Hermes.Core.Rendering;

/// <summary>A piece of something long.</summary>
/// <remarks>
/// An array of 85,000 bytes or more is made of memory that is fetched from the system each time, a page after the other, and given back
/// late: for a megabyte that takes a hundred times as long as the copying.
/// </remarks>
internal sealed class ByteChunk : ReadOnlySequenceSegment<byte>
{
    /// <summary>How long a piece should be at most.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>The first piece.</summary>
    public ByteChunk(ReadOnlyMemory<byte> bytes) => Memory = bytes;

    /// <summary>A copy in as many pieces as it takes.</summary>
    public static ReadOnlySequence<byte> Copy(ReadOnlySequence<byte> bytes)
    {
        var first = CopyFirst(ref bytes);
        var last = first;
        while (!bytes.IsEmpty)
        {
            last = last.Add(CopyFirst(ref bytes));
        }

        return Sequence(first, last);
    }

    /// <summary>What lies in the pieces from one to another.</summary>
    public static ReadOnlySequence<byte> Sequence(ByteChunk first, ByteChunk last) => new(first, 0, last, last.Memory.Length);

    /// <summary>Puts a piece behind this one.</summary>
    /// <returns>That piece.</returns>
    public ByteChunk Add(ByteChunk next)
    {
        next.RunningIndex = RunningIndex + Memory.Length;
        Next = next;
        return next;
    }

    private static ByteChunk CopyFirst(ref ReadOnlySequence<byte> bytes)
    {
        var piece = bytes.Slice(0, Math.Min(bytes.Length, MaxLength));
        bytes = bytes.Slice(piece.End);
        return new(piece.ToArray());
    }
}
