using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hermes.Core.Sessions;

/// <summary>The JSON of sessions and messages, as the HTTP API gives it, from typed records and from database rows alike.</summary>
internal static class SessionJson
{
    /// <summary>Text goes out as UTF-8: the answers are <c>application/json</c>, never embedded in HTML.</summary>
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private static readonly JsonEncodedText Total = JsonEncodedText.Encode("total");
    private static readonly JsonEncodedText Limit = JsonEncodedText.Encode("limit");
    private static readonly JsonEncodedText Offset = JsonEncodedText.Encode("offset");
    private static readonly JsonEncodedText HasMore = JsonEncodedText.Encode("has_more");
    private static readonly JsonEncodedText Next = JsonEncodedText.Encode("next");

    private static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText Source = JsonEncodedText.Encode("source");
    private static readonly JsonEncodedText UserId = JsonEncodedText.Encode("user_id");
    private static readonly JsonEncodedText Model = JsonEncodedText.Encode("model");
    private static readonly JsonEncodedText Title = JsonEncodedText.Encode("title");
    private static readonly JsonEncodedText StartedAt = JsonEncodedText.Encode("started_at");
    private static readonly JsonEncodedText EndedAt = JsonEncodedText.Encode("ended_at");
    private static readonly JsonEncodedText EndReason = JsonEncodedText.Encode("end_reason");
    private static readonly JsonEncodedText MessageCount = JsonEncodedText.Encode("message_count");
    private static readonly JsonEncodedText ToolCallCount = JsonEncodedText.Encode("tool_call_count");
    private static readonly JsonEncodedText InputTokens = JsonEncodedText.Encode("input_tokens");
    private static readonly JsonEncodedText OutputTokens = JsonEncodedText.Encode("output_tokens");
    private static readonly JsonEncodedText LastActive = JsonEncodedText.Encode("last_active");
    private static readonly JsonEncodedText ParentSessionId = JsonEncodedText.Encode("parent_session_id");
    private static readonly JsonEncodedText Preview = JsonEncodedText.Encode("preview");

    private static readonly JsonEncodedText TipId = JsonEncodedText.Encode("tip_id");
    private static readonly JsonEncodedText LineageRootId = JsonEncodedText.Encode("_lineage_root_id");
    private static readonly JsonEncodedText Pinned = JsonEncodedText.Encode("pinned");
    private static readonly JsonEncodedText Archived = JsonEncodedText.Encode("archived");
    private static readonly JsonEncodedText Hidden = JsonEncodedText.Encode("hidden");
    private static readonly JsonEncodedText Unread = JsonEncodedText.Encode("unread");

    private static readonly JsonEncodedText SessionIdName = JsonEncodedText.Encode("session_id");
    private static readonly JsonEncodedText Role = JsonEncodedText.Encode("role");
    private static readonly JsonEncodedText Content = JsonEncodedText.Encode("content");
    private static readonly JsonEncodedText ToolCallId = JsonEncodedText.Encode("tool_call_id");
    private static readonly JsonEncodedText ToolCalls = JsonEncodedText.Encode("tool_calls");
    private static readonly JsonEncodedText ToolName = JsonEncodedText.Encode("tool_name");
    private static readonly JsonEncodedText Timestamp = JsonEncodedText.Encode("timestamp");
    private static readonly JsonEncodedText TokenCount = JsonEncodedText.Encode("token_count");
    private static readonly JsonEncodedText FinishReason = JsonEncodedText.Encode("finish_reason");
    private static readonly JsonEncodedText Reasoning = JsonEncodedText.Encode("reasoning");
    private static readonly JsonEncodedText ReasoningDetails = JsonEncodedText.Encode("reasoning_details");
    private static readonly JsonEncodedText CodexReasoningItems = JsonEncodedText.Encode("codex_reasoning_items");
    private static readonly JsonEncodedText ReasoningContent = JsonEncodedText.Encode("reasoning_content");
    private static readonly JsonEncodedText CodexMessageItems = JsonEncodedText.Encode("codex_message_items");
    private static readonly JsonEncodedText PlatformMessageId = JsonEncodedText.Encode("platform_message_id");
    private static readonly JsonEncodedText SessionStarted = JsonEncodedText.Encode("session_started");
    private static readonly JsonEncodedText Observed = JsonEncodedText.Encode("observed");

