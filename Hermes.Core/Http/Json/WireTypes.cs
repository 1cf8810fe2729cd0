using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hermes.Core.Http.Json;

// The shapes of bodies and answers, for the OpenAPI document. Answers themselves are written without them.

/// <summary>An error of <c>/api/*</c>.</summary>
internal sealed record TextError
{
    /// <summary>What happened and what to do.</summary>
    [JsonPropertyName("error")]
    public required string Error { get; init; }

    /// <summary>A word for programs, for example <c>rate_limit_exceeded</c>; missing where there is none.</summary>
    [JsonPropertyName("code")]
    public string? Code { get; init; }
}

/// <summary>An error of those calls of <c>/api/*</c> whose answers say whether they succeeded.</summary>
internal sealed record OutcomeError
{
    /// <summary>False.</summary>
    [JsonPropertyName("success")]
    public required bool Success { get; init; }

    /// <summary>What happened and what to do.</summary>
    [JsonPropertyName("error")]
    public required string Error { get; init; }
}

/// <summary>An error of <c>/v1/*</c>, and on every path of a missing key (401) and a body that is too large (413).</summary>
internal sealed record OpenAIError
{
    /// <summary>The error.</summary>
    [JsonPropertyName("error")]
    public required OpenAIErrorDetail Error { get; init; }
}

/// <summary>What went wrong.</summary>
internal sealed record OpenAIErrorDetail
{
    /// <summary>What happened and what to do.</summary>
    [JsonPropertyName("message")]
    public required string Message { get; init; }

    /// <summary><c>invalid_request_error</c>, <c>server_error</c>, ….</summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>The field of the request that is to blame; null where it is no single one.</summary>
    [JsonPropertyName("param")]
    public string? Param { get; init; }

    /// <summary>A word for programs, for example <c>invalid_api_key</c>; null where there is none.</summary>
    [JsonPropertyName("code")]
    public string? Code { get; init; }
}

/// <summary>A session.</summary>
internal sealed record SessionObject
{
    /// <summary>1 to 256 characters; unique in the home.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>Which surface began it: <c>cli</c>, <c>telegram</c>, <c>api_server</c>, ….</summary>
    [JsonPropertyName("source")]
    public required string Source { get; init; }

    /// <summary>Whom the surface knew the user as.</summary>
    [JsonPropertyName("user_id")]
    public required string? UserId { get; init; }

    /// <summary>The model of the first turn; of several sessions of a conversation the last one's.</summary>
    [JsonPropertyName("model")]
    public required string? Model { get; init; }

    /// <summary>The title, unique in the home; null where none was given.</summary>
    [JsonPropertyName("title")]
    public required string? Title { get; init; }

    /// <summary>When it began, in Unix seconds.</summary>
    [JsonPropertyName("started_at")]
    public required double StartedAt { get; init; }

    /// <summary>When it was ended, in Unix seconds; null while it is open.</summary>
    [JsonPropertyName("ended_at")]
    public required double? EndedAt { get; init; }

    /// <summary>Why it was ended; null while it is open.</summary>
    [JsonPropertyName("end_reason")]
    public required string? EndReason { get; init; }

    /// <summary>How many messages it has.</summary>
    [JsonPropertyName("message_count")]
    public required long MessageCount { get; init; }

    /// <summary>How many tools were called.</summary>
    [JsonPropertyName("tool_call_count")]
    public required long ToolCallCount { get; init; }

    /// <summary>Tokens sent to models.</summary>
    [JsonPropertyName("input_tokens")]
    public required long InputTokens { get; init; }

    /// <summary>Tokens received from models.</summary>
    [JsonPropertyName("output_tokens")]
    public required long OutputTokens { get; init; }

    /// <summary>The time of the newest message, else <c>started_at</c>, in Unix seconds.</summary>
    [JsonPropertyName("last_active")]
    public required double LastActive { get; init; }

    /// <summary>The session that this one continues or was started by.</summary>
    [JsonPropertyName("parent_session_id")]
    public required string? ParentSessionId { get; init; }

