using System.Buffers;
using System.Text.Unicode;
using Hermes.Core.Sessions;
using Microsoft.Net.Http.Headers;

namespace Hermes.Core.Http.Wire;

/// <summary>Reads the JSON object of a request and its fields, and says in a <see cref="RequestException"/> what is wrong with them.</summary>
internal static class RequestBody
{
    private const int MaxDepth = 64;
    // A field's name comes from the request, however long it is.
    private const int MaxShownLength = 80;

    /// <summary>Reads the body as one JSON object; one without fields where it is empty or white space alone.</summary>
    public static async ValueTask<JsonElement> ReadObjectAsync(HttpContext http) => ParseOptionalObject(await ReadBytesAsync(http));

    /// <summary>Parses bytes as one JSON object; one without fields where they are none, or white space alone.</summary>
    public static JsonElement ParseOptionalObject(ReadOnlyMemory<byte> utf8) => utf8.Span.Trim(" \t\r\n"u8).IsEmpty ? default : ParseObject(utf8.Span);

    /// <summary>Parses bytes as one JSON object. Its fields can be asked for by any name.</summary>
    /// <remarks>Of chat the reference's error does not say where it is, and no text may have a lone surrogate, so that readers need not care.</remarks>
    public static JsonElement ParseObject(ReadOnlySpan<byte> utf8, bool isChat = false)
    {
        JsonElement root;
        try
        {
            root = JsonElement.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException exception)
        {
            var where = !isChat && exception is { LineNumber: { } line, BytePositionInLine: { } position } ? $" (line {line + 1}, byte {position + 1})" : "";
            throw new RequestException(StoredJson.IsJsonOfAnyDepth(utf8) ? $"The JSON of the request body is nested deeper than {MaxDepth} levels"
                : $"Invalid JSON in request body{where}");
        }

        return root.ValueKind is not JsonValueKind.Object ? throw new RequestException("The request body must be a JSON object")
            : StoredJson.HasWholeTexts(utf8, namesAlone: !isChat) ? root
            : throw new RequestException(isChat ? "Invalid JSON in request body: a text holds half of a surrogate pair"
                : "A field name of the request body is not valid Unicode: it has half of a surrogate pair");
    }

    /// <summary>Reads the body whole, a byte order mark left out, within the endpoint's limit.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadBytesAsync(HttpContext http)
    {
        if (http.Request.Headers.ContentEncoding is [{ Length: > 0 } encoding, ..] && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            throw new RequestException("Send the request body without a Content-Encoding", StatusCodes.Status415UnsupportedMediaType);

        // ASCII is UTF-8 too, and many clients leave the hyphen out.
        if (http.Request.GetTypedHeaders().ContentType?.Charset is { HasValue: true } charset
            && HeaderUtilities.RemoveQuotes(charset).ToString().ToLowerInvariant() is not ("" or "utf-8" or "utf8" or "us-ascii" or "ascii"))
        {
            throw new RequestException("Send the request body as UTF-8", StatusCodes.Status415UnsupportedMediaType);
        }

        var limit = http.GetEndpoint()?.Metadata.GetMetadata<HermesEndpoint>()?.BodyLimit ?? HermesEndpoint.MetadataBodyLimit;
        var reader = http.Request.BodyReader;
        var read = await reader.ReadAsync(http.RequestAborted);
        for (; !read.IsCompleted && read.Buffer.Length <= limit; read = await reader.ReadAsync(http.RequestAborted))
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);

        var body = read.Buffer.Length <= limit ? read.Buffer.ToArray() : null;
        reader.AdvanceTo(read.Buffer.End);
        if (body is null) throw new RequestException("Request body too large.", StatusCodes.Status413PayloadTooLarge);

        ReadOnlyMemory<byte> utf8 = body.AsMemory(body.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0);
        return Utf8.IsValid(utf8.Span) ? utf8 : throw new RequestException("The request body is not valid UTF-8");
    }

    /// <summary>A field, if only null; null where it is missing, or the body is.</summary>
    public static JsonElement? FindField(this JsonElement body, string name) =>
        body.ValueKind is JsonValueKind.Object && body.TryGetProperty(name, out var value) ? value : null;

    /// <summary>Whether nothing is asked: there is no body, or no field in it.</summary>
    public static bool IsEmpty(this JsonElement body) => body.ValueKind is not JsonValueKind.Object || body.GetPropertyCount() == 0;

    public static bool Has(this JsonElement body, string name) => body.FindField(name) is not null;

    /// <summary>A text field; null where it is missing or null. A lone surrogate, which UTF-8 cannot store, is an error.</summary>
    public static string? FindText(this JsonElement body, string name)
    {
        if (body.FindField(name) is not { ValueKind: not JsonValueKind.Null } value) return null;
        if (value.ValueKind is not JsonValueKind.String) throw new RequestException($"'{name}' must be a string", param: name);

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            throw new RequestException($"'{name}' is not valid Unicode: it has half of a surrogate pair", param: name);
        }
    }

    /// <summary>A text field without white space around it; null where nothing is left.</summary>
    public static string? FindTrimmed(this JsonElement body, string name) => body.FindText(name)?.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>A field that is true or false; null where it is missing. An error has <paramref name="code"/>.</summary>
    public static bool? FindFlag(this JsonElement body, string name, string code) => body.FindField(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True or JsonValueKind.False } flag => flag.GetBoolean(),
        _ => throw new RequestException($"'{name}' must be true or false", param: name, code: code),
    };

    /// <summary>Refuses an object that has other fields than these, by their names.</summary>
    public static void RefuseOthers(this JsonElement body, params string[] known)
    {
        IEnumerable<string> names = body.ValueKind is JsonValueKind.Object ? body.EnumerateObject().Select(field => field.Name) : [];
        if (names.FirstOrDefault(name => !known.Contains(name)) is not { } unknown) return;

        var shown = unknown.Length <= MaxShownLength ? unknown
            : $"{unknown.AsSpan(0, char.IsHighSurrogate(unknown[MaxShownLength - 1]) ? MaxShownLength - 1 : MaxShownLength)}...";
        throw new RequestException($"Unknown field '{shown}': what can be given is {string.Join(", ", known)}", param: shown);
    }

    /// <summary>Whether a field is missing or says nothing: null, false, 0, an empty text, list or object, which to the reference's Python are all the same.</summary>
    public static bool IsBlank(this JsonElement body, string name) => body.FindField(name) is not { } value || value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Number => value.TryGetDouble(out var number) && number == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        _ => false,
    };
}
