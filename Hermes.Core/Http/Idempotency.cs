using Hermes.Core.Http.Json;
using Microsoft.AspNetCore.Http;

namespace Hermes.Core.Http;

/// <summary>The header <c>Idempotency-Key</c>: the same key and body within five minutes give the first answer.</summary>
internal static class Idempotency
{
    private const string Header = "Idempotency-Key";
    private const int MaxKeyLength = 256;

    /// <summary>Answers by the request's key, or just answers where it has none.</summary>
    /// <param name="http">The request.</param>
    /// <param name="answers">What was answered before.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="sessionId">The session that the request names, which is part of what the key stands for; null for none.</param>
    /// <param name="run">Gets the answer. Its token is cancelled when everybody who waits for it has gone.</param>
    /// <exception cref="RequestException">The key is too long, or stands for another body.</exception>
    public static async Task<IResult> AnswerAsync(
        HttpContext http, IdempotentAnswers answers, ReadOnlyMemory<byte> body, string? sessionId, Func<CancellationToken, Task<JsonBytes>> run)
    {
        var key = http.Request.Headers[Header].ToString();
        if (key.Length == 0)
        {
            return await run(http.RequestAborted);
        }

        if (key.Length > MaxKeyLength)
        {
            throw new RequestException($"'{Header}' is too long (max {MaxKeyLength})", param: Header);
        }

        var scope = new IdempotencyKey(key, http.User.Identity?.Name ?? "", http.Request.Path, sessionId);
        return await answers.GetOrRunAsync(scope, body, run, http.RequestAborted)
            ?? throw new RequestException(
                $"This '{Header}' was sent with another body before. Use a new key for a new request.",
                StatusCodes.Status422UnprocessableEntity, Header);
    }
}
