using System.Security.Claims;

namespace Hermes.Core.Http.Endpoints;

/// <summary>Who calls, for what one caller may not see of another.</summary>
internal static class Caller
{
    /// <summary>The caller's name, as the application's authentication knows it; everybody who has our one key is the same.</summary>
    public static string Name(HttpContext http) => http.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? http.User.Identity?.Name ?? "";
}
