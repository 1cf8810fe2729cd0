using System.Text.Json;
using System.Text.Json.Serialization;

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
internal sealed record ChatCompletion(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("object")] string Object,
    [property: JsonPropertyName("created")] long Created,
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("choices")] IReadOnlyList<ChatChoice> Choices,
    [property: JsonPropertyName("usage")] ChatUsage Usage);

/// <summary>The one choice of an answer.</summary>
internal sealed record ChatChoice(
    [property: JsonPropertyName("index")] int Index,
    [property: JsonPropertyName("message")] ChatAnswerMessage Message,
    [property: JsonPropertyName("finish_reason")] string FinishReason);

/// <summary>What the agent says.</summary>
internal sealed record ChatAnswerMessage
{
    /// <summary>Always <c>assistant</c>.</summary>
    [JsonPropertyName("role")]
    public required string Role { get; init; }

    /// <summary>The text.</summary>
    [JsonPropertyName("content")]
    public required string? Content { get; init; }

    /// <summary>Calls of tools that are left to the client; missing where there are none.</summary>
    [JsonPropertyName("tool_calls")]
    public IReadOnlyList<ToolCallObject>? ToolCalls { get; init; }
}

/// <summary>A call of a tool.</summary>
internal sealed record ToolCallObject
{
    /// <summary>Where the call stands among those of its message; in streams alone.</summary>
    [JsonPropertyName("index")]
    public int? Index { get; init; }

    /// <summary>The call.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>Always <c>function</c>.</summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>What is called.</summary>
    [JsonPropertyName("function")]
    public required ToolCallFunction Function { get; init; }
}

/// <summary>What a call of a tool asks for.</summary>
internal sealed record ToolCallFunction(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("arguments")] string Arguments);

/// <summary>A piece of the agent's answer.</summary>
internal record ChatCompletionChunk
{
    /// <summary>The answer that it belongs to.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>Always <c>chat.completion.chunk</c>.</summary>
    [JsonPropertyName("object")]
    public required string Object { get; init; }

    /// <summary>When the answer began, in Unix seconds.</summary>
    [JsonPropertyName("created")]
    public required long Created { get; init; }

    /// <summary>The model, as the request named it.</summary>
    [JsonPropertyName("model")]
    public required string Model { get; init; }

    /// <summary>The one choice.</summary>
    [JsonPropertyName("choices")]
    public required IReadOnlyList<ChatChunkChoice> Choices { get; init; }

    /// <summary>Tokens of the turn; with the last piece alone.</summary>
    [JsonPropertyName("usage")]
    public ChatUsage? Usage { get; init; }
}

/// <summary>The one choice of a piece.</summary>
internal sealed record ChatChunkChoice(
    [property: JsonPropertyName("index")] int Index,
    [property: JsonPropertyName("delta")] ChatDelta Delta,
    [property: JsonPropertyName("finish_reason")] string? FinishReason);

/// <summary>What a piece adds.</summary>
internal sealed record ChatDelta
{
    /// <summary><c>assistant</c>; in the first piece alone.</summary>
    [JsonPropertyName("role")]
    public string? Role { get; init; }

    /// <summary>Text.</summary>
    [JsonPropertyName("content")]
    public string? Content { get; init; }

    /// <summary>Calls of tools that are left to the client.</summary>
    [JsonPropertyName("tool_calls")]
    public IReadOnlyList<ToolCallObject>? ToolCalls { get; init; }
}

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
internal sealed record ChatUsage(
    [property: JsonPropertyName("prompt_tokens")] long PromptTokens,
    [property: JsonPropertyName("completion_tokens")] long CompletionTokens,
    [property: JsonPropertyName("total_tokens")] long TotalTokens);
