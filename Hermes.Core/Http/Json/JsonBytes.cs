using Microsoft.AspNetCore.Http;

namespace Hermes.Core.Http.Json;

/// <summary>An answer whose JSON is rendered already. An empty body is an answer without content.</summary>
internal sealed class JsonBytes(int status, ReadOnlyMemory<byte> body) : IResult
{
    public const string ContentType = "application/json; charset=utf-8";

    // What waits in the server's memory to be sent, however long the answer is and however slowly it is read.
    private const int MaxUnsent = 256 * 1024;

    /// <summary>An answer of 200 that a client need not get twice.</summary>
    public JsonBytes(RenderedJson json)
        : this(StatusCodes.Status200OK, json.Body) => Tag = json.Tag;

    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>The body as UTF-8.</summary>
    public ReadOnlyMemory<byte> Body => body;

    /// <summary>When a client should try again; null leaves the header out.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>False tells clients that ask again on their own, as OpenAI's do, that it is of no use.</summary>
    public bool ShouldRetry { get; init; } = true;

    /// <summary>The <see cref="EntityTag"/> of the state that the body shows; null where it cannot be known unchanged.</summary>
    public string? Tag { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (Tag is not null)
        {
            if (EntityTag.IsKnown(httpContext.Request, Tag))
            {
                await EntityTag.NotModified(Tag).ExecuteAsync(httpContext);
                return;
            }

            EntityTag.Write(response, Tag);
        }

        response.StatusCode = status;
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Errors.RetryAfterSeconds(wait);
        }

        if (!ShouldRetry)
        {
            response.Headers["x-should-retry"] = "false";
        }

        response.ContentLength = body.Length;
        if (body.Length > 0)
        {
            response.ContentType = ContentType;
            if (!HttpMethods.IsHead(httpContext.Request.Method))
            {
                await WriteAsync(response, httpContext.RequestAborted);
            }
        }
    }

    private async ValueTask WriteAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        if (body.Length <= MaxUnsent)
        {
            await response.BodyWriter.WriteAsync(body, cancellationToken);
            return;
        }

        // What is written before the start is copied once more.
        await response.StartAsync(cancellationToken);
        for (var sent = 0; sent < body.Length; sent += MaxUnsent)
        {
            var part = body.Slice(sent, Math.Min(body.Length - sent, MaxUnsent));
            if ((await response.BodyWriter.WriteAsync(part, cancellationToken)).IsCompleted)
            {
                return;
            }
        }
    }
}