    /// <summary>Writes the object of one session.</summary>
    public static void WriteSession(Utf8JsonWriter writer, Session session) => WriteSession(writer, new TypedSessionFields(session));

    /// <summary>Writes the object of one message.</summary>
    public static void WriteMessage(Utf8JsonWriter writer, Message message) => WriteMessage(writer, new TypedMessageFields(message));

    /// <summary>Writes the object of a page; <c>limit</c> and <c>offset</c> as the store clamps them.</summary>
    public static void WritePage(Utf8JsonWriter writer, SessionPage page, SessionQuery query, IReadOnlyList<string> rowNames)
    {
        WriteRows(writer, page.Items, WriteSession, rowNames);
        WritePageEnd(writer, page.Total, query, page.HasMore, page.Next);
    }

    /// <summary>Writes the object of a session's messages; <paramref name="total"/> counts those that are not on the page too.</summary>
    public static void WriteMessages(
        Utf8JsonWriter writer, string sessionId, IReadOnlyList<Message> messages, long total, bool hasMore, IReadOnlyList<string> rowNames)
    {
        WriteRows(writer, messages, WriteMessage, rowNames);
        WriteMessagesEnd(writer, FieldValue.Utf8Text(Encoding.UTF8.GetBytes(sessionId)), total, hasMore);
    }

    /// <summary>Writes the object of a search's answer.</summary>
    public static void WriteSearch(Utf8JsonWriter writer, string query, SearchPage page)
    {
        writer.WriteStartObject();
        writer.WriteString("query"u8, query);
        writer.WriteNumber("count"u8, page.Items.Count);
        writer.WriteStartArray("results"u8);
        foreach (var result in page.Items)
        {
            WriteSearchResult(writer, result);
        }

        writer.WriteEndArray();
        writer.WriteBoolean(HasMore, page.HasMore);
        writer.WriteEndObject();
    }

    /// <summary>Writes the beginning of a list's object from what is rendered already: <c>{"object":"list"</c>, and the rows under each of the names.</summary>
    /// <remarks>What ends the object follows behind a comma.</remarks>
    internal static void WriteRows(IBufferWriter<byte> output, ReadOnlySpan<byte> rows, IReadOnlyList<string> rowNames)
    {
        WriteListStart(output);
        foreach (var name in rowNames)
        {
            WriteRowName(output, name);
            output.Write(rows);
        }
    }

    internal static void WriteListStart(IBufferWriter<byte> output) => output.Write("{\"object\":\"list\""u8);

    internal static void WriteRowName(IBufferWriter<byte> output, string name)
    {
        output.Write(",\""u8);
        Encoding.UTF8.GetBytes(name, output);
        output.Write("\":"u8);
    }

    internal static void WritePageEnd(Utf8JsonWriter writer, long total, SessionQuery query, bool hasMore, string? next)
    {
        writer.WriteNumber(Total, total);
        writer.WriteNumber(Limit, query.ClampedLimit);
        writer.WriteNumber(Offset, query.ClampedOffset);
        writer.WriteBoolean(HasMore, hasMore);
        writer.WriteString(Next, next);
        writer.WriteEndObject();
    }

    internal static void WriteMessagesEnd(Utf8JsonWriter writer, FieldValue sessionId, long total, bool hasMore)
    {
        sessionId.WriteTo(writer, SessionIdName);
        writer.WriteNumber(Total, total);
        writer.WriteBoolean(HasMore, hasMore);
        writer.WriteEndObject();
    }

    internal static void WriteSession<TFields>(Utf8JsonWriter writer, scoped TFields session)
        where TFields : ISessionFields, allows ref struct
    {
        writer.WriteStartObject();
        session.Id.WriteTo(writer, Id);
        session.Source.WriteTo(writer, Source);
        session.UserId.WriteTo(writer, UserId);
        session.Model.WriteTo(writer, Model);
        session.Title.WriteTo(writer, Title);
        WriteTime(writer, StartedAt, session.StartedAt);
        WriteTime(writer, EndedAt, session.EndedAt);
        session.EndReason.WriteTo(writer, EndReason);
        writer.WriteNumber(MessageCount, session.MessageCount);
        writer.WriteNumber(ToolCallCount, session.ToolCallCount);
        writer.WriteNumber(InputTokens, session.InputTokens);
        writer.WriteNumber(OutputTokens, session.OutputTokens);
        WriteTime(writer, LastActive, session.LastActive);
        session.ParentSessionId.WriteTo(writer, ParentSessionId);
        session.Preview.WriteTo(writer, Preview);
        (session.TipId is { IsNull: false } tip ? tip : session.Id).WriteTo(writer, TipId);
        session.LineageRootId.WriteTo(writer, LineageRootId);
        WriteFlag(writer, Pinned, session.Pinned);
        WriteFlag(writer, Archived, session.Archived);
        WriteFlag(writer, Hidden, session.Hidden);
        WriteFlag(writer, Unread, session.Unread);
        writer.WriteEndObject();
    }

