using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Hermes.Core.Sessions;

namespace Hermes.Core.Http.Wire;

/// <summary>The JSON of a store's rows, without records and strings between: lists of sessions and of messages. It is that of <see cref="SessionObject"/> and <see cref="MessageObject"/>.</summary>
internal static class RowJson
{
    private const int BatchSize = 128 * 1024;
    private const int ExpectedRows = 32 * 1024;

    // Text goes out as UTF-8: the answers are application/json, never embedded in HTML.
    private static readonly JsonWriterOptions WriterOptions = new()
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
    private static readonly JsonEncodedText Observed = JsonEncodedText.Encode("observed");

    /// <summary>Writes <c>{"object","items":[…],"total","limit","offset","has_more","next"}</c> from a store's rows.</summary>
    public static async ValueTask WritePageAsync(
        this IRowStore store, SessionQuery query, IReadOnlyList<string> rowNames, IBufferWriter<byte> output, CancellationToken cancellationToken)
    {
        var rows = new ArrayBufferWriter<byte>(ExpectedRows);
        await using var writer = new Utf8JsonWriter(rows, WriterOptions);
        writer.WriteStartArray();
        var (total, next) = await store.ReadPageAsync(query, session => WriteSession(writer, session), cancellationToken).ConfigureAwait(false);
        writer.WriteEndArray();
        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        WriteRows(output, rows.WrittenSpan, rowNames);
        WriteEnd(output, end => WritePageEnd(end, total, query, next is not null, next));
    }

