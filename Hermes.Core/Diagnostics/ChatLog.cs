namespace Hermes.Core.Diagnostics;

/// <summary>What chat writes to the log. What people and models say appears at Trace alone.</summary>
internal static partial class ChatLog
{
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
