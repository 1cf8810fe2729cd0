using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;
using Hermes.Core.Sessions;
using static Hermes.Core.Http.Wire.SessionWire;

namespace Hermes.Core.Http.Wire;

/// <summary>The JSON of a store's rows, without records and strings between: lists of sessions and of messages. It is that of <see cref="SessionObject"/> and <see cref="MessageObject"/>.</summary>
internal static class RowJson
{
    // Below the 85,000 bytes from which on an array is one of the large object heap, with a long message at its end.
    private const int PartSize = 48 * 1024;

    // What a client that reads slowly can make the server keep: 2 MB of rows, some 3,000 messages.
    private const int MaxHeld = 2 * 1024 * 1024;
    private const int ExpectedMessages = 16 * 1024;
    private const int ExpectedEnd = 512;
    private const int LongestNumber = 32;

    /// <summary>Writes <c>{"object","items":[…],"total","limit","offset","has_more","next"}</c> from a store's rows.</summary>
    public static async ValueTask WritePageAsync(
        this IRowStore store, SessionQuery query, IReadOnlyList<string> rowNames, ArrayBufferWriter<byte> output, CancellationToken cancellationToken)
    {
        WriteListStart(output, rowNames[0]);
        var start = output.WrittenCount;
        var (total, next) = await store.ReadPageAsync(query, Add, cancellationToken).ConfigureAwait(false);
        var end = output.WrittenCount;
        foreach (var name in rowNames.Skip(1))
        {
            WriteNextRows(output, name);
            output.Write(output.WrittenSpan[start..end]);
        }

        output.Write("]"u8);
        WriteNumber(output, "total"u8, total);
        WriteNumber(output, "limit"u8, query.ClampedLimit);
        WriteNumber(output, "offset"u8, query.ClampedOffset);
        WriteFlag(output, "has_more"u8, next is not null);
        Write(output, "next"u8, FieldValue.Text(next));
        output.Write("}"u8);

        void Add(in SessionRow session)
        {
            if (output.WrittenCount > start)
                output.Write(","u8);

            WriteSession(output, session);
        }
    }

    /// <summary>Writes <c>{"session":{…}}</c> from a store's row.</summary>
    /// <returns>False, and nothing written, where there is none.</returns>
    public static ValueTask<bool> WriteSessionAsync(this IRowStore store, string idOrPrefix, IBufferWriter<byte> output, CancellationToken cancellationToken) =>
        store.ReadSessionAsync(
            idOrPrefix,
            (in session) =>
            {
                output.Write("{\"session\":"u8);
                WriteSession(output, session);
                output.Write("}"u8);
            },
            cancellationToken);

