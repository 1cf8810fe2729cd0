using System.Buffers;
using System.Security.Cryptography;

namespace Hermes.Core.Http.Wire;

/// <summary>An answer whose JSON is made already. Immutable, so that it can be given to any number of requests.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="parts">The JSON as UTF-8, in one part or several; none for an answer without content.</param>
internal sealed class JsonAnswer(int status, params IReadOnlyList<ReadOnlyMemory<byte>> parts) : IResult
{
    public const string ContentType = "application/json; charset=utf-8";

    // After so much the answer waits for the client, so that at most twice as much is in the server's memory to be sent.
    private const int MaxUnsent = 256 * 1024;

    private const int TagBytes = 16;

    public int Status => status;

    public IReadOnlyList<ReadOnlyMemory<byte>> Parts => parts;
    public long Length { get; } = parts.Sum(part => (long)part.Length);

    /// <summary>When a client should try again; null leaves the header out.</summary>
    public TimeSpan? RetryAfter { get; init; }
    /// <summary>False tells clients that ask again on their own, as OpenAI's do, that it is of no use.</summary>
    public bool ShouldRetry { get; init; } = true;
    /// <summary>The <see cref="EntityTag"/> of the state that the body shows; null where it cannot be known unchanged.</summary>
    public string? Tag { get; init; }

    public static JsonAnswer Of<TValue>(TValue value, int status = StatusCodes.Status200OK) => new(status, WireJson.Serialize(value));

    /// <summary>An answer of what a record says that holds a text of this length.</summary>
    public static JsonAnswer Of<TValue>(TValue value, string text) => new(StatusCodes.Status200OK, WireJson.Serialize(value, text.Length));

    /// <summary>An answer of 200 that a client need not get twice: its entity tag is made of the body, and so the same after a restart.</summary>
    public static JsonAnswer Tagged<TValue>(TValue value)
    {
        var body = WireJson.Serialize(value);
        return new(StatusCodes.Status200OK, body) { Tag = Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, TagBytes)) };
    }

    /// <summary>The answer to a client that names the entity tag of the state as it is.</summary>
    public static JsonAnswer NotModified(string tag) => new(StatusCodes.Status304NotModified) { Tag = tag };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        if (Tag is not null)
        {
            EntityTag.Write(response, Tag);
            if (status is StatusCodes.Status304NotModified || EntityTag.IsKnown(httpContext.Request, Tag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        // In whole seconds, and never at once.
        if (RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

        if (!ShouldRetry)
            response.Headers["x-should-retry"] = "false";

        response.ContentLength = Length;
        if (Length == 0) return;

        response.ContentType = ContentType;
        if (HttpMethods.IsHead(httpContext.Request.Method)) return;

        // First, for before it Kestrel keeps what is written in buffers of its own.
        await response.StartAsync(httpContext.RequestAborted);
        var (body, unsent) = (response.BodyWriter, 0);
        foreach (var piece in parts.SelectMany(Split))
        {
            body.Write(piece.Span);
            unsent += piece.Length;
            if (unsent < MaxUnsent) continue;

            if ((await body.FlushAsync(httpContext.RequestAborted)).IsCompleted) return;
            unsent = 0;
        }

        await body.FlushAsync(httpContext.RequestAborted);

        static IEnumerable<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> part)
        {
            for (; part.Length > MaxUnsent; part = part[MaxUnsent..])
                yield return part[..MaxUnsent];

            yield return part;
        }
    }
}
