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
        writer.WriteNumber("total"u8, total);
        writer.WriteNumber("limit"u8, query.ClampedLimit);
        writer.WriteNumber("offset"u8, query.ClampedOffset);
        writer.WriteBoolean("has_more"u8, hasMore);
        writer.WriteString("next"u8, next);
        writer.WriteEndObject();
    }

    private static void WriteMessagesEnd(Utf8JsonWriter writer, string sessionId, long total, bool hasMore)
    {
        Write(writer, "session_id"u8, FieldValue.Text(sessionId));
        writer.WriteNumber("total"u8, total);
        writer.WriteBoolean("has_more"u8, hasMore);
        writer.WriteEndObject();
    }

    private static void WriteSession(Utf8JsonWriter writer, scoped SessionRow session)
    {
        writer.WriteStartObject();
        Write(writer, "id"u8, session.Id);
        Write(writer, "source"u8, session.Source);
        Write(writer, "user_id"u8, session.UserId);
        Write(writer, "model"u8, session.Model);
        Write(writer, "title"u8, session.Title);
        WriteTime(writer, "started_at"u8, session.StartedAt);
        WriteTime(writer, "ended_at"u8, session.EndedAt);
        Write(writer, "end_reason"u8, session.EndReason);
        writer.WriteNumber("message_count"u8, session.MessageCount);
        writer.WriteNumber("tool_call_count"u8, session.ToolCallCount);
        writer.WriteNumber("input_tokens"u8, session.InputTokens);
        writer.WriteNumber("output_tokens"u8, session.OutputTokens);
        WriteTime(writer, "last_active"u8, session.LastActive);
        Write(writer, "parent_session_id"u8, session.ParentSessionId);
        Write(writer, "preview"u8, session.Preview);
        Write(writer, "tip_id"u8, session.TipId.IsNull ? session.Id : session.TipId);
        Write(writer, "_lineage_root_id"u8, session.LineageRootId);
        WriteFlag(writer, "pinned"u8, session.Pinned);
        WriteFlag(writer, "archived"u8, session.Archived);
        WriteFlag(writer, "hidden"u8, session.Hidden);
        WriteFlag(writer, "unread"u8, session.Unread);
        writer.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter writer, scoped MessageRow message)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id"u8, message.Id);
        Write(writer, "session_id"u8, message.SessionId);
        Write(writer, "role"u8, message.Role);
        Write(writer, "content"u8, message.Content);
        Write(writer, "tool_call_id"u8, message.ToolCallId);
        Write(writer, "tool_calls"u8, message.ToolCalls);
        Write(writer, "tool_name"u8, message.ToolName);
        WriteTime(writer, "timestamp"u8, message.Timestamp);
        WriteCount(writer, "token_count"u8, message.TokenCount);
        Write(writer, "finish_reason"u8, message.FinishReason);
        Write(writer, "reasoning"u8, message.Reasoning);
        Write(writer, "reasoning_details"u8, message.ReasoningDetails);
        Write(writer, "codex_reasoning_items"u8, message.CodexReasoningItems);

        Write(writer, "reasoning_content"u8, message.ReasoningContent);
        Write(writer, "codex_message_items"u8, message.CodexMessageItems);
        Write(writer, "platform_message_id"u8, message.PlatformMessageId);
        if (message.HasObserved)
        {
            WriteCount(writer, "observed"u8, message.Observed);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, scoped FieldValue value)
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
    private static void WriteTime(Utf8JsonWriter writer, ReadOnlySpan<byte> name, double? seconds)
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

    private static void WriteFlag(Utf8JsonWriter writer, ReadOnlySpan<byte> name, bool? flag)
    {
        if (flag is { } value)
        {
            writer.WriteBoolean(name, value);
        }
    }

    private static void WriteCount(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long? count)
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