    /// <summary>Writes <c>{"object","items":[…],"session_id","total","has_more"}</c> from a store's rows; <c>total</c> counts all messages of the conversation.</summary>
    /// <remarks>
    /// Up to 2 MB of rows are read once, and held to be written under each name. More is read again for each, so that no more than that is held:
    /// that doubles the work of a very long conversation, and a message that is deleted or changed meanwhile is so under the second name alone.
    /// </remarks>
    /// <param name="store">The store.</param>
    /// <param name="idOrPrefix">The session's id, or the start of it.</param>
    /// <param name="query">Which messages.</param>
    /// <param name="rowNames">The names under which the rows stand, each with all of them.</param>
    /// <param name="output">An empty buffer. At the end it has what was not sent: all of a short answer.</param>
    /// <param name="sendAsync">Sends the next part of a long answer. It may take as long as it likes; what it gives back says whether to go on.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>False, and nothing written, where there is no such conversation.</returns>
    public static async ValueTask<bool> WriteMessagesAsync(
        this IRowStore store, string idOrPrefix, MessageQuery query, IReadOnlyList<string> rowNames, ArrayBufferWriter<byte> output,
        Func<ReadOnlyMemory<byte>, ValueTask<bool>> sendAsync, CancellationToken cancellationToken)
    {
        var parts = new List<byte[]>();
        var rest = new ArrayBufferWriter<byte>(ExpectedMessages);
        var (held, isFirst) = (0L, true);
        var position = await store.ReadMessagesAsync(idOrPrefix, query, Add, IsFull, cancellationToken).ConfigureAwait(false);
        if (position is null) return false;

        // At once: the buffer would double from the little that it has.
        output.GetSpan((rest.WrittenCount * rowNames.Count) + ExpectedEnd);
        var isWhole = position.IsAtEnd;
        WriteListStart(output, rowNames[0]);
        foreach (var (round, name) in rowNames.Index())
        {
            if (round > 0)
                WriteNextRows(output, name);

            if (round > 0 && !isWhole)
                await ReadOnAsync(position.Start).ConfigureAwait(false);

            while (true)
            {
                foreach (var part in parts)
                {
                    if (!await SendAsync(part).ConfigureAwait(false)) return true;
                }

                output.Write(rest.WrittenSpan);
                if (position.IsAtEnd) break;

                await ReadOnAsync(position).ConfigureAwait(false);
            }
        }

        output.Write("]"u8);
        Write(output, "session_id"u8, FieldValue.Text(position.SessionId));
        WriteNumber(output, "total"u8, position.Total);
        WriteFlag(output, "has_more"u8, position.Total - position.Count > Math.Max(query.Offset, 0));
        output.Write("}"u8);
        return true;

        void Add(in MessageRow message)
        {
            if (!isFirst)
                rest.Write(","u8);

            isFirst = false;
            WriteMessage(rest, message);
            if (rest.WrittenCount < PartSize) return;

            parts.Add(rest.WrittenSpan.ToArray());
            held += rest.WrittenCount;
            rest.ResetWrittenCount();
        }

        bool IsFull() => held >= MaxHeld;

        async Task ReadOnAsync(MessagePosition from)
        {
            parts.Clear();
            rest.ResetWrittenCount();
            (held, isFirst) = (0, from.Count == 0);
            position = await store.ReadMessagesAsync(from, Add, IsFull, cancellationToken).ConfigureAwait(false);
        }

        async ValueTask<bool> SendAsync(byte[] part)
        {
            var isReadOn = output.WrittenCount == 0 || await sendAsync(output.WrittenMemory).ConfigureAwait(false);
            output.ResetWrittenCount();
            return isReadOn && await sendAsync(part).ConfigureAwait(false);
        }
    }

    private static void WriteListStart(IBufferWriter<byte> output, string rowName)
    {
        output.Write("{\"object\":\"list\""u8);
        WriteName(output, Encoding.UTF8.GetBytes(rowName));
        output.Write("["u8);
    }

    private static void WriteNextRows(IBufferWriter<byte> output, string rowName)
    {
        output.Write("]"u8);
        WriteName(output, Encoding.UTF8.GetBytes(rowName));
        output.Write("["u8);
    }

    private static void WriteSession(IBufferWriter<byte> output, in SessionRow session)
    {
        output.Write("{\"id\":"u8);
        WriteValue(output, session.Id);
        Write(output, "source"u8, session.Source);
        Write(output, "user_id"u8, session.UserId);
        Write(output, "model"u8, session.Model);
        Write(output, "title"u8, session.Title);
        WriteTime(output, "started_at"u8, session.StartedAt);
        WriteTime(output, "ended_at"u8, session.EndedAt);
        Write(output, "end_reason"u8, session.EndReason);
        WriteNumber(output, "message_count"u8, session.MessageCount);
        WriteNumber(output, "tool_call_count"u8, session.ToolCallCount);
        WriteNumber(output, "input_tokens"u8, session.InputTokens);
        WriteNumber(output, "output_tokens"u8, session.OutputTokens);
        WriteTime(output, "last_active"u8, session.LastActive);
        Write(output, "parent_session_id"u8, session.ParentSessionId);
        Write(output, "preview"u8, session.Preview);
        Write(output, "tip_id"u8, session.TipId.IsNull ? session.Id : session.TipId);
        Write(output, "_lineage_root_id"u8, session.LineageRootId);
        WriteFlag(output, "pinned"u8, session.Pinned);
        WriteFlag(output, "archived"u8, session.Archived);
        WriteFlag(output, "hidden"u8, session.Hidden);
        WriteFlag(output, "unread"u8, session.Unread);
        output.Write("}"u8);
    }