    /// <summary>The first user message in one line of at most 60 characters and <c>...</c>.</summary>
    [JsonPropertyName("preview")]
    public required string Preview { get; init; }

    /// <summary>The conversation's last session, which takes its messages: an agent that runs out of context goes on in another. Else the <c>id</c>.</summary>
    [JsonPropertyName("tip_id")]
    public required string TipId { get; init; }

    /// <summary>The conversation's first session; null where the conversation has one session alone.</summary>
    [JsonPropertyName("_lineage_root_id")]
    public required string? LineageRootId { get; init; }

    /// <summary>Whether it is pinned. Like the three that follow, missing where the home's file does not keep it.</summary>
    [JsonPropertyName("pinned")]
    public bool? Pinned { get; init; }

    /// <summary>Whether it is put away: lists leave it out unless they are asked for it.</summary>
    [JsonPropertyName("archived")]
    public bool? Archived { get; init; }

    /// <summary>Whether it is in no list.</summary>
    [JsonPropertyName("hidden")]
    public bool? Hidden { get; init; }

    /// <summary>Whether anything was said since it was read last. What nobody has marked counts as read.</summary>
    [JsonPropertyName("unread")]
    public bool? Unread { get; init; }
}

/// <summary>One session.</summary>
internal sealed record SessionEnvelope([property: JsonPropertyName("session")] SessionObject Session);

/// <summary>A page of sessions, newest first.</summary>
internal sealed record SessionList
{
    /// <summary>Always <c>list</c>.</summary>
    [JsonPropertyName("object")]
    public required string Object { get; init; }

    /// <summary>The sessions. Missing where <c>Hermes:Api:ListKeys</c> is <c>Data</c>.</summary>
    [JsonPropertyName("items")]
    public IReadOnlyList<SessionObject>? Items { get; init; }

    /// <summary>The same sessions again, as newer clients read them. Missing where <c>Hermes:Api:ListKeys</c> is <c>Items</c>.</summary>
    [JsonPropertyName("data")]
    public IReadOnlyList<SessionObject>? Data { get; init; }

    /// <summary>How many sessions the query reaches over all pages.</summary>
    [JsonPropertyName("total")]
    public required long Total { get; init; }

    /// <summary>The page's size, as it was applied.</summary>
    [JsonPropertyName("limit")]
    public required int Limit { get; init; }

    /// <summary>How many were skipped.</summary>
    [JsonPropertyName("offset")]
    public required long Offset { get; init; }

    /// <summary>Whether sessions follow this page.</summary>
    [JsonPropertyName("has_more")]
    public required bool HasMore { get; init; }

    /// <summary>The value of <c>before</c> that gives the page after this one; null at the end.</summary>
    [JsonPropertyName("next")]
    public required string? Next { get; init; }
}

/// <summary>What a session starts with. Everything may be left out.</summary>
internal sealed record CreateSession
{
    /// <summary>1 to 256 characters without control characters; a fresh UUID where it is missing.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>At most 100 characters; unique in the home.</summary>
    [JsonPropertyName("title")]
    public string? Title { get; init; }

    /// <summary>The model; left to the first turn where it is missing.</summary>
    [JsonPropertyName("model")]
    public string? Model { get; init; }

    /// <summary>Which surface begins it; <c>api_server</c> where it is missing.</summary>
    [JsonPropertyName("source")]
    public string? Source { get; init; }
}

/// <summary>What changes in a session: one field at least.</summary>
internal sealed record PatchSession
{
    /// <summary>At most 100 characters; unique in the home.</summary>
    [JsonPropertyName("title")]
    public string? Title { get; init; }

    /// <summary>The system prompt of the turns to come; null for none.</summary>
    [JsonPropertyName("system_prompt")]
    public string? SystemPrompt { get; init; }

    /// <summary>Ends the session with this reason; one that has ended keeps its time. Null opens it again.</summary>
    [JsonPropertyName("end_reason")]
    public string? EndReason { get; init; }

