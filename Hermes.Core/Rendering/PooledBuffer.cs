using System.Buffers;

namespace Hermes.Core.Rendering;

/// <summary>A buffer that grows by pieces, whose memory others use again after it: large answers would otherwise leave megabytes to collect each.</summary>
/// <remarks>For one thread at a time. What was written is not to be touched after disposal.</remarks>
internal sealed class PooledBuffer(int expectedSize) : IBufferWriter<byte>, IDisposable
{
    private const int SmallestRoom = 256;

    // Up to here the shared pool is quicker.
    private const int MaxSmallLength = 1024;

    // Of any other length the shared pool keeps less than is taken and given back at once by long answers and by pages that are kept.
    // What it drops then has been around for too long to be collected cheaply.
    private static readonly ArrayPool<byte> Pieces = ArrayPool<byte>.Create(ByteChunk.MaxLength, maxArraysPerBucket: 128);

    private readonly List<(byte[] Bytes, int Length)> _full = [];
    private byte[] _bytes = Rent(expectedSize);
    private int _length;

    /// <summary>All that was written.</summary>
    public ReadOnlySequence<byte> Written
    {
        get
        {
            if (_full.Count == 0)
            {
                return new(_bytes, 0, _length);
            }

            var first = new ByteChunk(_full[0].Bytes.AsMemory(0, _full[0].Length));
            var last = first;
            foreach (var (bytes, length) in _full.Skip(1))
            {
                last = last.Add(new(bytes.AsMemory(0, length)));
            }

            return ByteChunk.Sequence(first, last.Add(new(_bytes.AsMemory(0, _length))));
        }
    }

    /// <summary>How many bytes of memory it has taken.</summary>
    public long Capacity => _bytes.Length + _full.Sum(piece => (long)piece.Bytes.Length);

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

    /// <summary>Forgets what was written, and gives its memory back. It may be written to again.</summary>
    public void Clear()
    {
        foreach (var (bytes, _) in _full)
        {
            Return(bytes);
        }

        _full.Clear();
        var last = _bytes;
        _bytes = [];
        _length = 0;
        if (last.Length > 0)
        {
            Return(last);
        }
    }

    public void Dispose() => Clear();

    private static byte[] Rent(int size) => Pool(size).Rent(size);

    private static void Return(byte[] bytes) => Pool(bytes.Length).Return(bytes);

    // Both pools round up to a power of two, as the limits are: an array goes back to where it is from.
    private static ArrayPool<byte> Pool(int size) => size is > MaxSmallLength and <= ByteChunk.MaxLength ? Pieces : ArrayPool<byte>.Shared;

    private void MakeRoom(int size)
    {
        size = Math.Max(size, SmallestRoom);
        if (_bytes.Length - _length >= size)
        {
            return;
        }

        var next = Rent(Math.Max(size, ByteChunk.MaxLength));
        if (_length > 0)
        {
            _full.Add((_bytes, _length));
        }
        else
        {
            Return(_bytes);
        }

        _bytes = next;
        _length = 0;
    }
}
