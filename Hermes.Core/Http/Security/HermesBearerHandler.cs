using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Hermes.Core.Http.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Hermes.Core.Http.Security;

/// <summary>The scheme <c>HermesBearer</c>: <c>Authorization: Bearer KEY</c>, as the reference checks it.</summary>
/// <remarks>Not derived from the framework's base class, whose options, encoders and log lines it has no use for.</remarks>
internal sealed class HermesBearerHandler(AccessRules access) : IAuthenticationHandler
{
    public const string SchemeName = "HermesBearer";

    // The reference takes the scheme in this spelling alone.
    private const string Prefix = "Bearer ";

    private const int LongestToken = 4096;

    private HttpContext? _http;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _http = context;
        return Task.CompletedTask;
    }

    public Task<AuthenticateResult> AuthenticateAsync() => Task.FromResult(
        access.Key is not { } key || Matches(_http!.Request, key.Span)
            ? AuthenticateResult.Success(new AuthenticationTicket(
                new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "hermes")], SchemeName)), SchemeName))
            : AuthenticateResult.NoResult());

    public Task ChallengeAsync(AuthenticationProperties? properties) => Errors.InvalidApiKey.ExecuteAsync(_http!);

    public Task ForbidAsync(AuthenticationProperties? properties) => Errors.InvalidApiKey.ExecuteAsync(_http!);

    private static bool Matches(HttpRequest request, ReadOnlySpan<byte> key)
    {
        var header = request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } value || !value.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var token = value.AsSpan(Prefix.Length).Trim();
        if (token.Length > LongestToken || !Ascii.IsValid(token))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[token.Length];
        Encoding.ASCII.GetBytes(token, bytes);
        return CryptographicOperations.FixedTimeEquals(bytes, key);
    }
}