    /// <summary>Pins the conversation, which is not hidden then, or unpins it.</summary>
    [JsonPropertyName("pinned")]
    public bool? Pinned { get; init; }

    /// <summary>Puts the conversation away, or back.</summary>
    [JsonPropertyName("archived")]
    public bool? Archived { get; init; }

    /// <summary>Takes the conversation out of all lists, or puts it back.</summary>
    [JsonPropertyName("hidden")]
    public bool? Hidden { get; init; }

    /// <summary>False: it is read up to now. True: it is unread.</summary>
    [JsonPropertyName("unread")]
    public bool? Unread { get; init; }
}

/// <summary>What a branch starts with beside what it copies. Everything may be left out.</summary>
internal sealed record ForkSession
{
    /// <summary>1 to 256 characters without control characters, of no session yet; a fresh UUID where it is missing.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>At most 100 characters; unique in the home. Where it is missing it continues the session's: <c>T #2</c>.</summary>
    [JsonPropertyName("title")]
    public string? Title { get; init; }
}

/// <summary>A branch was made of a session.</summary>
internal sealed record SessionForked(
    [property: JsonPropertyName("session")] SessionObject Session,
    [property: JsonPropertyName("forked_from")] string ForkedFrom);

/// <summary>A session was deleted.</summary>
internal sealed record SessionDeleted(
    [property: JsonPropertyName("ok")] bool Ok,
    [property: JsonPropertyName("session_id")] string SessionId);

/// <summary>A message of a session.</summary>
internal sealed record MessageObject
{
    /// <summary>The message's number, growing in the order of writing.</summary>
    [JsonPropertyName("id")]
    public required long Id { get; init; }

    /// <summary>The session.</summary>
    [JsonPropertyName("session_id")]
    public required string SessionId { get; init; }

    /// <summary><c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</summary>
    [JsonPropertyName("role")]
    public required string Role { get; init; }

    /// <summary>The text, a list of parts, or null.</summary>
    [JsonPropertyName("content")]
    public required JsonElement? Content { get; init; }

    /// <summary>For role <c>tool</c>: the call that this answers.</summary>
    [JsonPropertyName("tool_call_id")]
    public required string? ToolCallId { get; init; }

    /// <summary>The calls that an assistant message asks for; a text where what is stored is no JSON.</summary>
    [JsonPropertyName("tool_calls")]
    public required JsonElement? ToolCalls { get; init; }

    /// <summary>For role <c>tool</c>: the tool's name.</summary>
    [JsonPropertyName("tool_name")]
    public required string? ToolName { get; init; }

    /// <summary>When it was said, in Unix seconds.</summary>
    [JsonPropertyName("timestamp")]
    public required double Timestamp { get; init; }

    /// <summary>Its length in tokens, where its writer knew.</summary>
    [JsonPropertyName("token_count")]
    public required long? TokenCount { get; init; }

    /// <summary>Why the model stopped.</summary>
    [JsonPropertyName("finish_reason")]
    public required string? FinishReason { get; init; }

    /// <summary>The model's reasoning as text.</summary>
    [JsonPropertyName("reasoning")]
    public required string? Reasoning { get; init; }

    /// <summary>The model's reasoning as its provider structures it.</summary>
    [JsonPropertyName("reasoning_details")]
    public required JsonElement? ReasoningDetails { get; init; }

    /// <summary>Reasoning items of the Codex API.</summary>
    [JsonPropertyName("codex_reasoning_items")]
    public required JsonElement? CodexReasoningItems { get; init; }

    /// <summary>The reasoning that has to be given back to its provider. Like all that follows, missing where the home's file does not keep it.</summary>
    [JsonPropertyName("reasoning_content")]
    public string? ReasoningContent { get; init; }

    /// <summary>Message items of the Codex API.</summary>
    [JsonPropertyName("codex_message_items")]
    public JsonElement? CodexMessageItems { get; init; }

