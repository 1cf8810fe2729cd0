using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Hermes.Core.Http.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Hermes.Core.Http.Security;

/// <summary>The scheme <c>HermesBearer</c>: <c>Authorization: Bearer KEY</c>, as the reference checks it.</summary>
internal sealed class HermesBearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AccessRules access)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Scheme = "HermesBearer";

    // The reference takes the scheme in this spelling alone.
    private const string Prefix = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        access.Key is not { } key || Matches(key)
            ? AuthenticateResult.Success(new AuthenticationTicket(
                new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "hermes")], Scheme)), Scheme))
            : AuthenticateResult.NoResult());

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => Errors.InvalidApiKey.ExecuteAsync(Context);

    private bool Matches(ReadOnlyMemory<byte> key)
    {
        var header = Request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } value || !value.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var token = value.AsSpan(Prefix.Length).Trim();
        if (!Ascii.IsValid(token) || token.Length > 4096)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[4096];
        var length = Encoding.ASCII.GetBytes(token, bytes);
        return CryptographicOperations.FixedTimeEquals(bytes[..length], key.Span);
    }
}
