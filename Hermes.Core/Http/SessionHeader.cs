using Hermes.Core.Sessions;
using Microsoft.AspNetCore.Http;

namespace Hermes.Core.Http;

/// <summary>The header that names the session of a chat.</summary>
internal static class SessionHeader
{
    public const string Name = "X-Hermes-Session-Id";

    /// <summary>The session that a request continues; null where it names none.</summary>
    /// <exception cref="SessionValidationException">It is no id.</exception>
    public static string? Read(HttpRequest request) =>
        request.Headers[Name].ToString() is var id && string.IsNullOrWhiteSpace(id) ? null : SessionId.Clean(id);

    /// <summary>Names the session in an answer. An id that is not printable ASCII has no place in a header; who sent it knows it.</summary>
    public static void Write(HttpResponse response, string id)
    {
        if (!id.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            response.Headers[Name] = id;
        }
    }
}
