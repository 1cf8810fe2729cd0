namespace Hermes.Core.Http.Wire;

/// <summary>
/// A chat, as OpenAI defines it. Fields that are not listed are ignored; the agent has tools of its own. A number may come as text, and one
/// that can mean nothing, as <c>max_tokens</c> -1, is left out.
/// </summary>
internal sealed record ChatCompletionBody
{
    /// <summary>The conversation; its last user message is answered.</summary>
    [JsonPropertyName("messages")]
    public required IReadOnlyList<ChatMessageObject> Messages { get; init; }

    /// <summary>One more system message, behind those of <c>messages</c>.</summary>
    [JsonPropertyName("instructions")]
    public string? Instructions { get; init; }

    /// <summary>Given back in the answer. Where clients may choose, the model to ask for; <c>hermes-agent</c>, or nothing, for the session's, or the agent's own.</summary>
    [JsonPropertyName("model")]
    public string? Model { get; init; }

    /// <summary>True streams the answer as server-sent events.</summary>
    [JsonPropertyName("stream")]
    public bool? Stream { get; init; }

    /// <summary>How freely the model chooses its words.</summary>
    [JsonPropertyName("temperature")]
    public float? Temperature { get; init; }

    /// <summary>The probability mass that the model chooses from.</summary>
    [JsonPropertyName("top_p")]
    public float? TopP { get; init; }

    /// <summary>The longest answer in tokens; <c>max_completion_tokens</c> means the same and wins.</summary>
    [JsonPropertyName("max_tokens")]
    public int? MaxTokens { get; init; }

    /// <summary>A text, or a list of texts, at which the model stops.</summary>
    [JsonPropertyName("stop")]
    public JsonElement? Stop { get; init; }

    /// <summary>Asks for the same answer again, where the model can.</summary>
    [JsonPropertyName("seed")]
    public long? Seed { get; init; }

    /// <summary>Makes repeated words less likely.</summary>
    [JsonPropertyName("frequency_penalty")]
    public float? FrequencyPenalty { get; init; }

    /// <summary>Makes words less likely that were there once.</summary>
    [JsonPropertyName("presence_penalty")]
    public float? PresencePenalty { get; init; }

    /// <summary><c>{"type":"text"}</c>, <c>json_object</c> or <c>json_schema</c>.</summary>
    [JsonPropertyName("response_format")]
    public JsonElement? ResponseFormat { get; init; }
}

/// <summary>A message of a chat.</summary>
internal sealed record ChatMessageObject
{
    /// <summary><c>system</c> or <c>developer</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</summary>
    [JsonPropertyName("role")]
    public required string Role { get; init; }

    /// <summary>
    /// A text, or a list of texts and of parts of type <c>text</c> (<c>input_text</c>, <c>output_text</c>, <c>refusal</c>) or <c>image_url</c>
    /// (<c>input_image</c>). Texts are joined with line breaks. Other parts are left out of messages before the last user message.
    /// </summary>
    [JsonPropertyName("content")]
    public JsonElement? Content { get; init; }
}

/// <summary>The agent's answer.</summary>
/// <param name="Id">The answer.</param>
/// <param name="Object">Always <c>chat.completion</c>.</param>
/// <param name="Created">When it was made, in Unix seconds.</param>
/// <param name="Model">The model, as the request named it.</param>
/// <param name="Choices">The one choice.</param>
/// <param name="Usage">Tokens of the turn.</param>
internal sealed record ChatCompletion(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("object")] string Object,
    [property: JsonPropertyName("created")] long Created,
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("choices")] IReadOnlyList<ChatChoice> Choices,
    [property: JsonPropertyName("usage")] ChatUsage Usage);

/// <summary>The one choice of an answer.</summary>
/// <param name="Index">Always 0.</param>
/// <param name="Message">What the agent says.</param>
/// <param name="FinishReason"><c>stop</c>, <c>length</c>, <c>tool_calls</c> or <c>content_filter</c>.</param>
internal sealed record ChatChoice(
    [property: JsonPropertyName("index")] int Index,
    [property: JsonPropertyName("message")] ChatAnswerMessage Message,
    [property: JsonPropertyName("finish_reason")] string FinishReason);

/// <summary>What the agent says.</summary>
/// <param name="Role">Always <c>assistant</c>.</param>
/// <param name="Content">The text.</param>
/// <param name="ToolCalls">Calls of tools that are left to the client; missing where there are none.</param>
internal sealed record ChatAnswerMessage(
    [property: JsonPropertyName("role")] string Role,
    [property: JsonPropertyName("content")] string? Content,
    [property: JsonPropertyName("tool_calls")] IReadOnlyList<ToolCallObject>? ToolCalls = null);

