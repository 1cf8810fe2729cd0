using Hermes.Core.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hermes.Core.Http.Security;

/// <summary>Tells the owner which names and origins are refused, and the setting that admits each, for browsers show nothing but 403.</summary>
/// <remarks>Each value once, and not more than some: both headers come from whoever sends requests. Safe for use from any thread.</remarks>
internal sealed class RefusalLog(ILogger<RefusalLog> logger)
{
    /// <summary>So many values are told of each kind, until the application starts again.</summary>
    internal const int MaxValues = 100;

    private const int MaxLength = 200;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _origins = new(StringComparer.Ordinal);
    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A page of an origin that is not listed was refused.</summary>
    public void Origin(HttpRequest request)
    {
        if (Take(_origins, request.Headers.Origin.ToString()) is not { } origin)
        {
            return;
        }

        // The page is this server's own, and the proxy that ends TLS before it does not say so.
        if (!request.IsHttps && origin.Equals($"https://{request.Host.Value}", StringComparison.OrdinalIgnoreCase))
        {
            logger.ProxyHidesTls(origin);
        }
        else if (WebOrigin.Normalize(origin) is null)
        {
            logger.OriginCannotBeListed(origin);
        }
        else
        {
            logger.OriginRefused(origin);
        }
    }

    /// <summary>A request without a key came by a name that is not this machine's own.</summary>
    public void Host(HttpRequest request)
    {
        if (Take(_hosts, request.Host.Host) is { } host)
        {
            logger.HostRefused(host);
        }
    }

    // What is no printable ASCII has no place in a log, nor in a line that somebody copies.
    private string? Take(HashSet<string> told, string value)
    {
        if (value.Length is 0 or > MaxLength || value.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return null;
        }

        lock (_lock)
        {
            return told.Count < MaxValues && told.Add(value) ? value : null;
        }
    }
}