    /// <summary>Writes <c>{"session":{…}}</c> from a store's row.</summary>
    /// <returns>False, and nothing written, where there is none.</returns>
    public static async ValueTask<bool> WriteSessionAsync(this IRowStore store, string idOrPrefix, IBufferWriter<byte> output, CancellationToken cancellationToken)
    {
        await using var writer = new Utf8JsonWriter(output, WriterOptions);
        return await store.ReadSessionAsync(
            idOrPrefix,
            session =>
            {
                writer.WriteStartObject();
                writer.WritePropertyName("session"u8);
                WriteSession(writer, session);
                writer.WriteEndObject();
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes <c>{"object","items":[…],"session_id","total","has_more"}</c> from a store's rows; <c>total</c> counts all messages of the conversation.</summary>
    /// <remarks>
    /// What fits into one batch is read once, and written under each name. What is longer is read again for each, so that no more than a batch is
    /// held: that doubles the work of a long conversation, and a message that is deleted or changed meanwhile is so under the second name alone.
    /// </remarks>
    /// <param name="store">The store.</param>
    /// <param name="idOrPrefix">The session's id, or the start of it.</param>
    /// <param name="query">Which messages.</param>
    /// <param name="rowNames">The names under which the rows stand, each with all of them.</param>
    /// <param name="output">Where to.</param>
    /// <param name="sendAsync">
    /// Called each time that about 100 KB are written and more follow. It may take <paramref name="output"/>'s content away, and as long as it likes.
    /// What it gives back says whether to go on.
    /// </param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>False, and nothing written, where there is no such conversation.</returns>
    public static async ValueTask<bool> WriteMessagesAsync(
        this IRowStore store, string idOrPrefix, MessageQuery query, IReadOnlyList<string> rowNames, IBufferWriter<byte> output,
        Func<ValueTask<bool>> sendAsync, CancellationToken cancellationToken)
    {
        var batch = new ArrayBufferWriter<byte>(ExpectedRows);
        await using var writer = new Utf8JsonWriter(batch, WriterOptions);
        writer.WriteStartArray();
        var position = await store.ReadMessagesAsync(idOrPrefix, query, Add, IsFull, cancellationToken).ConfigureAwait(false);
        if (position is null)
        {
            writer.Reset();
            return false;
        }

        if (position.IsAtEnd)
        {
            writer.WriteEndArray();
            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            WriteRows(output, batch.WrittenSpan, rowNames);
        }
        else if (!await WriteRoundsAsync().ConfigureAwait(false))
        {
            return true;
        }

        WriteEnd(output, end => WriteMessagesEnd(
            end, position.SessionId, position.Total, hasMore: position.Total - position.Count > Math.Max(query.Offset, 0)));
        return true;

        void Add(scoped MessageRow message) => WriteMessage(writer, message);

        bool IsFull() => batch.WrittenCount + writer.BytesPending >= BatchSize;

        // All batches for one name after the other: held for the second one, they would be the whole conversation.
        async ValueTask<bool> WriteRoundsAsync()
        {
            WriteListStart(output);
            for (var round = 0; round < rowNames.Count; round++)
            {
                if (round > 0)
                {
                    writer.Reset();
                    writer.WriteStartArray();
                    position = await store.ReadMessagesAsync(position.Start, Add, IsFull, cancellationToken).ConfigureAwait(false);
                }

                WriteRowName(output, rowNames[round]);
                while (!position.IsAtEnd)
                {
                    await MoveAsync().ConfigureAwait(false);
                    if (!await sendAsync().ConfigureAwait(false))
                    {
                        return false;
                    }

                    position = await store.ReadMessagesAsync(position, Add, IsFull, cancellationToken).ConfigureAwait(false);
                }

                writer.WriteEndArray();
                await MoveAsync().ConfigureAwait(false);
            }

            return true;
        }

        async ValueTask MoveAsync()
        {
            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            output.Write(batch.WrittenSpan);
            batch.ResetWrittenCount();
        }
    }

    /// <summary>Writes the beginning of a list's object from what is rendered already: <c>{"object":"list"</c>, and the rows under each of the names.</summary>
    /// <remarks>What ends the object follows behind a comma.</remarks>
    private static void WriteRows(IBufferWriter<byte> output, ReadOnlySpan<byte> rows, IReadOnlyList<string> rowNames)
    {
        WriteListStart(output);
        foreach (var name in rowNames)
        {
            WriteRowName(output, name);
            output.Write(rows);
        }
    }

    private static void WriteEnd(IBufferWriter<byte> output, Action<Utf8JsonWriter> write)
    {
        output.Write(","u8);
        using var end = new Utf8JsonWriter(output, WriterOptions);
        write(end);
    }

    private static void WriteListStart(IBufferWriter<byte> output) => output.Write("{\"object\":\"list\""u8);

    private static void WriteRowName(IBufferWriter<byte> output, string name)
    {
        output.Write(",\""u8);
        Encoding.UTF8.GetBytes(name, output);
        output.Write("\":"u8);
    }

    private static void WritePageEnd(Utf8JsonWriter writer, long total, SessionQuery query, bool hasMore, string? next)
    {
        writer.WriteNumber(Total, total);
        writer.WriteNumber(Limit, query.ClampedLimit);
        writer.WriteNumber(Offset, query.ClampedOffset);
        writer.WriteBoolean(HasMore, hasMore);
        writer.WriteString(Next, next);
        writer.WriteEndObject();
    }

    private static void WriteMessagesEnd(Utf8JsonWriter writer, string sessionId, long total, bool hasMore)
    {
        Write(writer, SessionIdName, FieldValue.Text(sessionId));
        writer.WriteNumber(Total, total);
        writer.WriteBoolean(HasMore, hasMore);
        writer.WriteEndObject();
    }

    private static void WriteSession(Utf8JsonWriter writer, scoped SessionRow session)
    {
        writer.WriteStartObject();
        Write(writer, Id, session.Id);
        Write(writer, Source, session.Source);
        Write(writer, UserId, session.UserId);
        Write(writer, Model, session.Model);
        Write(writer, Title, session.Title);
        WriteTime(writer, StartedAt, session.StartedAt);
        WriteTime(writer, EndedAt, session.EndedAt);
        Write(writer, EndReason, session.EndReason);
        writer.WriteNumber(MessageCount, session.MessageCount);
        writer.WriteNumber(ToolCallCount, session.ToolCallCount);
        writer.WriteNumber(InputTokens, session.InputTokens);
        writer.WriteNumber(OutputTokens, session.OutputTokens);
        WriteTime(writer, LastActive, session.LastActive);
        Write(writer, ParentSessionId, session.ParentSessionId);
        Write(writer, Preview, session.Preview);
        Write(writer, TipId, session.TipId.IsNull ? session.Id : session.TipId);
        Write(writer, LineageRootId, session.LineageRootId);
        WriteFlag(writer, Pinned, session.Pinned);
        WriteFlag(writer, Archived, session.Archived);
        WriteFlag(writer, Hidden, session.Hidden);
        WriteFlag(writer, Unread, session.Unread);
        writer.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter writer, scoped MessageRow message)
    {
        writer.WriteStartObject();
        writer.WriteNumber(Id, message.Id);
        Write(writer, SessionIdName, message.SessionId);
        Write(writer, Role, message.Role);
        Write(writer, Content, message.Content);
        Write(writer, ToolCallId, message.ToolCallId);
        Write(writer, ToolCalls, message.ToolCalls);
        Write(writer, ToolName, message.ToolName);
        WriteTime(writer, Timestamp, message.Timestamp);
        WriteCount(writer, TokenCount, message.TokenCount);
        Write(writer, FinishReason, message.FinishReason);
        Write(writer, Reasoning, message.Reasoning);
        Write(writer, ReasoningDetails, message.ReasoningDetails);
        Write(writer, CodexReasoningItems, message.CodexReasoningItems);

        Write(writer, ReasoningContent, message.ReasoningContent);
        Write(writer, CodexMessageItems, message.CodexMessageItems);
        Write(writer, PlatformMessageId, message.PlatformMessageId);
        if (message.HasObserved)
        {
            WriteCount(writer, Observed, message.Observed);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, JsonEncodedText name, scoped FieldValue value)
    {
        if (value.IsMissing)
        {
            return;
        }

        writer.WritePropertyName(name);
        if (value.IsNull)
        {
            writer.WriteNullValue();
        }
        else if (value.IsJson)
        {
            writer.WriteRawValue(value.Utf8, skipInputValidation: true);
        }
        else
        {
            JsonText.WriteValue(writer, Utf8.IsValid(value.Utf8) ? value.Utf8 : Encoding.UTF8.GetBytes(value.AsText()!));
        }
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