    /// <summary>The message's id on the platform that it came from.</summary>
    [JsonPropertyName("platform_message_id")]
    public string? PlatformMessageId { get; init; }

    /// <summary>1 where the agent only overheard the message; 0 where it was spoken to.</summary>
    [JsonPropertyName("observed")]
    public long? Observed { get; init; }
}

/// <summary>Messages of a session, oldest first.</summary>
internal sealed record MessageList
{
    /// <summary>Always <c>list</c>.</summary>
    [JsonPropertyName("object")]
    public required string Object { get; init; }

    /// <summary>The messages. Missing where <c>Hermes:Api:ListKeys</c> is <c>Data</c>.</summary>
    [JsonPropertyName("items")]
    public IReadOnlyList<MessageObject>? Items { get; init; }

    /// <summary>The same messages again, as newer clients read them. Missing where <c>Hermes:Api:ListKeys</c> is <c>Items</c>.</summary>
    [JsonPropertyName("data")]
    public IReadOnlyList<MessageObject>? Data { get; init; }

    /// <summary>The id of the conversation's first session.</summary>
    [JsonPropertyName("session_id")]
    public required string SessionId { get; init; }

    /// <summary>How many messages the session has.</summary>
    [JsonPropertyName("total")]
    public required long Total { get; init; }

    /// <summary>Whether messages lie beyond this page.</summary>
    [JsonPropertyName("has_more")]
    public required bool HasMore { get; init; }
}

/// <summary>The sections of config.yaml that are safe to show. Only those that the file has are in it, as it has them.</summary>
internal record ConfigSections
{
    /// <summary>The default model: a name, or an object with <c>default</c>, <c>provider</c>, <c>base_url</c>, ….</summary>
    [JsonPropertyName("model")]
    public JsonElement? Model { get; init; }

    /// <summary>The default provider.</summary>
    [JsonPropertyName("provider")]
    public string? Provider { get; init; }

    /// <summary>How answers are shown.</summary>
    [JsonPropertyName("display")]
    public JsonElement? Display { get; init; }

    /// <summary>What the agent remembers, and how much.</summary>
    [JsonPropertyName("memory")]
    public JsonElement? Memory { get; init; }

    /// <summary>The user's time zone.</summary>
    [JsonPropertyName("timezone")]
    public string? TimeZone { get; init; }

    /// <summary>External folders, disabled skills, settings of skills.</summary>
    [JsonPropertyName("skills")]
    public JsonElement? Skills { get; init; }

    /// <summary>The toolsets that are on.</summary>
    [JsonPropertyName("toolsets")]
    public JsonElement? Toolsets { get; init; }

    /// <summary>How the agent works.</summary>
    [JsonPropertyName("agent")]
    public JsonElement? Agent { get; init; }

    /// <summary>Speech from text.</summary>
    [JsonPropertyName("tts")]
    public JsonElement? TextToSpeech { get; init; }

    /// <summary>Text from speech.</summary>
    [JsonPropertyName("stt")]
    public JsonElement? SpeechToText { get; init; }

    /// <summary>When a cheaper model answers.</summary>
    [JsonPropertyName("smart_model_routing")]
    public JsonElement? SmartModelRouting { get; init; }

    /// <summary>Providers of the user's own.</summary>
    [JsonPropertyName("custom_providers")]
    public JsonElement? CustomProviders { get; init; }
}

/// <summary>The models that chat can be asked for.</summary>
internal sealed record ModelList(
    [property: JsonPropertyName("object")] string Object,
    [property: JsonPropertyName("data")] IReadOnlyList<ModelObject> Data);

/// <summary>A model.</summary>
internal sealed record ModelObject(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("object")] string Object,
    [property: JsonPropertyName("created")] long Created,
    [property: JsonPropertyName("owned_by")] string OwnedBy,
    [property: JsonPropertyName("permission")] IReadOnlyList<string> Permission,
    [property: JsonPropertyName("root")] string Root,
    [property: JsonPropertyName("parent")] string? Parent);