    internal static void WriteMessage<TFields>(Utf8JsonWriter writer, scoped TFields message)
        where TFields : IMessageFields, allows ref struct
    {
        writer.WriteStartObject();
        writer.WriteNumber(Id, message.Id);
        message.SessionId.WriteTo(writer, SessionIdName);
        message.Role.WriteTo(writer, Role);
        message.Content.WriteTo(writer, Content);
        message.ToolCallId.WriteTo(writer, ToolCallId);
        message.ToolCalls.WriteTo(writer, ToolCalls);
        message.ToolName.WriteTo(writer, ToolName);
        WriteTime(writer, Timestamp, message.Timestamp);
        WriteCount(writer, TokenCount, message.TokenCount);
        message.FinishReason.WriteTo(writer, FinishReason);
        message.Reasoning.WriteTo(writer, Reasoning);
        message.ReasoningDetails.WriteTo(writer, ReasoningDetails);
        message.CodexReasoningItems.WriteTo(writer, CodexReasoningItems);

        var present = message.Present;
        if (present.HasFlag(OptionalMessageFields.ReasoningContent))
        {
            message.ReasoningContent.WriteTo(writer, ReasoningContent);
        }

        if (present.HasFlag(OptionalMessageFields.CodexMessageItems))
        {
            message.CodexMessageItems.WriteTo(writer, CodexMessageItems);
        }

        if (present.HasFlag(OptionalMessageFields.PlatformMessageId))
        {
            message.PlatformMessageId.WriteTo(writer, PlatformMessageId);
        }

        if (present.HasFlag(OptionalMessageFields.Observed))
        {
            WriteCount(writer, Observed, message.Observed);
        }

        writer.WriteEndObject();
    }

    private static void WriteRows<TRow>(
        Utf8JsonWriter writer, IReadOnlyList<TRow> rows, Action<Utf8JsonWriter, TRow> write, IReadOnlyList<string> rowNames)
    {
        writer.WriteStartObject();
        writer.WriteString("object"u8, "list"u8);
        foreach (var name in rowNames)
        {
            writer.WriteStartArray(name);
            foreach (var row in rows)
            {
                write(writer, row);
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteSearchResult(Utf8JsonWriter writer, SearchResult result)
    {
        writer.WriteStartObject();
        writer.WriteNumber(Id, result.MessageId);
        writer.WriteString(SessionIdName, result.SessionId);
        writer.WriteString(Role, result.Role);
        writer.WriteString("snippet"u8, result.Snippet);
        WriteTime(writer, Timestamp, UnixTime.ToSeconds(result.Timestamp));
        writer.WriteString(ToolName, result.ToolName);
        writer.WriteString(Source, result.Source);
        writer.WriteString(Model, result.Model);
        writer.WriteString(Title, result.Title);
        WriteTime(writer, SessionStarted, UnixTime.ToSeconds(result.SessionStarted));
        writer.WriteStartArray("context"u8);
        foreach (var message in result.Context)
        {
            writer.WriteStartObject();
            writer.WriteString(Role, message.Role);
            writer.WriteString(Content, message.Content);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    // SQLite stores infinities, for which JSON has no word.
    private static void WriteTime(Utf8JsonWriter writer, JsonEncodedText name, double? seconds)
    {
        if (seconds is { } value && double.IsFinite(value))
        {
            writer.WriteNumber(name, value);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void WriteFlag(Utf8JsonWriter writer, JsonEncodedText name, bool? flag)
    {
        if (flag is { } value)
        {
            writer.WriteBoolean(name, value);
        }
    }

    private static void WriteCount(Utf8JsonWriter writer, JsonEncodedText name, long? count)
    {
        if (count is { } value)
        {
            writer.WriteNumber(name, value);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
