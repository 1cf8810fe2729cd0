using System.Buffers;
using Hermes.Core.Rendering;

namespace Hermes.Core.Tests.Rendering;

public class ByteChunkTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(65_536, 1)]
    [InlineData(65_537, 1)]
    [InlineData(200_000, 1)]
    [InlineData(200_000, 7)]
    public void Copy_AnyLength_HoldsTheSameInSmallPieces(int length, int pieces)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);

        var size = length / pieces;
        var first = new ByteChunk(bytes.AsMemory(0, length - (size * (pieces - 1))));
        var last = first;
        for (var at = first.Memory.Length; at < length; at += size)
        {
            last = last.Add(new(bytes.AsMemory(at, size)));
        }

        var copy = ByteChunk.Copy(ByteChunk.Sequence(first, last));
        var expected = bytes.ToArray();
        bytes.AsSpan().Clear();

        Assert.Equal(expected, copy.ToArray());
        foreach (var piece in copy)
        {
            Assert.InRange(piece.Length, 0, 65_536);
        }
    }
}