/// <summary>A call of a tool.</summary>
/// <param name="Id">The call.</param>
/// <param name="Type">Always <c>function</c>.</param>
/// <param name="Function">What is called.</param>
internal sealed record ToolCallObject(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("function")] ToolCallFunction Function)
{
    /// <summary>Where the call stands among those of its message; in streams alone.</summary>
    [JsonPropertyName("index")]
    [JsonPropertyOrder(-1)]
    public int? Index { get; init; }

    /// <summary>The calls of a message as they are stored; null where there are none.</summary>
    public static IReadOnlyList<ToolCallObject>? Read(JsonElement? stored) => stored?.Deserialize(HermesJsonContext.Default.IReadOnlyListToolCallObject);
}

/// <summary>What a call of a tool asks for.</summary>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">The arguments as JSON text.</param>
internal sealed record ToolCallFunction(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("arguments")] string Arguments);

/// <summary>A piece of the agent's answer.</summary>
internal record ChatCompletionChunk
{
    /// <summary>The answer that it belongs to.</summary>
    [JsonPropertyName("id")]
    [JsonPropertyOrder(-1)]
    public required string Id { get; init; }

    /// <summary>Always <c>chat.completion.chunk</c>.</summary>
    [JsonPropertyName("object")]
    [JsonPropertyOrder(-1)]
    public required string Object { get; init; }

    /// <summary>When the answer began, in Unix seconds.</summary>
    [JsonPropertyName("created")]
    [JsonPropertyOrder(-1)]
    public required long Created { get; init; }

    /// <summary>The model, as the request named it.</summary>
    [JsonPropertyName("model")]
    [JsonPropertyOrder(-1)]
    public required string Model { get; init; }

    /// <summary>The one choice.</summary>
    [JsonPropertyName("choices")]
    [JsonPropertyOrder(-1)]
    public required IReadOnlyList<ChatChunkChoice> Choices { get; init; }

    /// <summary>Tokens of the turn; with the last piece alone.</summary>
    [JsonPropertyName("usage")]
    [JsonPropertyOrder(-1)]
    public ChatUsage? Usage { get; init; }
}

/// <summary>The one choice of a piece.</summary>
/// <param name="Index">Always 0.</param>
/// <param name="Delta">What the piece adds.</param>
/// <param name="FinishReason">As in an answer; null before the last piece.</param>
internal sealed record ChatChunkChoice(
    [property: JsonPropertyName("index")] int Index,
    [property: JsonPropertyName("delta")] ChatDelta Delta,
    [property: JsonPropertyName("finish_reason")] string? FinishReason);

/// <summary>What a piece adds.</summary>
/// <param name="Role"><c>assistant</c>; in the first piece alone.</param>
/// <param name="Content">Text.</param>
/// <param name="ToolCalls">Calls of tools that are left to the client.</param>
internal sealed record ChatDelta(
    [property: JsonPropertyName("role")] string? Role = null,
    [property: JsonPropertyName("content")] string? Content = null,
    [property: JsonPropertyName("tool_calls")] IReadOnlyList<ToolCallObject>? ToolCalls = null);

/// <summary>A tool of the agent is called, or has answered. The fields of a piece that adds nothing stand beside, because clients read every event as one.</summary>
internal sealed record ToolProgressEvent : ChatCompletionChunk
{
    /// <summary>The tool.</summary>
    [JsonPropertyName("tool")]
    public required string Tool { get; init; }

    /// <summary>The arguments in a few words.</summary>
    [JsonPropertyName("label")]
    public required string Label { get; init; }

    /// <summary>The call.</summary>
    [JsonPropertyName("toolCallId")]
    public required string ToolCallId { get; init; }

    /// <summary><c>running</c> or <c>completed</c>.</summary>
    [JsonPropertyName("status")]
    public required string Status { get; init; }
}

/// <summary>Tokens of a turn, over all calls of the model.</summary>
/// <param name="PromptTokens">Tokens sent.</param>
/// <param name="CompletionTokens">Tokens received.</param>
/// <param name="TotalTokens">All of them, as the provider counts.</param>
internal sealed record ChatUsage(
    [property: JsonPropertyName("prompt_tokens")] long PromptTokens,
    [property: JsonPropertyName("completion_tokens")] long CompletionTokens,
    [property: JsonPropertyName("total_tokens")] long TotalTokens);
