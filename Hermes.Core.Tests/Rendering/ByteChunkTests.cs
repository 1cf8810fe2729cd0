using System.Buffers;
using Hermes.Core.Rendering;

namespace Hermes.Core.Tests.Rendering;

public class ByteChunkTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(200_000)]
    public void Copy_AnyLength_HoldsTheSameInSmallPieces(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);

        var copy = ByteChunk.Copy(bytes);
        var expected = bytes.ToArray();
        bytes.AsSpan().Clear();

        Assert.Equal(expected, copy.ToArray());
        foreach (var piece in copy)
        {
            Assert.InRange(piece.Length, 0, 65_536);
        }
    }
}
