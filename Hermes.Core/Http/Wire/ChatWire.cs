namespace Hermes.Core.Http.Wire;

/// <summary>The shapes of <c>/v1/chat/completions</c>.</summary>
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
    internal sealed record ChatCompletion(
        string Id, string Object, long Created, string Model, IReadOnlyList<ChatChoice> Choices, ChatUsage Usage);

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
        [JsonPropertyOrder(-1)]
        public int? Index { get; init; }

        /// <summary>The calls of a message as they are stored; null where there are none.</summary>
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
        [property: JsonPropertyOrder(-1)] IReadOnlyList<ChatChunkChoice> Choices,
        [property: JsonPropertyOrder(-1)] ChatUsage? Usage = null);

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
        string Id, string Object, long Created, string Model, IReadOnlyList<ChatChunkChoice> Choices,
        string Tool, string Label, [property: JsonPropertyName("toolCallId")] string ToolCallId, string Status)
        : ChatCompletionChunk(Id, Object, Created, Model, Choices);

    /// <summary>Tokens of a turn, over all calls of the model.</summary>
    /// <param name="PromptTokens">Tokens sent.</param>
    /// <param name="CompletionTokens">Tokens received.</param>
    /// <param name="TotalTokens">All of them, as the provider counts.</param>
    internal sealed record ChatUsage(long PromptTokens, long CompletionTokens, long TotalTokens);
}
