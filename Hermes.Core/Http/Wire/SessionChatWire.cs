using static Hermes.Core.Http.Wire.ChatWire;

namespace Hermes.Core.Http.Wire;

/// <summary>The shapes of a chat in a session, and of the events of its runs.</summary>
internal static class SessionChatWire
{
    /// <summary>What a user says in a session: a message, attachments, or both.</summary>
    /// <param name="Message">A text, or a list of parts of type <c>text</c> or <c>image_url</c>. May be missing where there are attachments.</param>
    /// <param name="Input">The same as <c>message</c>, which wins.</param>
    /// <param name="SystemMessage">A system message for this turn; it is not stored.</param>
    /// <param name="Instructions">The same as <c>system_message</c>, which wins.</param>
    /// <param name="Model">Given back in the answer. Where clients may choose, the model to ask for; <c>hermes-agent</c>, or nothing, for the session's, or the agent's own.</param>
    /// <param name="Attachments">Images and texts that go with the message; at most 20.</param>
    internal sealed record SessionChatBody(
        JsonElement? Message = null, JsonElement? Input = null, string? SystemMessage = null, string? Instructions = null,
        string? Model = null, IReadOnlyList<SessionChatAttachment>? Attachments = null);

    /// <summary>A file that goes with a message.</summary>
    internal sealed record SessionChatAttachment
    {
        /// <summary>The file's name; the model sees that of a text.</summary>
        public string? Name { get; init; }

        /// <summary>The media type: <c>image/*</c>, <c>text/*</c> or <c>application/json</c>.</summary>
        [JsonPropertyName("contentType")]
        public required string ContentType { get; init; }

        /// <summary>A text as it is; an image as base64 or as a <c>data:</c> URL.</summary>
        public string? Content { get; init; }

        /// <summary>The file's bytes; wins over <c>content</c>.</summary>
        public string? Base64 { get; init; }
    }

    /// <summary>The agent's answer in a session.</summary>
    /// <param name="SessionId">The session.</param>
    /// <param name="RunId">The run, whose events <c>/v1/runs/{run_id}/events</c> gives again.</param>
    /// <param name="Model">The model that answered, as it calls itself.</param>
    /// <param name="FinalResponse">The text of the answer.</param>
    /// <param name="Completed">Whether the agent came to its end.</param>
    /// <param name="Partial">Whether the text is a part of an answer.</param>
    /// <param name="Interrupted">Whether somebody stopped it.</param>
    /// <param name="ApiCalls">How often the model was asked.</param>
    /// <param name="Messages">What the turn stored, the user's message included.</param>
    /// <param name="LastReasoning">The model's reasoning as text; null where it shows none.</param>
    /// <param name="ResponsePreviewed">Whether a platform has shown the answer while it was written; always false.</param>
    /// <param name="Usage">Tokens of the turn.</param>
    internal sealed record SessionChatAnswer(
        string SessionId, string RunId, string Model, string FinalResponse, bool Completed, bool Partial, bool Interrupted, int ApiCalls,
        IReadOnlyList<TurnMessageObject> Messages, string? LastReasoning, bool ResponsePreviewed, SessionChatUsage Usage);

    /// <summary>What becomes of a run that was to be stopped.</summary>
    /// <param name="RunId">The run.</param>
    /// <param name="Status"><c>stopping</c>, or how it ended.</param>
    internal sealed record RunStopped(string RunId, string Status);

    /// <summary>A message that a turn added to its session.</summary>
    /// <param name="Role"><c>user</c>, <c>assistant</c> or <c>tool</c>.</param>
    /// <param name="Content">The text, a list of parts, or null.</param>
    /// <param name="ToolCalls">The calls that an assistant message asks for; missing where there are none.</param>
    /// <param name="ToolCallId">For role <c>tool</c>: the call that this answers.</param>
    /// <param name="ToolName">For role <c>tool</c>: the tool's name.</param>
    /// <param name="FinishReason">Why the model stopped.</param>
    /// <param name="Reasoning">The model's reasoning as text.</param>
    internal sealed record TurnMessageObject(
        string Role, object? Content, IReadOnlyList<ToolCallObject>? ToolCalls = null, string? ToolCallId = null, string? ToolName = null,
        string? FinishReason = null, string? Reasoning = null);

    /// <summary>Tokens of a turn, over all calls of the model.</summary>
    /// <param name="InputTokens">Tokens sent.</param>
    /// <param name="OutputTokens">Tokens received.</param>
    /// <param name="TotalTokens">All of them, as the provider counts.</param>
    internal sealed record SessionChatUsage(long InputTokens, long OutputTokens, long TotalTokens);

