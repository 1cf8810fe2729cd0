using System.Buffers;
using Hermes.Core.Rendering;

namespace Hermes.Core.Tests.Rendering;

public class PooledBufferTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 4_000)]
    [InlineData(100_000, 30)]
    public void Written_ManyWrites_HoldsThemAll(int size, int writes)
    {
        using var buffer = new PooledBuffer(expectedSize: 16);
        var expected = new List<byte>();
        for (var write = 0; write < writes; write++)
        {
            var bytes = Enumerable.Repeat((byte)write, size).ToArray();
            buffer.Write(bytes);
            expected.AddRange(bytes);
        }

        Assert.True(buffer.Written.ToArray().AsSpan().SequenceEqual(expected.ToArray()));
    }

    [Fact]
    public void Written_MuchInSmallWrites_LiesInSmallPieces()
    {
        using var buffer = new PooledBuffer(expectedSize: 16);
        for (var write = 0; write < 1_000; write++)
        {
            buffer.Write("a text of some length, as often as it takes to be more than one piece can hold"u8);
        }

        foreach (var piece in buffer.Written)
        {
            Assert.InRange(piece.Length, 1, 65_536);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000_000)]
    public void GetSpan_AnySizeHint_HasThatRoom(int sizeHint)
    {
        using var buffer = new PooledBuffer(expectedSize: 16);

        Assert.True(buffer.GetSpan(sizeHint).Length >= Math.Max(1, sizeHint));
    }

    [Fact]
    public void Dispose_Twice_GivesTheMemoryBackOnce()
    {
        var buffer = new PooledBuffer(expectedSize: 16);
        buffer.Write("text"u8);

        buffer.Dispose();
        buffer.Dispose();

        Assert.True(buffer.Written.IsEmpty);
    }
}
