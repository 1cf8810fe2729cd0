using System.Text.Json.Serialization;

namespace Hermes.Core.Http.Json;

/// <summary>Messages that a search found, the best first.</summary>
internal sealed record SearchAnswer
{
    /// <summary>What was asked for.</summary>
    [JsonPropertyName("query")]
    public required string Query { get; init; }

    /// <summary>How many results this page has.</summary>
    [JsonPropertyName("count")]
    public required int Count { get; init; }

    /// <summary>The messages.</summary>
    [JsonPropertyName("results")]
    public required IReadOnlyList<SearchResultObject> Results { get; init; }

    /// <summary>Whether more follow this page.</summary>
    [JsonPropertyName("has_more")]
    public required bool HasMore { get; init; }
}

/// <summary>A message that a search found.</summary>
internal sealed record SearchResultObject
{
    /// <summary>The message's number.</summary>
    [JsonPropertyName("id")]
    public required long Id { get; init; }

    /// <summary>The session that it belongs to.</summary>
    [JsonPropertyName("session_id")]
    public required string SessionId { get; init; }

    /// <summary><c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</summary>
    [JsonPropertyName("role")]
    public required string Role { get; init; }

    /// <summary>Some 200 characters of the text, each find between <c>&gt;&gt;&gt;</c> and <c>&lt;&lt;&lt;</c>.</summary>
    [JsonPropertyName("snippet")]
    public required string Snippet { get; init; }

    /// <summary>When it was said, in Unix seconds.</summary>
    [JsonPropertyName("timestamp")]
    public required double Timestamp { get; init; }

    /// <summary>For role <c>tool</c>: the tool's name.</summary>
    [JsonPropertyName("tool_name")]
    public required string? ToolName { get; init; }

    /// <summary>Which surface began the session.</summary>
    [JsonPropertyName("source")]
    public required string Source { get; init; }

    /// <summary>The session's model.</summary>
    [JsonPropertyName("model")]
    public required string? Model { get; init; }

    /// <summary>The conversation's title; null where it has none.</summary>
    [JsonPropertyName("title")]
    public required string? Title { get; init; }

    /// <summary>When the session began, in Unix seconds.</summary>
    [JsonPropertyName("session_started")]
    public required double SessionStarted { get; init; }

    /// <summary>The message before and the one after, as far as there are such.</summary>
    [JsonPropertyName("context")]
    public required IReadOnlyList<SearchContextObject> Context { get; init; }
}

/// <summary>A message beside one that was found.</summary>
internal sealed record SearchContextObject
{
    /// <summary><c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</summary>
    [JsonPropertyName("role")]
    public required string Role { get; init; }

    /// <summary>The first 200 characters of its text.</summary>
    [JsonPropertyName("content")]
    public required string Content { get; init; }
}