    /// <summary>What every event of a session's chat says.</summary>
    internal abstract record RunEvent
    {
        /// <summary>The session.</summary>
        [JsonRequired, JsonPropertyOrder(-2)]
        public string SessionId { get; init; } = "";

        /// <summary>The run, whose events <c>/v1/runs/{run_id}/events</c> gives again.</summary>
        [JsonRequired, JsonPropertyOrder(-2)]
        public string RunId { get; init; } = "";
    }

    /// <summary>The turn began in this session.</summary>
    /// <param name="Title">The session's title; null where it has none.</param>
    internal sealed record SessionCreatedEvent(string? Title) : RunEvent;

    /// <summary>The user's message is stored.</summary>
    /// <param name="UserMessage">The user's message.</param>
    internal sealed record RunStartedEvent(EventMessage UserMessage) : RunEvent;

    /// <summary>The answer begins.</summary>
    /// <param name="Message">The message that the deltas to come add up to.</param>
    internal sealed record MessageStartedEvent(EventMessage Message) : RunEvent;

    /// <summary>A message that an event tells of.</summary>
    /// <param name="Id">The message's id within the run's events; of a user's message its number, as text.</param>
    /// <param name="Role"><c>user</c> or <c>assistant</c>.</param>
    /// <param name="Content">What the user said; missing for a message that only begins.</param>
    internal sealed record EventMessage(string Id, string Role, string? Content = null);

    /// <summary>A piece of the answer.</summary>
    /// <param name="MessageId">The message that it belongs to.</param>
    /// <param name="Delta">The text.</param>
    internal sealed record AssistantDeltaEvent(string MessageId, string Delta) : RunEvent;

    /// <summary>What every event of a tool says.</summary>
    /// <param name="ToolCallId">The call.</param>
    /// <param name="ToolName">The tool.</param>
    /// <param name="Arguments">The arguments: an object, or a text where they are none.</param>
    internal abstract record ToolEvent(
        [property: JsonPropertyOrder(-1)] string ToolCallId, [property: JsonPropertyOrder(-1)] string ToolName,
        [property: JsonPropertyName("args"), JsonPropertyOrder(1)] JsonElement Arguments) : RunEvent;

    /// <summary>A tool is called.</summary>
    /// <param name="Preview">The arguments in a few words.</param>
    internal sealed record ToolStartedEvent(string ToolCallId, string ToolName, JsonElement Arguments, string Preview)
        : ToolEvent(ToolCallId, ToolName, Arguments);

    /// <summary>A tool has answered.</summary>
    /// <param name="ResultPreview">The beginning of what it answered.</param>
    internal sealed record ToolCompletedEvent(string ToolCallId, string ToolName, JsonElement Arguments, [property: JsonPropertyOrder(2)] string ResultPreview)
        : ToolEvent(ToolCallId, ToolName, Arguments);

    /// <summary>A tool has failed. The agent goes on.</summary>
    /// <param name="Error">The beginning of what the model was told of it.</param>
    internal sealed record ToolFailedEvent(string ToolCallId, string ToolName, JsonElement Arguments, [property: JsonPropertyOrder(2)] string Error)
        : ToolEvent(ToolCallId, ToolName, Arguments);

    /// <summary>The answer is whole, or is all that there will be.</summary>
    /// <param name="MessageId">The message.</param>
    /// <param name="Content">The whole text.</param>
    /// <param name="Completed">Whether the agent came to its end.</param>
    /// <param name="Partial">Whether the text is a part of an answer.</param>
    /// <param name="Interrupted">Whether somebody stopped it.</param>
    internal sealed record AssistantCompletedEvent(
        string MessageId, string Content, bool Completed, bool Partial, bool Interrupted) : RunEvent;

    /// <summary>The run is over.</summary>
    /// <param name="MessageId">The message.</param>
    /// <param name="Completed">Whether the agent came to its end.</param>
    /// <param name="Partial">Whether the text is a part of an answer.</param>
    /// <param name="Interrupted">Whether somebody stopped it.</param>
    /// <param name="ApiCalls">How often the model was asked.</param>
    internal sealed record RunCompletedEvent(string MessageId, bool Completed, bool Partial, bool Interrupted, int ApiCalls) : RunEvent;

    /// <summary>The run failed; <c>done</c> follows.</summary>
    /// <param name="Message">What happened and what to do.</param>
    /// <param name="Code">A word for programs; null where there is none.</param>
    internal sealed record RunFailedEvent(string Message, string? Code) : RunEvent;

    /// <summary>Nothing follows.</summary>
    /// <param name="State">Always <c>final</c>.</param>
    internal sealed record RunDoneEvent(string State) : RunEvent;
}
