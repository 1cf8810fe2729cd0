using static Hermes.Core.Http.Wire.ChatWire;

namespace Hermes.Core.Http.Wire;

/// <summary>The shapes of a chat in a session.</summary>
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
}
