using System.Buffers;

namespace Hermes.Core.Rendering;

/// <summary>A buffer that grows, whose memory others use again after it: large answers would otherwise leave megabytes to collect each.</summary>
/// <remarks>For one thread at a time. What was written is not to be touched after disposal.</remarks>
internal sealed class PooledBuffer(int expectedSize) : IBufferWriter<byte>, IDisposable
{
    private const int SmallestRoom = 256;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(expectedSize);
    private int _length;

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, _length);

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _bytes.AsSpan(_length);
    }

    public void Dispose()
    {
        var bytes = _bytes;
        _bytes = [];
        _length = 0;
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void MakeRoom(int size)
    {
        size = Math.Max(size, SmallestRoom);
        if (_bytes.Length - _length >= size)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_length + size), (int)Math.Min(2L * _length, Array.MaxLength)));
        WrittenMemory.Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
