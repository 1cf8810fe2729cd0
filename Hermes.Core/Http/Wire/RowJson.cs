using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;
using Hermes.Core.Sessions;
using static Hermes.Core.Http.Wire.SessionWire;

namespace Hermes.Core.Http.Wire;

/// <summary>The JSON of a store's rows, without records and strings between: lists of sessions and of messages. It is that of <see cref="SessionObject"/> and <see cref="MessageObject"/>.</summary>
internal static class RowJson
{
    // What a client that reads slowly can make the server keep: 2 MB of rows, some 3,000 messages.
    private const int MaxHeld = 2 * 1024 * 1024;
    private const int ExpectedMessages = 16 * 1024;
    private const int ExpectedSession = 512;
    private const int LongestNumber = 32;

    /// <summary>Gives <c>{"object","items":[…],"total","limit","offset","has_more","next"}</c> from a store's rows, in parts.</summary>
    public static async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>> ReadPageJsonAsync(
        this IRowStore store, SessionQuery query, IReadOnlyList<string> rowNames, CancellationToken cancellationToken)
    {
        var rows = new Rows(query.ClampedLimit * ExpectedSession);
        var (total, next) = await store.ReadPageAsync(query, (in session) => WriteSession(rows.Next(), session), cancellationToken).ConfigureAwait(false);
        return Whole(rowNames, rows, end =>
        {
            WriteNumber(end, "total"u8, total);
            WriteNumber(end, "limit"u8, query.ClampedLimit);
            WriteNumber(end, "offset"u8, query.ClampedOffset);
            WriteFlag(end, "has_more"u8, next is not null);
            Write(end, "next"u8, FieldValue.Text(next));
        });
    }

    /// <summary>Gives <c>{"session":{…}}</c> from a store's row; null where there is none.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadSessionJsonAsync(this IRowStore store, string idOrPrefix, CancellationToken cancellationToken)
    {
        var output = new ArrayBufferWriter<byte>(ExpectedSession);
        if (!await store.ReadSessionAsync(idOrPrefix, Add, cancellationToken).ConfigureAwait(false)) return null;

        return output.WrittenMemory;

        void Add(in SessionRow session)
        {
            output.Write("{\"session\":"u8);
            WriteSession(output, session);
            output.Write("}"u8);
        }
    }

    /// <summary>Gives <c>{"object","items":[…],"session_id","total","has_more"}</c> from a store's rows, in parts, or sends it; <c>total</c> counts all messages of the conversation.</summary>
    /// <remarks>
    /// Up to 2 MB of rows are read once, and written under each name. What has more is sent as it is read, again for each name, so that no more than that
    /// is held: that doubles the work of a very long conversation, and a message that is deleted or changed meanwhile is so under the second name alone.
    /// </remarks>
    /// <param name="store">The store.</param>
    /// <param name="idOrPrefix">The session's id, or the start of it.</param>
    /// <param name="query">Which messages.</param>
    /// <param name="rowNames">The names under which the rows stand, each with all of them.</param>
    /// <param name="sendAsync">Sends the next part of a long answer. It may take as long as it likes; what it gives back says whether to go on.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The parts; none where they were sent; null where there is no such conversation.</returns>
    public static async ValueTask<IReadOnlyList<ReadOnlyMemory<byte>>?> ReadMessagesJsonAsync(
        this IRowStore store, string idOrPrefix, MessageQuery query, IReadOnlyList<string> rowNames,
        Func<ReadOnlyMemory<byte>, ValueTask<bool>> sendAsync, CancellationToken cancellationToken)
    {
        var rows = new Rows(ExpectedMessages);
        var position = await store.ReadMessagesAsync(idOrPrefix, query, Add, IsFull, cancellationToken).ConfigureAwait(false);
        if (position is null) return null;
        if (position.IsAtEnd) return Whole(rowNames, rows, WriteEnd);

        foreach (var (index, name) in rowNames.Index())
        {
            if (index > 0)
                await ReadOnAsync(position.Start).ConfigureAwait(false);

            if (!await sendAsync(RowsStart(name, isFirst: index == 0)).ConfigureAwait(false)) return [];

            while (true)
            {
                foreach (var part in (IEnumerable<ReadOnlyMemory<byte>>)[.. rows.Full, rows.Last.WrittenMemory])
                {
                    if (!await sendAsync(part).ConfigureAwait(false)) return [];
                }

                if (position.IsAtEnd) break;

                await ReadOnAsync(position).ConfigureAwait(false);
            }
        }

        await sendAsync(End(WriteEnd)).ConfigureAwait(false);
        return [];

        void Add(in MessageRow message) => WriteMessage(rows.Next(), message);

        bool IsFull() => rows.Held >= MaxHeld;

        async Task ReadOnAsync(MessagePosition from)
        {
            rows = new Rows(ExpectedMessages, follows: from.Count > 0);
            position = await store.ReadMessagesAsync(from, Add, IsFull, cancellationToken).ConfigureAwait(false);
        }

        void WriteEnd(IBufferWriter<byte> end)
        {
            Write(end, "session_id"u8, FieldValue.Text(position.SessionId));
            WriteNumber(end, "total"u8, position.Total);
            WriteFlag(end, "has_more"u8, position.Total - position.Count > Math.Max(query.Offset, 0));
        }
    }

    // A list whose rows are all there, once under each name.
    private static List<ReadOnlyMemory<byte>> Whole(IReadOnlyList<string> rowNames, Rows rows, Action<IBufferWriter<byte>> writeEnd)
    {
        // What is kept of a short list has no room left over.
        var last = rows.Last.WrittenSpan.ToArray();
        var parts = new List<ReadOnlyMemory<byte>>();
        foreach (var (index, name) in rowNames.Index())
            parts.AddRange([RowsStart(name, isFirst: index == 0), .. rows.Full, last]);

        parts.Add(End(writeEnd));
        return parts;
    }

    // What stands before the rows under each of their names.
    private static ReadOnlyMemory<byte> RowsStart(string name, bool isFirst) =>
        Encoding.UTF8.GetBytes($"{(isFirst ? """{"object":"list",""" : "],")}\"{name}\":[");

    // What stands behind the last of them.
    private static ReadOnlyMemory<byte> End(Action<IBufferWriter<byte>> write)
    {
        var end = new ArrayBufferWriter<byte>();
        end.Write("]"u8);
        write(end);
        end.Write("}"u8);
        return end.WrittenMemory;
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

    /// <summary>Rows with commas between, in parts of about 48 KB: below the large object heap, unless a single row is long.</summary>
    /// <param name="expected">How many bytes they will have, about.</param>
    /// <param name="follows">Whether there are rows before.</param>
    private sealed class Rows(int expected, bool follows = false)
    {
        // That heap begins at 85,000 bytes.
        private const int PartCapacity = 64 * 1024, PartSize = 48 * 1024;
        private bool _follows = follows;

        /// <summary>The parts that are full.</summary>
        public List<ReadOnlyMemory<byte>> Full { get; } = [];
        /// <summary>The part that is being filled, behind those.</summary>
        public ArrayBufferWriter<byte> Last { get; } = new(Math.Min(expected, PartCapacity));
        /// <summary>How many bytes the full parts have.</summary>
        public long Held { get; private set; }

        /// <summary>Where the next row is to be written.</summary>
        public ArrayBufferWriter<byte> Next()
        {
            if (Last.WrittenCount >= PartSize)
            {
                Full.Add(Last.WrittenSpan.ToArray());
                Held += Last.WrittenCount;
                Last.ResetWrittenCount();
            }

            if (_follows)
                Last.Write(","u8);

            _follows = true;
            return Last;
        }
    }
}
