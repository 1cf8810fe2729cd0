using Hermes.Core.Sessions;
using Microsoft.AspNetCore.Http;

namespace Hermes.Core.Http.Endpoints;

/// <summary>The header that names the session of a chat.</summary>
/// <remarks>
/// A header carries printable ASCII alone. An id with other characters is written as UTF-8 with percent escapes for all but letters, digits
/// and <c>-._~</c>, and so is an id that looks like one that was escaped. A request may send an id as it was written to it, or, where its
/// client can, as it is. So each header that an answer has stands for one id, and every other text for itself.
/// </remarks>
internal static class SessionHeader
{
    public const string Name = "X-Hermes-Session-Id";

    // An id of the greatest length in characters of four bytes each. What is longer is no id.
    private const int MaxEscapedLength = SessionId.MaxLength * 4 * 3;

    /// <summary>The session that a request continues; null where it names none.</summary>
    /// <exception cref="SessionValidationException">It is no id.</exception>
    public static string? Read(HttpRequest request) =>
        request.Headers[Name].ToString().Trim() is { Length: > 0 } text ? SessionId.Clean(Decode(text)) : null;

    /// <summary>Names the session in an answer.</summary>
    public static void Write(HttpResponse response, string id) => response.Headers[Name] = Encode(id);

    internal static string Encode(string id) => IsEscaped(id) ? Uri.EscapeDataString(id) : id;

    internal static string Decode(string text) =>
        text.Length <= MaxEscapedLength && TryUnescape(text, out var id) && IsEscaped(id) && !id.Any(char.IsControl) ? id : text;

    /// <summary>Whether an id is escaped in the header: it has characters that no header carries, or is what such an id is escaped to.</summary>
    private static bool IsEscaped(string id)
    {
        while (!id.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            if (!TryUnescape(id, out id))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes one layer of escapes away, where the text is exactly what escaping makes of the rest.</summary>
    private static bool TryUnescape(string text, out string id)
    {
        id = Uri.UnescapeDataString(text);
        return id.Length < text.Length && Uri.EscapeDataString(id) == text;
    }
}
