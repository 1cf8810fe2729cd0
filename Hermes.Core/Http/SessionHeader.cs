using System.Text;
using Microsoft.AspNetCore.Http;

namespace Hermes.Core.Http;

/// <summary>The header that names the session of a chat.</summary>
internal static class SessionHeader
{
    private const string Name = "X-Hermes-Session-Id";

    /// <summary>The session that a request continues; null where it names none.</summary>
    public static string? Read(HttpRequest request) => request.Headers[Name].ToString().Trim() is { Length: > 0 } id ? id : null;

    /// <summary>Names the session in an answer. An id that is not ASCII has no place in a header; who sent it knows it.</summary>
    public static void Write(HttpResponse response, string id)
    {
        if (Ascii.IsValid(id))
        {
            response.Headers[Name] = id;
        }
    }
}
