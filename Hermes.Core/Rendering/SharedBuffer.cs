using System.Buffers;

namespace Hermes.Core.Rendering;

/// <summary>What lies in a <see cref="PooledBuffer"/>, for several who read it: those who send it, and who keeps it for others.</summary>
/// <remarks>
/// Safe for use from any thread. Each holder disposes it once and does not touch <see cref="Bytes"/> after that; the memory is given back
/// with the last. Kept in memory of their own, answers that a change outdates several times a second would be most of what there is to collect.
/// </remarks>
internal sealed class SharedBuffer : IDisposable
{
    private readonly PooledBuffer _buffer;
    private int _holders = 1;

    /// <param name="buffer">Written to the end. It is disposed with the last holder, of which the caller is the first.</param>
    public SharedBuffer(PooledBuffer buffer)
    {
        _buffer = buffer;
        Bytes = buffer.Written;
    }

    /// <summary>All that was written.</summary>
    public ReadOnlySequence<byte> Bytes { get; }

    /// <summary>How many bytes of memory it takes.</summary>
    public long Capacity => _buffer.Capacity;

    /// <summary>Makes the caller a holder.</summary>
    /// <returns>False where the last holder is gone already.</returns>
    public bool TryHold()
    {
        for (var holders = Volatile.Read(ref _holders); holders > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders)
            {
                return true;
            }

            holders = seen;
        }

        return false;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            _buffer.Dispose();
        }
    }
}
