using System.Globalization;
using Hermes.Core.Text;
using Microsoft.AspNetCore.Http;

namespace Hermes.Core.Http.Json;

/// <summary>The errors of the API, in all of its shapes.</summary>
internal static class Errors
{
    /// <summary>No key, or not the right one. In the OpenAI shape on every path, as the reference answers.</summary>
    public static IResult InvalidApiKey { get; } = new JsonBytes(StatusCodes.Status401Unauthorized,
        """{"error":{"message":"Invalid API key","type":"invalid_request_error","code":"invalid_api_key"}}"""u8.ToArray());

    /// <summary>The body is over the endpoint's limit. In the OpenAI shape on every path, as the reference answers.</summary>
    public static IResult BodyTooLarge { get; } = new JsonBytes(StatusCodes.Status413PayloadTooLarge,
        """{"error":{"message":"Request body too large.","type":"invalid_request_error","param":null,"code":"body_too_large"}}"""u8.ToArray());

    /// <summary>A page of an origin that is not listed called: 403 and no body.</summary>
    public static IResult ForeignOrigin { get; } = new JsonBytes(StatusCodes.Status403Forbidden, ReadOnlyMemory<byte>.Empty);

    /// <summary>An error in the shape that the endpoint's clients expect.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="message">What happened and what to do; it is shown to the client.</param>
    /// <param name="param">The field of the request that is to blame; null where it is no single one. The OpenAI shape alone has it.</param>
    /// <param name="retryAfter">When to try again; null leaves the header out.</param>
    /// <param name="code">A word for programs; null where there is none.</param>
    /// <param name="shouldRetry">Whether asking again may help.</param>
    public static JsonBytes Create(
        ErrorShape shape, int status, string message, string? param = null, TimeSpan? retryAfter = null, string? code = null, bool shouldRetry = true)
    {
        var body = Utf8Json.Write(json =>
        {
            json.WriteStartObject();
            if (shape is ErrorShape.Outcome)
            {
                json.WriteBoolean("success"u8, false);
            }

            if (shape is ErrorShape.Text or ErrorShape.Outcome)
            {
                json.WriteString("error"u8, message);
                if (code is not null)
                {
                    json.WriteString("code"u8, code);
                }
            }
            else
            {
                json.WriteStartObject("error"u8);
                json.WriteString("message"u8, message);
                json.WriteString("type"u8, status is 429 ? "rate_limit_error"u8 : status < 500 ? "invalid_request_error"u8 : "server_error"u8);
                json.WriteString("param"u8, param);
                json.WriteString("code"u8, code);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        });
        return new JsonBytes(status, body) { RetryAfter = retryAfter, ShouldRetry = shouldRetry };
    }

    /// <summary>A 500 that says nothing of its cause but an id to find it by in the log.</summary>
    public static IResult Internal(ErrorShape shape, string correlationId) =>
        Create(shape, StatusCodes.Status500InternalServerError, $"Internal server error (correlation id {correlationId})");

    /// <summary>The number of whole seconds for <c>Retry-After</c>, at least 1.</summary>
    public static string RetryAfterSeconds(TimeSpan wait) =>
        Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
