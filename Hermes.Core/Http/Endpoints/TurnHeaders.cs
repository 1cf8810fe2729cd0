using Hermes.Core.Http.Wire;

namespace Hermes.Core.Http.Endpoints;

/// <summary>The headers of requests that begin turns, and of their answers.</summary>
/// <remarks>A header carries printable ASCII alone. An id with other characters is percent-escaped, and so is one that looks as if it were; a request may send it
/// like that or, where its client can, as it is. So each header that an answer has stands for one id, and every other text for itself.</remarks>
internal static class TurnHeaders
{
    public const string SessionId = "X-Hermes-Session-Id";
    /// <summary>What a client keeps a session for, as a chat of a platform. It is given back with the answer.</summary>
    public const string SessionKey = "X-Hermes-Session-Key";
    /// <summary>Names the run of a turn in each of its answers, for <c>/v1/runs/{run_id}</c>.</summary>
    public const string RunId = "X-Hermes-Run-Id";

    // An id of the greatest length in characters of four bytes each. What is longer is no id.
    private const int MaxEscapedLength = Sessions.SessionId.MaxLength * 4 * 3;
    private const int MaxSessionKeyLength = 256;

    /// <summary>The session that a request continues; null where it names none.</summary>
    public static string? ReadSessionId(HttpRequest request) =>
        request.Headers[SessionId].ToString().Trim() is { Length: > 0 } text ? Sessions.SessionId.Clean(Decode(text)) : null;

    /// <summary>Names the session and the run in an answer, where there are such.</summary>
    public static void Write(HttpResponse response, string? sessionId, string? runId)
    {
        // No text takes a header away.
        response.Headers[SessionId] = sessionId is null ? null : Encode(sessionId);
        response.Headers[RunId] = runId;
    }

    /// <summary>Gives the request's session key back, where it has one.</summary>
    public static void EchoSessionKey(HttpContext http)
    {
        var key = http.Request.Headers[SessionKey].ToString();
        if (key.Length > MaxSessionKeyLength)
            throw new RequestException($"{SessionKey} is too long ({key.Length} characters, max {MaxSessionKeyLength})", param: SessionKey);
        if (key.AsSpan().ContainsAny('\r', '\n', '\0'))
            throw new RequestException($"{SessionKey} must not have line breaks or zero characters", param: SessionKey);

        if (key.Length > 0)
            http.Response.Headers[SessionKey] = Encode(key);
    }

    internal static string Encode(string id) => IsEscaped(id) ? Uri.EscapeDataString(id) : id;

    internal static string Decode(string text) =>
        text.Length <= MaxEscapedLength && TryUnescape(text, out var id) && IsEscaped(id) && !id.Any(char.IsControl) ? id : text;

    // It has characters that no header carries, or is what such an id is escaped to.
    private static bool IsEscaped(string id) =>
        id.AsSpan().ContainsAnyExceptInRange(' ', '~') || (TryUnescape(id, out var inner) && IsEscaped(inner));

    // Takes one layer of escapes away, where the text is exactly what escaping makes of the rest.
    private static bool TryUnescape(string text, out string id)
    {
        id = Uri.UnescapeDataString(text);
        return id.Length < text.Length && Uri.EscapeDataString(id) == text;
    }
}
