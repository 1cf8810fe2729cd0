using System.Text;
using Hermes.Core.Sessions;
using Microsoft.AspNetCore.Http;

namespace Hermes.Core.Http;

/// <summary>The header that names the session of a chat, in the request and in the answer.</summary>
internal static class SessionHeader
{
    public const string Name = "X-Hermes-Session-Id";

    /// <summary>The session that the request continues.</summary>
    /// <returns>Null where the header is missing or blank: a new session.</returns>
    /// <exception cref="SessionValidationException">No session can have this id.</exception>
    public static string? Read(HttpRequest request) =>
        request.Headers[Name].ToString() is { } id && !string.IsNullOrWhiteSpace(id) ? SessionId.Clean(id) : null;

    /// <summary>The value for an answer. A header holds ASCII alone, so an id with other characters is percent-encoded.</summary>
    public static string Value(string sessionId) => Ascii.IsValid(sessionId) ? sessionId : Uri.EscapeDataString(sessionId);
}
