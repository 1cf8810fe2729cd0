using Hermes.Core.Http.Wire;
using Microsoft.AspNetCore.Http;

namespace Hermes.Core.Http.Endpoints;

/// <summary>The header in which a client names what it keeps a session for, as a chat of a platform. It is given back with the answer.</summary>
internal static class SessionKeyHeader
{
    public const string Name = "X-Hermes-Session-Key";

    private const int MaxLength = 256;

    /// <summary>Gives the request's key back, where it has one; what no header carries is percent-encoded, as in <see cref="SessionHeader"/>.</summary>
    /// <exception cref="RequestException">It is too long, or has characters that end a header.</exception>
    public static void Echo(HttpContext http)
    {
        var key = http.Request.Headers[Name].ToString();
        if (key.Length > MaxLength)
        {
            throw new RequestException($"{Name} is too long ({key.Length} characters, max {MaxLength})", param: Name);
        }

        if (key.AsSpan().ContainsAny('\r', '\n', '\0'))
        {
            throw new RequestException($"{Name} must not have line breaks or zero characters", param: Name);
        }

        if (key.Length > 0)
        {
            http.Response.Headers[Name] = SessionHeader.Encode(key);
        }
    }
}
