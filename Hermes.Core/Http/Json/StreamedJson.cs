using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Hermes.Core.Http.Json;

/// <summary>An answer of 200 whose JSON is written in pieces: a single one is sent with its length, several are sent as the client reads them.</summary>
/// <remarks>For one request. Once a piece was sent, an error can only break the answer off.</remarks>
internal sealed class StreamedJson(HttpContext http, string? tag)
{
    private const int ExpectedSize = 16 * 1024;

    private readonly ArrayBufferWriter<byte> _piece = new(ExpectedSize);
    private bool _isRead = true;

    /// <summary>Where the next piece is written to.</summary>
    public IBufferWriter<byte> Output => _piece;

    /// <summary>Sends the piece, and waits until the client has read enough of what was sent before.</summary>
    /// <returns>Whether anybody reads on.</returns>
    public async ValueTask<bool> SendAsync()
    {
        var response = http.Response;
        if (!response.HasStarted)
        {
            if (tag is not null && EntityTag.IsKnown(http.Request, tag))
            {
                await EntityTag.NotModified(tag).ExecuteAsync(http);
                await response.StartAsync(http.RequestAborted);
                return _isRead = false;
            }

            if (tag is not null)
            {
                EntityTag.Write(response, tag);
            }

            response.ContentType = JsonBytes.ContentType;
            await response.StartAsync(http.RequestAborted);
        }

        _isRead = _isRead && !HttpMethods.IsHead(http.Request.Method);
        if (_isRead)
        {
            _isRead = !(await response.BodyWriter.WriteAsync(_piece.WrittenMemory, http.RequestAborted)).IsCompleted;
        }

        _piece.ResetWrittenCount();
        return _isRead;
    }

    /// <summary>Sends the last piece.</summary>
    public async ValueTask<IResult> EndAsync()
    {
        if (!http.Response.HasStarted)
        {
            await new JsonBytes(StatusCodes.Status200OK, _piece.WrittenMemory) { Tag = tag }.ExecuteAsync(http);
        }
        else
        {
            await SendAsync();
        }

        return Results.Empty;
    }
}
