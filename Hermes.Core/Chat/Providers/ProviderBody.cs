namespace Hermes.Core.Chat.Providers;

/// <summary>The body of a provider's answer: it can be told from its first byte, its last line always ends, and no event of it is endless.</summary>
/// <remarks>For one reader at a time.</remarks>
internal sealed class ProviderBody(Stream inner) : ReadOnlyStream
{
    /// <summary>More than any answer: one with pictures in it has a few MB.</summary>
    public const int MaxEventBytes = 16 * 1024 * 1024;

    private readonly byte[] _head = new byte[4096];
    private ReadOnlyMemory<byte> _peeked;
    private int _lineEndsLeft = 2;
    private int _eventBytes;
    private int _lineBytes;
    private byte _last;

    /// <summary>Ends a read. It stands here as the reads come from a parser that was given another token, or none.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>The first byte that says something; null where there is none. A byte order mark and the blanks that keep a connection alive are dropped.</summary>
    public async ValueTask<byte?> PeekAsync()
    {
        while (_peeked.IsEmpty)
        {
            var length = await inner.ReadAsync(_head, Cancellation).ConfigureAwait(false);
            if (length == 0)
                return null;

            _peeked = new ReadOnlyMemory<byte>(_head, 0, length).TrimStart(" \t\r\n\uFEFF"u8);
        }

        return _peeked.Span[0];
    }

    /// <summary>Reads all of it.</summary>
    /// <exception cref="ChatProviderException">It is too long.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAllAsync()
    {
        using var all = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int length;
        while ((length = await TakeAsync(buffer).ConfigureAwait(false)) > 0)
        {
            if (all.Length + length > MaxEventBytes)
                throw TooLong();

            all.Write(buffer, 0, length);
        }

        return all.GetBuffer().AsMemory(0, (int)all.Length);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var length = await TakeAsync(buffer).ConfigureAwait(false);
        if (length == 0)
        {
            // Providers leave out the empty line behind their last event.
            length = Math.Min(buffer.Length, _lineEndsLeft);
            buffer.Span[..length].Fill((byte)'\n');
            _lineEndsLeft -= length;
            return length;
        }

        Count(buffer.Span[..length]);
        return length;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();

        base.Dispose(disposing);
    }

    private static ChatProviderException TooLong() => new($"one event of its answer, or a plain answer, is longer than {MaxEventBytes} bytes");

    private async ValueTask<int> TakeAsync(Memory<byte> buffer)
    {
        if (_peeked.IsEmpty)
            return await inner.ReadAsync(buffer, Cancellation).ConfigureAwait(false);

        var length = Math.Min(_peeked.Length, buffer.Length);
        _peeked[..length].CopyTo(buffer);
        _peeked = _peeked[length..];
        return length;
    }

    // An empty line ends an event. Lines end with \n, \r or both.
    private void Count(ReadOnlySpan<byte> read)
    {
        foreach (var value in read)
        {
            if (value is (byte)'\n' && _last is (byte)'\r')
            {
                _last = value;
                continue;
            }

            if (value is (byte)'\n' or (byte)'\r')
            {
                _eventBytes = _lineBytes == 0 ? 0 : _eventBytes + 1;
                _lineBytes = 0;
            }
            else
            {
                _lineBytes++;
                _eventBytes++;
            }

            _last = value;
        }

        if (_eventBytes > MaxEventBytes)
            throw TooLong();
    }
}
