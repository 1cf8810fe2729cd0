namespace Hermes.Core.Http.Wire;

/// <summary>The shapes of chat completions, of a chat in a session, and of the events of its runs.</summary>
internal static class ChatWire
{
    /// <summary>
    /// A chat, as OpenAI defines it. Fields that are not listed are ignored; the agent has tools of its own. A number may come as text, and one
    /// that can mean nothing, as <c>max_tokens</c> -1, is left out.
    /// </summary>
    /// <param name="Messages">The conversation; its last user message is answered.</param>
    /// <param name="Instructions">One more system message, behind those of <c>messages</c>.</param>
    /// <param name="Model">Given back in the answer. Where clients may choose, the model to ask for; <c>hermes-agent</c>, or nothing, for the session's, or the agent's own.</param>
    /// <param name="Stream">True streams the answer as server-sent events.</param>
    /// <param name="Temperature">How freely the model chooses its words.</param>
    /// <param name="TopP">The probability mass that the model chooses from.</param>
    /// <param name="MaxTokens">The longest answer in tokens; <c>max_completion_tokens</c> means the same and wins.</param>
    /// <param name="Stop">A text, or a list of texts, at which the model stops.</param>
    /// <param name="Seed">Asks for the same answer again, where the model can.</param>
    /// <param name="FrequencyPenalty">Makes repeated words less likely.</param>
    /// <param name="PresencePenalty">Makes words less likely that were there once.</param>
    /// <param name="ResponseFormat"><c>{"type":"text"}</c>, <c>json_object</c> or <c>json_schema</c>.</param>
    internal sealed record ChatCompletionBody(
        IReadOnlyList<ChatMessageObject> Messages, string? Instructions = null, string? Model = null, bool? Stream = null,
        float? Temperature = null, float? TopP = null, int? MaxTokens = null, JsonElement? Stop = null, long? Seed = null,
        float? FrequencyPenalty = null, float? PresencePenalty = null, JsonElement? ResponseFormat = null);

    /// <summary>A message of a chat.</summary>
    /// <param name="Role"><c>system</c> or <c>developer</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</param>
    /// <param name="Content">
    /// A text, or a list of texts and of parts of type <c>text</c> (<c>input_text</c>, <c>output_text</c>, <c>refusal</c>) or <c>image_url</c>
    /// (<c>input_image</c>). Texts are joined with line breaks. Other parts are left out of messages before the last user message.
    /// </param>
    internal sealed record ChatMessageObject(string Role, JsonElement? Content = null);

    /// <summary>The agent's answer.</summary>
    /// <param name="Id">The answer.</param>
    /// <param name="Object">Always <c>chat.completion</c>.</param>
    /// <param name="Created">When it was made, in Unix seconds.</param>
    /// <param name="Model">The model, as the request named it.</param>
    /// <param name="Choices">The one choice.</param>
    /// <param name="Usage">Tokens of the turn.</param>
    internal sealed record ChatCompletion(string Id, string Object, long Created, string Model, IReadOnlyList<ChatChoice> Choices, ChatUsage Usage);

    /// <summary>The one choice of an answer.</summary>
    /// <param name="Index">Always 0.</param>
    /// <param name="Message">What the agent says.</param>
    /// <param name="FinishReason"><c>stop</c>, <c>length</c>, <c>tool_calls</c> or <c>content_filter</c>.</param>
    internal sealed record ChatChoice(int Index, ChatAnswerMessage Message, string FinishReason);

    /// <summary>What the agent says.</summary>
    /// <param name="Role">Always <c>assistant</c>.</param>
    /// <param name="Content">The text.</param>
    /// <param name="ToolCalls">Calls of tools that are left to the client; missing where there are none.</param>
    internal sealed record ChatAnswerMessage(string Role, string? Content, IReadOnlyList<ToolCallObject>? ToolCalls = null);

    /// <summary>A call of a tool.</summary>
    /// <param name="Id">The call.</param>
    /// <param name="Type">Always <c>function</c>.</param>
    /// <param name="Function">What is called.</param>
    internal sealed record ToolCallObject(string Id, string Type, ToolCallFunction Function)
    {
        /// <summary>Where the call stands among those of its message; in streams alone.</summary>
        [JsonPropertyOrder(-1)] public int? Index { get; init; }

