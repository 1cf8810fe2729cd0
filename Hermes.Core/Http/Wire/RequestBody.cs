using System.Buffers;
using System.Text.Unicode;
using Hermes.Core.Sessions;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Hermes.Core.Http.Wire;

/// <summary>Reads the JSON object of a request, and says in a <see cref="RequestException"/> what is wrong with it.</summary>
internal static class RequestBody
{
    private const int MaxDepth = 64;

    private static readonly JsonDocumentOptions ParserOptions = new() { MaxDepth = MaxDepth };

    /// <summary>Reads the body as one JSON object.</summary>
    /// <returns>Null where the body is empty or white space alone.</returns>
    /// <exception cref="RequestException">It is too large, compressed, not UTF-8, not JSON, or no object.</exception>
    public static async ValueTask<JsonDocument?> ReadObjectAsync(HttpContext http) => ParseOptionalObject(await ReadBytesAsync(http));

    /// <summary>Parses bytes as one JSON object.</summary>
    /// <returns>Null where they are none, or white space alone.</returns>
    public static JsonDocument? ParseOptionalObject(ReadOnlyMemory<byte> utf8) =>
        utf8.Span.Trim(" \t\r\n"u8).IsEmpty ? null : ParseObject(utf8);

    /// <summary>Parses bytes as one JSON object. Its fields can be asked for by any name.</summary>
    /// <param name="utf8">The bytes.</param>
    /// <param name="saysWhere">Whether the error says where the JSON is broken; the reference's for chat does not.</param>
    public static JsonDocument ParseObject(ReadOnlyMemory<byte> utf8, bool saysWhere = true)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(utf8, ParserOptions);
        }
        catch (JsonException exception)
        {
            if (StoredJson.IsJsonOfAnyDepth(utf8.Span))
                throw new RequestException($"The JSON of the request body is nested deeper than {MaxDepth} levels");

            var where = saysWhere && exception is { LineNumber: { } line, BytePositionInLine: { } position } ? $" (line {line + 1}, byte {position + 1})" : "";
            throw new RequestException($"Invalid JSON in request body{where}");
        }

        var problem =
            document.RootElement.ValueKind is not JsonValueKind.Object ? "The request body must be a JSON object"
            : !StoredJson.HasWholeTexts(utf8.Span, namesAlone: true) ? "A field name of the request body is not valid Unicode: it has half of a surrogate pair"
            : null;
        if (problem is null)
            return document;

        document.Dispose();
        throw new RequestException(problem);
    }

    /// <summary>Reads the body whole, a byte order mark left out, within the endpoint's limit.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadBytesAsync(HttpContext http)
    {
        var request = http.Request;
        RefuseEncodings(request);
        var limit = http.GetEndpoint()?.Metadata.GetMetadata<HermesEndpoint>()?.BodyLimit ?? HermesEndpoint.MetadataBodyLimit;
        var reader = request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(http.RequestAborted);
            var buffer = result.Buffer;
            if (buffer.Length > limit)
            {
                reader.AdvanceTo(buffer.End);
                throw new RequestException("Request body too large.", StatusCodes.Status413PayloadTooLarge);
            }

            if (result.IsCompleted)
            {
                ReadOnlyMemory<byte> bytes = buffer.ToArray();
                reader.AdvanceTo(buffer.End);
                bytes = bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
                return Utf8.IsValid(bytes.Span) ? bytes : throw new RequestException("The request body is not valid UTF-8");
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static void RefuseEncodings(HttpRequest request)
    {
        if (request.Headers.ContentEncoding is [{ Length: > 0 } encoding, ..] && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            throw new RequestException("Send the request body without a Content-Encoding", StatusCodes.Status415UnsupportedMediaType);

        if (request.GetTypedHeaders().ContentType?.Charset is { HasValue: true } charset && !IsUtf8(HeaderUtilities.RemoveQuotes(charset)))
            throw new RequestException("Send the request body as UTF-8", StatusCodes.Status415UnsupportedMediaType);
    }

    // ASCII is UTF-8 too, and many clients leave the hyphen out.
    private static bool IsUtf8(StringSegment charset) =>
        charset.Length == 0
        || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
        || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase)
        || charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase)
        || charset.Equals("ascii", StringComparison.OrdinalIgnoreCase);
}
