using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hermes.Core.Http.Json;

/// <summary>A chat, as OpenAI defines it. Fields that are not listed are ignored; the agent has tools of its own.</summary>
internal sealed record ChatCompletionBody
{
    /// <summary>The conversation; its last user message is answered.</summary>
    [JsonPropertyName("messages")]
    public required IReadOnlyList<ChatMessageObject> Messages { get; init; }

    /// <summary>Given back in the answer; the agent has its own model.</summary>
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
    /// <summary><c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</summary>
    [JsonPropertyName("role")]
    public required string Role { get; init; }

    /// <summary>A text, or a list of parts of type <c>text</c> or <c>image_url</c>.</summary>
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
    [property: JsonPropertyName("message")] ChatMessageObject Message,
    [property: JsonPropertyName("finish_reason")] string FinishReason);

/// <summary>Tokens of a turn, over all calls of the model.</summary>
internal sealed record ChatUsage(
    [property: JsonPropertyName("prompt_tokens")] long PromptTokens,
    [property: JsonPropertyName("completion_tokens")] long CompletionTokens,
    [property: JsonPropertyName("total_tokens")] long TotalTokens);
