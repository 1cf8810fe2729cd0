using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using Hermes.Core.Chat;

namespace Hermes.Providers;

/// <summary>The body of a provider's answer, read as JSON objects, whether it is a stream of events or one plain object. No event of it is endless.</summary>
/// <remarks>For one reader at a time. As a stream it is what the parser of events reads: without blanks at its beginning, and with an end to its last line.</remarks>
/// <param name="inner">What the transport has of it.</param>
/// <param name="maxEventBytes">The longest event, or the longest plain answer, in bytes.</param>
internal sealed class ProviderBody(Stream inner, int maxEventBytes) : ReadOnlyStream
{
    private readonly byte[] _head = new byte[4096];
    private ReadOnlyMemory<byte> _peeked;
    private int _lineEndsLeft = 2;
    private int _eventBytes;
    private int _lineBytes;
    private byte _last;

    /// <summary>Ends a read. It stands here as the reads come from a parser that was given another token, or none.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>Whether the provider said that this is all: a plain object was whole, or <c>[DONE]</c> came.</summary>
    public bool HasEnd { get; private set; }

    /// <summary>Reads the objects, each as it comes. Whether they are events, the first byte says: the content type is often wrong.</summary>
    /// <exception cref="ChatProviderException">It is neither, or too long.</exception>
    public async IAsyncEnumerable<JsonObject> ReadObjectsAsync()
    {
        switch (await PeekAsync().ConfigureAwait(false))
        {
            case null:
                throw new ChatProviderException("its answer is empty");
            case (byte)'{' or (byte)'[':
                foreach (var value in Parse((await ReadAllAsync().ConfigureAwait(false)).Span).Values)
                    yield return value;

                HasEnd = true;
                yield break;
            case (byte)'<':
                throw new ChatProviderException("it answered with a web page: is its address right, with all of its path?");
        }

        await foreach (var happened in SseParser.Create(this, static (_, data) => Parse(data)).EnumerateAsync().ConfigureAwait(false))
        {
            foreach (var value in happened.Data.Values)
            {
                if (happened.EventType == "error" && value["error"] is null)
                    value["error"] = value.DeepClone();

                yield return value;
            }

            if (happened.Data.IsEnd)
            {
                HasEnd = true;
                yield break;
            }
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var length = await TakeAsync(buffer).ConfigureAwait(false);
        if (length > 0)
        {
            Count(buffer.Span[..length]);
            return length;
        }

        // Providers leave out the empty line behind their last event.
        length = Math.Min(buffer.Length, _lineEndsLeft);
        buffer.Span[..length].Fill((byte)'\n');
        _lineEndsLeft -= length;
        return length;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();

        base.Dispose(disposing);
    }

    // The first byte that says something; null where there is none. A byte order mark and the blanks that keep a connection alive are dropped.
    private async ValueTask<byte?> PeekAsync()
    {
        while (_peeked.IsEmpty)
        {
            var length = await inner.ReadAsync(_head, Cancellation).ConfigureAwait(false);
            if (length == 0) return null;

            _peeked = new ReadOnlyMemory<byte>(_head, 0, length).TrimStart(" \t\r\n\uFEFF"u8);
        }

        return _peeked.Span[0];
    }

    private async Task<ReadOnlyMemory<byte>> ReadAllAsync()
    {
        using var all = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int length;
        while ((length = await TakeAsync(buffer).ConfigureAwait(false)) > 0)
        {
            if (all.Length + length > maxEventBytes) throw TooLong();

            all.Write(buffer, 0, length);
        }

        return all.GetBuffer().AsMemory(0, (int)all.Length);
    }

    private async ValueTask<int> TakeAsync(Memory<byte> buffer)
    {
        if (_peeked.IsEmpty) return await inner.ReadAsync(buffer, Cancellation).ConfigureAwait(false);

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
            var isSecondOfPair = value is (byte)'\n' && _last is (byte)'\r';
            _last = value;
            if (isSecondOfPair) continue;

            var isLineEnd = value is (byte)'\n' or (byte)'\r';
            _eventBytes = isLineEnd && _lineBytes == 0 ? 0 : _eventBytes + 1;
            _lineBytes = isLineEnd ? 0 : _lineBytes + 1;
        }

        if (_eventBytes > maxEventBytes) throw TooLong();
    }

    private ChatProviderException TooLong() => new($"one event of its answer, or a plain answer, is longer than {maxEventBytes} bytes");

    // Where the empty lines between events are missing, several values stand in one event.
    private static (List<JsonObject> Values, bool IsEnd) Parse(ReadOnlySpan<byte> data)
    {
        var values = new List<JsonObject>();
        while (!(data = data.TrimStart(" \t\r\n"u8)).IsEmpty)
        {
            if (data.StartsWith("[DONE]"u8)) return (values, true);

            try
            {
                var reader = new Utf8JsonReader(data, new JsonReaderOptions { AllowMultipleValues = true });
                Add(JsonElement.ParseValue(ref reader), values);
                data = data[(int)reader.BytesConsumed..];
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                // The exception quotes what the provider sent, so it goes no further.
                throw new ChatProviderException("its answer is no JSON, or broke off");
            }
        }

        return (values, false);
    }

    private static void Add(JsonElement value, List<JsonObject> values)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                values.Add((JsonObject)value.ToNode()!);
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    Add(item, values);

                break;
            case not JsonValueKind.Null:
                throw new JsonException();
        }
    }
}
