using System.Text.Json.Nodes;

namespace Hermes.Providers;

/// <summary>A repaired answer as server-sent events. Nothing is read ahead: each read asks the provider for the next chunk alone.</summary>
/// <remarks>For one reader at a time.</remarks>
internal sealed class RepairedStream(ProviderBody body, IAsyncEnumerable<JsonObject> chunks) : ReadOnlyStream
{
    private readonly IAsyncEnumerator<JsonObject> _chunks = chunks.GetAsyncEnumerator();
    private ReadOnlyMemory<byte> _rest;
    private bool _hasEnded;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest.IsEmpty && !_hasEnded)
        {
            // A failure is an end as well, and must not look like that of a whole answer to who reads on.
            _hasEnded = true;
            body.Cancellation = cancellationToken;
            var hasNext = await _chunks.MoveNextAsync().ConfigureAwait(false);
            _hasEnded = !hasNext;
            _rest = (byte[])(hasNext ? [.. "data: "u8, .. PlainAnswer.Write(_chunks.Current), .. "\n\n"u8] : [.. "data: [DONE]\n\n"u8]);
        }

        var length = Math.Min(_rest.Length, buffer.Length);
        _rest[..length].CopyTo(buffer);
        _rest = _rest[length..];
        return length;
    }

    /// <summary>Gives the connection up. A read that still runs ends by that.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            body.Dispose();

        base.Dispose(disposing);
    }
}
