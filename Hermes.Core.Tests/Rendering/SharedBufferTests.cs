using System.Buffers;
using Hermes.Core.Rendering;

namespace Hermes.Core.Tests.Rendering;

public sealed class SharedBufferTests : IDisposable
{
    private readonly PooledBuffer _buffer = new(expectedSize: 16);

    [Fact]
    public void Dispose_OneOfTwoHolders_LeavesTheBytes()
    {
        var shared = Shared();

        Assert.True(shared.TryHold());
        shared.Dispose();

        Assert.Equal("text"u8.ToArray(), shared.Bytes.ToArray());
        Assert.False(_buffer.Written.IsEmpty);
    }

    [Fact]
    public void Dispose_LastHolder_GivesTheMemoryBack()
    {
        var shared = Shared();

        Assert.True(shared.TryHold());
        shared.Dispose();
        shared.Dispose();

        Assert.True(_buffer.Written.IsEmpty);
        Assert.False(shared.TryHold());
    }

    public void Dispose() => _buffer.Dispose();

    private SharedBuffer Shared()
    {
        _buffer.Write("text"u8);
        return new SharedBuffer(_buffer);
    }
}
