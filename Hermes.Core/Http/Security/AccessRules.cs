using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Authorization;

namespace Hermes.Core.Http.Security;

/// <summary>Who may reach the API, as the options and the application's policies say: worked out once, asked on every request.</summary>
internal sealed class AccessRules
{
    /// <summary>The policy with which an application puts its own authentication in front.</summary>
    public const string PolicyName = "Hermes";

    // What proxies alone add. X-Original-For is what ASP.NET Core's own middleware leaves of a header that it has read.
    private static readonly string[] ProxyHeaders = ["X-Forwarded-For", "Forwarded", "X-Forwarded-Host", "X-Real-IP", "X-Original-For", "Via"];

    private readonly FrozenSet<string> _hosts;

    public AccessRules(HermesApiOptions options, IServiceProvider services)
    {
        Key = string.IsNullOrEmpty(options.Key) ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(options.Key);
        Origins = new CrossOrigin(options.CorsOrigins);
        _hosts = options.AllowedHosts.Where(host => !string.IsNullOrWhiteSpace(host)).Select(host => new HostString(host.Trim()).Host)
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

        // An application without authorization has no provider. Waited for: conventions, which run at start, cannot be asynchronous.
        using var scope = services.CreateScope();
        IsPolicyDefined = scope.ServiceProvider.GetService<IAuthorizationPolicyProvider>()?.GetPolicyAsync(PolicyName).GetAwaiter().GetResult() is not null;
    }

    /// <summary>The key's bytes; null where none is set.</summary>
    public ReadOnlyMemory<byte>? Key { get; }
    /// <summary>Whether the application defines <see cref="PolicyName"/>, which then stands in the key's place.</summary>
    public bool IsPolicyDefined { get; }
    /// <summary>Which pages of other origins may call.</summary>
    public CrossOrigin Origins { get; }

    /// <summary>Whether the endpoint answers without a key, and nothing of the application's guards it.</summary>
    public bool IsOpen(EndpointAccess access) => !access.IsGuardedByApplication && Key is null;

    /// <summary>Whether the endpoint must not be reached from other machines: nothing guards it, or a key that can be guessed.</summary>
    public bool IsLoopbackOnly(EndpointAccess access) => !access.IsGuardedByApplication && Key is not { Length: >= HermesApiOptions.MinimumRemoteKeyLength };

    /// <summary>Whether the request is to a name that nobody else can own.</summary>
    public bool IsOwnName(HttpRequest request) => IsLoopbackName(request.Host.Host) || _hosts.Contains(request.Host.Host);

    /// <summary>Whether a proxy passed the request on, so that the connection does not say who asks.</summary>
    public static bool IsForwarded(HttpRequest request) => ProxyHeaders.Any(request.Headers.ContainsKey);

    /// <summary>Whether both ends of the connection are this machine. Those without addresses are: a Unix socket, a server in a test.</summary>
    public static bool IsLoopback(ConnectionInfo connection) =>
        (connection.LocalIpAddress is not { } local || IPAddress.IsLoopback(local))
        && (connection.RemoteIpAddress is not { } remote || IPAddress.IsLoopback(remote));

    /// <summary>Whether a host name always means this machine.</summary>
    public static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
