using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hermes.Core.Http.Json;

// The shapes of chat's bodies and answers, for the OpenAPI document. Answers themselves are written without them.

/// <summary>What the agent is asked. Fields of OpenAI's that are not named here are ignored.</summary>
internal sealed record ChatCompletionBody
{
    /// <summary>The conversation, ending with a user message. In a session that is continued, only that message and system messages count.</summary>
    [JsonPropertyName("messages")]
    public required IReadOnlyList<ChatBodyMessage> Messages { get; init; }

    /// <summary>Given back in the answer; the agent has its own model.</summary>
    [JsonPropertyName("model")]
    public string? Model { get; init; }

    /// <summary>Whether the answer comes as server-sent events.</summary>
    [JsonPropertyName("stream")]
    public bool? Stream { get; init; }

    /// <summary>Passed on to the model.</summary>
    [JsonPropertyName("temperature")]
    public double? Temperature { get; init; }

    /// <summary>Passed on to the model.</summary>
    [JsonPropertyName("top_p")]
    public double? TopP { get; init; }

    /// <summary>The largest answer in tokens, passed on to the model.</summary>
    [JsonPropertyName("max_tokens")]
    public int? MaxTokens { get; init; }

    /// <summary>A text, or up to a few, at which the model stops.</summary>
    [JsonPropertyName("stop")]
    public JsonElement? Stop { get; init; }
}

/// <summary>A message of a conversation.</summary>
internal sealed record ChatBodyMessage
{
    /// <summary><c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</summary>
    [JsonPropertyName("role")]
    public required string Role { get; init; }

    /// <summary>A text, or a list of parts of type <c>text</c> and <c>image_url</c>.</summary>
    [JsonPropertyName("content")]
    public JsonElement? Content { get; init; }
}

/// <summary>The agent's answer.</summary>
internal sealed record ChatCompletion
{
    /// <summary>The answer's id.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary><c>chat.completion</c>.</summary>
    [JsonPropertyName("object")]
    public required string Object { get; init; }

    /// <summary>When it was asked for, in Unix seconds.</summary>
    [JsonPropertyName("created")]
    public required long Created { get; init; }

    /// <summary>The model as asked, else <c>hermes-agent</c>.</summary>
    [JsonPropertyName("model")]
    public required string Model { get; init; }

    /// <summary>One choice.</summary>
    [JsonPropertyName("choices")]
    public required IReadOnlyList<ChatChoice> Choices { get; init; }

    /// <summary>What it took.</summary>
    [JsonPropertyName("usage")]
    public required ChatUsage Usage { get; init; }
}

/// <summary>The answer itself.</summary>
internal sealed record ChatChoice(
    [property: JsonPropertyName("index")] int Index,
    [property: JsonPropertyName("message")] ChatBodyMessage Message,
    [property: JsonPropertyName("finish_reason")] string FinishReason);

/// <summary>Tokens, over all calls of the model in the turn.</summary>
internal sealed record ChatUsage(
    [property: JsonPropertyName("prompt_tokens")] long PromptTokens,
    [property: JsonPropertyName("completion_tokens")] long CompletionTokens,
    [property: JsonPropertyName("total_tokens")] long TotalTokens);
