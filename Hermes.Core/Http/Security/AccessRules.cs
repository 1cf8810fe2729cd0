using System.Collections.Frozen;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Hermes.Core.Http.Security;

/// <summary>Who may reach the API, as the options say: worked out once, asked on every request.</summary>
internal sealed class AccessRules
{
    private readonly FrozenSet<string> _origins;
    private readonly FrozenSet<string> _hosts;
    private readonly bool _anyOrigin;

    public AccessRules(HermesApiOptions options, IOptions<AuthorizationOptions> authorization)
    {
        Key = string.IsNullOrEmpty(options.Key) ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(options.Key);

        // An application that put its own authentication in front decides itself who comes in.
        UsesOwnScheme = authorization.Value.GetPolicy(HermesPolicySetup.PolicyName)?
            .AuthenticationSchemes.Contains(HermesBearerHandler.SchemeName) is true;
        IsOpen = UsesOwnScheme && Key is null;
        _anyOrigin = options.CorsOrigins.Contains("*") && !IsOpen;
        _origins = options.CorsOrigins.Where(origin => origin != "*").ToFrozenSet(StringComparer.Ordinal);
        _hosts = options.AllowedHosts.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The key's bytes; null where none is set.</summary>
    public ReadOnlyMemory<byte>? Key { get; }

    /// <summary>Whether the API is guarded by our own bearer scheme, not by a policy of the application's.</summary>
    public bool UsesOwnScheme { get; }

    /// <summary>Whether requests need no key at all.</summary>
    public bool IsOpen { get; }

    /// <summary>Whether pages of any other origin may call.</summary>
    public bool HasOrigins => _anyOrigin || _origins.Count > 0;

    /// <summary>What <c>Access-Control-Allow-Origin</c> answers to this origin; null where it is not listed.</summary>
    public string? AllowedOrigin(string origin) => _origins.Contains(origin) ? origin : _anyOrigin ? "*" : null;

    /// <summary>Whether a request without a key may be served: it came in on a loopback address, by a name that nobody else can own.</summary>
    public bool IsLocal(HttpContext http) =>
        (http.Connection.LocalIpAddress is not { } address || IPAddress.IsLoopback(address))
        && (IsLoopbackName(http.Request.Host.Host) || _hosts.Contains(http.Request.Host.Host));

    /// <summary>Whether a host name always means this machine.</summary>
    public static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