        public static IReadOnlyList<ToolCallObject>? Read(JsonElement? stored) => stored?.Deserialize(HermesJsonContext.Default.IReadOnlyListToolCallObject);
    }

    /// <summary>What a call of a tool asks for.</summary>
    /// <param name="Name">The tool.</param>
    /// <param name="Arguments">The arguments as JSON text.</param>
    internal sealed record ToolCallFunction(string Name, string Arguments);

    /// <summary>A piece of the agent's answer.</summary>
    /// <param name="Id">The answer that it belongs to.</param>
    /// <param name="Object">Always <c>chat.completion.chunk</c>.</param>
    /// <param name="Created">When the answer began, in Unix seconds.</param>
    /// <param name="Model">The model, as the request named it.</param>
    /// <param name="Choices">The one choice.</param>
    /// <param name="Usage">Tokens of the turn; with the last piece alone.</param>
    internal record ChatCompletionChunk(
        [property: JsonPropertyOrder(-1)] string Id, [property: JsonPropertyOrder(-1)] string Object,
        [property: JsonPropertyOrder(-1)] long Created, [property: JsonPropertyOrder(-1)] string Model,
        [property: JsonPropertyOrder(-1)] IReadOnlyList<ChatChunkChoice> Choices, [property: JsonPropertyOrder(-1)] ChatUsage? Usage = null);

    /// <summary>The one choice of a piece.</summary>
    /// <param name="Index">Always 0.</param>
    /// <param name="Delta">What the piece adds.</param>
    /// <param name="FinishReason">As in an answer; null before the last piece.</param>
    internal sealed record ChatChunkChoice(int Index, ChatDelta Delta, string? FinishReason);

    /// <summary>What a piece adds.</summary>
    /// <param name="Role"><c>assistant</c>; in the first piece alone.</param>
    /// <param name="Content">Text.</param>
    /// <param name="ToolCalls">Calls of tools that are left to the client.</param>
    internal sealed record ChatDelta(string? Role = null, string? Content = null, IReadOnlyList<ToolCallObject>? ToolCalls = null);

    /// <summary>A tool of the agent is called, or has answered. The fields of a piece that adds nothing stand beside, because clients read every event as one.</summary>
    /// <param name="Tool">The tool.</param>
    /// <param name="Label">The arguments in a few words.</param>
    /// <param name="ToolCallId">The call.</param>
    /// <param name="Status"><c>running</c> or <c>completed</c>.</param>
    internal sealed record ToolProgressEvent(
        string Id, string Object, long Created, string Model, IReadOnlyList<ChatChunkChoice> Choices, string Tool, string Label,
        [property: JsonPropertyName("toolCallId")] string ToolCallId, string Status) : ChatCompletionChunk(Id, Object, Created, Model, Choices);

    /// <summary>Tokens of a turn, over all calls of the model.</summary>
    /// <param name="PromptTokens">Tokens sent.</param>
    /// <param name="CompletionTokens">Tokens received.</param>
    /// <param name="TotalTokens">All of them, as the provider counts.</param>
    internal sealed record ChatUsage(long PromptTokens, long CompletionTokens, long TotalTokens);

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
    /// <param name="ContentType">The media type: <c>image/*</c>, <c>text/*</c> or <c>application/json</c>.</param>
    /// <param name="Name">The file's name; the model sees that of a text.</param>
    /// <param name="Content">A text as it is; an image as base64 or as a <c>data:</c> URL.</param>
    /// <param name="Base64">The file's bytes; wins over <c>content</c>.</param>
    internal sealed record SessionChatAttachment(
        [property: JsonPropertyName("contentType")] string ContentType, [property: JsonPropertyOrder(-1)] string? Name = null,
        string? Content = null, string? Base64 = null);

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
        [JsonRequired, JsonPropertyOrder(-2)] public string SessionId { get; init; } = "";
        /// <summary>The run, whose events <c>/v1/runs/{run_id}/events</c> gives again.</summary>
        [JsonRequired, JsonPropertyOrder(-2)] public string RunId { get; init; } = "";
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
    internal sealed record AssistantCompletedEvent(string MessageId, string Content, bool Completed, bool Partial, bool Interrupted) : RunEvent;

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