    private static void WriteMessage(IBufferWriter<byte> output, in MessageRow message)
    {
        output.Write("{\"id\":"u8);
        WriteNumber(output, message.Id);
        Write(output, "session_id"u8, message.SessionId);
        Write(output, "role"u8, message.Role);
        Write(output, "content"u8, message.Content);
        Write(output, "tool_call_id"u8, message.ToolCallId);
        Write(output, "tool_calls"u8, message.ToolCalls);
        Write(output, "tool_name"u8, message.ToolName);
        WriteTime(output, "timestamp"u8, message.Timestamp);
        WriteCount(output, "token_count"u8, message.TokenCount);
        Write(output, "finish_reason"u8, message.FinishReason);
        Write(output, "reasoning"u8, message.Reasoning);
        Write(output, "reasoning_details"u8, message.ReasoningDetails);
        Write(output, "codex_reasoning_items"u8, message.CodexReasoningItems);

        Write(output, "reasoning_content"u8, message.ReasoningContent);
        Write(output, "codex_message_items"u8, message.CodexMessageItems);
        Write(output, "platform_message_id"u8, message.PlatformMessageId);
        if (message.HasObserved)
            WriteCount(output, "observed"u8, message.Observed);

        output.Write("}"u8);
    }

    private static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> name, scoped FieldValue value)
    {
        if (!value.IsMissing)
        {
            WriteName(output, name);
            WriteValue(output, value);
        }
    }

    private static void WriteValue(IBufferWriter<byte> output, scoped FieldValue value)
    {
        if (value.IsNull)
            output.Write("null"u8);
        else if (value.IsJson)
            output.Write(value.Utf8);
        else
            JsonText.WriteValue(output, Utf8.IsValid(value.Utf8) ? value.Utf8 : Encoding.UTF8.GetBytes(value.AsText()!));
    }

    // SQLite stores infinities, for which JSON has no word.
    private static void WriteTime(IBufferWriter<byte> output, ReadOnlySpan<byte> name, double? seconds)
    {
        WriteName(output, name);
        if (seconds is { } value && double.IsFinite(value))
        {
            Utf8Formatter.TryFormat(value, output.GetSpan(LongestNumber), out var length);
            output.Advance(length);
        }
        else
        {
            output.Write("null"u8);
        }
    }

    private static void WriteFlag(IBufferWriter<byte> output, ReadOnlySpan<byte> name, bool? flag)
    {
        if (flag is { } value)
        {
            WriteName(output, name);
            output.Write(value ? "true"u8 : "false"u8);
        }
    }

    private static void WriteCount(IBufferWriter<byte> output, ReadOnlySpan<byte> name, long? count)
    {
        if (count is { } value)
            WriteNumber(output, name, value);
        else
            Write(output, name, default(FieldValue));
    }

    private static void WriteNumber(IBufferWriter<byte> output, ReadOnlySpan<byte> name, long number)
    {
        WriteName(output, name);
        WriteNumber(output, number);
    }

    private static void WriteNumber(IBufferWriter<byte> output, long number)
    {
        Utf8Formatter.TryFormat(number, output.GetSpan(LongestNumber), out var length);
        output.Advance(length);
    }

    /// <summary>Writes the name of a further field.</summary>
    private static void WriteName(IBufferWriter<byte> output, ReadOnlySpan<byte> name)
    {
        var length = name.Length + 4;
        var json = output.GetSpan(length)[..length];
        ",\""u8.CopyTo(json);
        name.CopyTo(json[2..]);
        "\":"u8.CopyTo(json[^2..]);
        output.Advance(length);
    }
}
