namespace Hermes.Host.Chat;

/// <summary>Breaks off answers of a provider that the client behind would put into memory without end: one event, or one document.</summary>
internal sealed class BoundedAnswers(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>The longest event of a stream, or the longest answer that is no stream, in bytes. The largest real ones hold a picture.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var isEventStream = response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType is "text/event-stream";
        var bounded = new StreamContent(new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken), isEventStream));
        foreach (var (name, values) in response.Content.Headers)
            bounded.Headers.TryAddWithoutValidation(name, values);

        response.Content = bounded;
        return response;
    }

    /// <summary>Reads another stream, and fails where too much comes without the empty line that ends an event.</summary>
    private sealed class BoundedStream(Stream inner, bool isEventStream) : Stream
    {
        private int _length;
        private bool _isLineEmpty;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Check(buffer.AsSpan(offset, inner.Read(buffer, offset, count)));

        public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            await ReadAsync(buffer.AsMemory(offset, count), cancellationToken);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            return Check(buffer.Span[..count]);
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }

        private int Check(ReadOnlySpan<byte> read)
        {
            foreach (var character in read)
            {
                _length++;
                if (character == '\n')
                {
                    _length = isEventStream && _isLineEmpty ? 0 : _length;
                    _isLineEmpty = true;
                }
                else if (character != '\r')
                {
                    _isLineEmpty = false;
                }
            }

            return _length <= MaxBytes ? read.Length : throw new IOException("The provider's answer is longer than any that is read");
        }
    }
}
