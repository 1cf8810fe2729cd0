namespace Hermes.Core.Diagnostics;

/// <summary>Every message that the library logs, with its event id. Texts of messages and secrets are never among them.</summary>
internal static partial class HermesLog
{
    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed. The client was told the correlation id {CorrelationId}.")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string method, string? path, string correlationId);
    [LoggerMessage(2, LogLevel.Warning, "The session store did not serve a request: {Reason}")]
    public static partial void StoreUnavailable(this ILogger logger, Exception? exception, string reason);
    [LoggerMessage(3, LogLevel.Warning, "The model provider did not list its models.")]
    public static partial void ModelsNotListed(this ILogger logger, Exception exception);
    [LoggerMessage(4, LogLevel.Error, "A look for changes of the home failed; the next one follows.")]
    public static partial void ChangesNotSeen(this ILogger logger, Exception exception);
    [LoggerMessage(5, LogLevel.Warning, "The check {Check} of /health/detailed failed.")]
    public static partial void CheckFailed(this ILogger logger, Exception exception, string check);

    [LoggerMessage(10, LogLevel.Warning, "A page of {Origin} was refused. To admit it, list it: Hermes:Api:CorsOrigins={Origin} (API_SERVER_CORS_ORIGINS={Origin} for the host)")]
    public static partial void OriginRefused(this ILogger logger, string origin);
    [LoggerMessage(11, LogLevel.Warning, "A page of the origin {Origin} was refused. No list can name it: it is a file, or a page without an origin of its own. Serve it by http")]
    public static partial void OriginCannotBeListed(this ILogger logger, string origin);
    [LoggerMessage(12, LogLevel.Warning, "A page of {Origin}, which is this server's own name, was refused: a proxy takes TLS off, and the application is not told. To admit it, list it: Hermes:Api:CorsOrigins={Origin}. Or have the proxy send X-Forwarded-Proto, and read it with forwarded headers")]
    public static partial void ProxyHidesTls(this ILogger logger, string origin);
    [LoggerMessage(13, LogLevel.Warning, "A request to the name {Host} was refused, as no key is set. To admit it, set a key (Hermes:Api:Key), or list the name: Hermes:Api:AllowedHosts={Host}")]
    public static partial void HostRefused(this ILogger logger, string host);
}
