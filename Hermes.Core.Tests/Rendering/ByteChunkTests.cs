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

        var first = new ByteChunk(bytes.AsMemory(0, length / pieces));
        var last = first;
        for (var piece = 1; piece < pieces; piece++)
        {
            last = last.Add(new(bytes.AsMemory(length / pieces * piece, piece < pieces - 1 ? length / pieces : length - (length / pieces * piece))));
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
