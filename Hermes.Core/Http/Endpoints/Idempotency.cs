using System.Security.Claims;
using Hermes.Core.Http.Caching;
using Hermes.Core.Http.Wire;

namespace Hermes.Core.Http.Endpoints;

/// <summary>Answers a request that may carry an <c>Idempotency-Key</c>.</summary>
internal static class Idempotency
{
    private const string Header = "Idempotency-Key";

    /// <summary>Runs the request; with a key, gives the answer of the first one that had it, or joins it.</summary>
    public static async Task<IResult> AnswerAsync(
        HttpContext http, ReadOnlyMemory<byte> body, string? sessionId, Func<CancellationToken, Task<IdempotentAnswer>> run)
    {
        var answer = ReadKey(http) is not { } key ? await run(http.RequestAborted)
            : await http.RequestServices.GetRequiredService<IdempotentAnswers>().GetOrRunAsync(
                new IdempotencyKey(key, Caller.Name(http), http.Request.PathBase + http.Request.Path, sessionId), body, run, http.RequestAborted)
            ?? throw new RequestException("This Idempotency-Key was used with another body. Take a new key for a new request.", 422, Header);
        TurnHeaders.Write(http.Response, answer.SessionId, answer.RunId);
        return answer.Json;
    }

    /// <summary>The request's key; null where it has none.</summary>
    public static string? ReadKey(HttpContext http) => http.Request.Headers[Header].ToString() is { Length: > 0 } key ? key : null;
}

/// <summary>Who calls, for what one caller may not see of another.</summary>
internal static class Caller
{
    /// <summary>The caller's name, as the application's authentication knows it; everybody who has our one key is the same.</summary>
    public static string Name(HttpContext http) => http.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? http.User.Identity?.Name ?? "";
}
