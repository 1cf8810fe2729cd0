using Microsoft.Extensions.Logging;

namespace Hermes.Core.Diagnostics;

/// <summary>Every message that the library logs, with its event id. Texts of messages and secrets are never among them.</summary>
internal static partial class HermesLog
{
    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed. The client was told the correlation id {CorrelationId}.")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string method, string? path, string correlationId);

    [LoggerMessage(2, LogLevel.Warning, "The session store did not serve a request: {Reason}")]
    public static partial void StoreUnavailable(this ILogger logger, Exception exception, string reason);

    [LoggerMessage(3, LogLevel.Warning, "The model provider did not list its models.")]
    public static partial void ModelsNotListed(this ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "A look for changes of the home failed; the next one follows.")]
    public static partial void ChangesNotSeen(this ILogger logger, Exception exception);
}
