namespace Hermes.Core.Diagnostics;

/// <summary>Every message that the library logs, with its event id. Secrets are never among them, and what people and models say at Trace alone.</summary>
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
    [LoggerMessage(200, LogLevel.Debug, "Turn in session {SessionId}: {HistoryCount} messages of history")]
    public static partial void TurnStarted(this ILogger logger, string sessionId, int historyCount);
    [LoggerMessage(201, LogLevel.Debug, "Turn in session {SessionId} ended: {FinishReason}, {ModelCalls} calls of {Model}, {InputTokens} tokens in, {OutputTokens} out")]
    public static partial void TurnEnded(this ILogger logger, string sessionId, string finishReason, int modelCalls, string? model, long inputTokens, long outputTokens);
    [LoggerMessage(202, LogLevel.Warning, "Turn in session {SessionId}: the provider failed with status {Status}: {Reason}")]
    public static partial void ProviderFailed(this ILogger logger, string sessionId, int? status, string reason);
    [LoggerMessage(203, LogLevel.Error, "Turn in session {SessionId}: the agent failed")]
    public static partial void AgentFailed(this ILogger logger, Exception exception, string sessionId);
    [LoggerMessage(204, LogLevel.Error, "Turn in session {SessionId} failed")]
    public static partial void TurnFailed(this ILogger logger, Exception exception, string sessionId);
    [LoggerMessage(205, LogLevel.Error, "There is no agent: register an IChatClient (AddChatClient), or one with the key \"hermes\" (AddKeyedChatClient)")]
    public static partial void NoAgent(this ILogger logger);
    [LoggerMessage(206, LogLevel.Information, "Stopping: {Count} turns in flight have {Grace} to finish")]
    public static partial void Draining(this ILogger logger, int count, TimeSpan grace);
    [LoggerMessage(207, LogLevel.Information, "Stopping: {Count} turns are interrupted")]
    public static partial void Interrupting(this ILogger logger, int count);
    [LoggerMessage(208, LogLevel.Trace, "Turn in session {SessionId}: what the provider reported")]
    public static partial void ProviderReport(this ILogger logger, Exception? exception, string sessionId);
    [LoggerMessage(209, LogLevel.Trace, "Turn in session {SessionId}: {Role} says {Text}")]
    public static partial void Said(this ILogger logger, string sessionId, string role, string? text);
    [LoggerMessage(210, LogLevel.Error, "Turn in session {SessionId}: the model provider cannot be called: {Reason}")]
    public static partial void AgentMisconfigured(this ILogger logger, string sessionId, string reason);
    [LoggerMessage(220, LogLevel.Warning, "The turn in conversation {ConversationId} lost its lease to another process and is interrupted")]
    public static partial void LeaseLost(this ILogger logger, string conversationId);
    [LoggerMessage(221, LogLevel.Warning, "The lease of conversation {ConversationId} could not be made to last longer")]
    public static partial void LeaseNotRefreshed(this ILogger logger, Exception exception, string conversationId);
    [LoggerMessage(222, LogLevel.Warning, "The lease of conversation {ConversationId} could not be given back; it ends by itself within five minutes")]
    public static partial void LeaseNotGivenBack(this ILogger logger, Exception exception, string conversationId);
    [LoggerMessage(211, LogLevel.Warning, "Turn in session {SessionId}: the model said nothing for {Timeout} (Hermes:Chat:ModelTimeout)")]
    public static partial void ModelTimedOut(this ILogger logger, string sessionId, TimeSpan timeout);
    [LoggerMessage(212, LogLevel.Warning, "Stopping: {Count} agents ignore that they are to end, and are left behind")]
    public static partial void AgentsLeft(this ILogger logger, int count);
    [LoggerMessage(213, LogLevel.Warning, "Turn in session {SessionId}: the answer is cut at its limit (Hermes:Chat:MaxAnswerLength, Hermes:Chat:MaxRunBytes)")]
    public static partial void AnswerCut(this ILogger logger, string sessionId);
}
