using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Hermes.Core.Sessions;
using Hermes.Core.Text;

namespace Hermes.Core.Chat;

/// <summary>Writes the answers of <c>/api/sessions/{id}/chat</c>: one object, or the events of a stream.</summary>
/// <remarks>
/// For one reader and one thread. The events of a run are numbered from 1 and are the same, byte by byte, however often they are
/// written, so a reader who names the last one that it got is given the rest.
/// </remarks>
/// <param name="run">The run.</param>
/// <param name="after">The number of the last event that the reader has; 0 for none.</param>
internal sealed class SessionChatWriter(ChatRun run, long after = 0) : IChatEventWriter
{
    private readonly string _messageId = string.Concat("msg_", run.Id.AsSpan("run_".Length));
    private long _number;
    private bool _hasBegun;

    /// <summary>Whether the run is over and the reader has all of its events.</summary>
    public static bool IsAllRead(ChatRun run, long after)
    {
        if (!run.Turn.Completion.IsCompleted)
        {
            return false;
        }

        var count = new SessionChatWriter(run, long.MaxValue);
        var nothing = new ArrayBufferWriter<byte>();
        for (var number = 0; run.Turn.TryGetEvent(number, out var happened); number++)
        {
            count.Write(happened, nothing);
        }

        return after >= count._number;
    }

    /// <summary>Writes a whole answer.</summary>
    /// <param name="run">The run.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="model">The model's name where it did not say its own.</param>
    /// <param name="json">Gets the JSON.</param>
    public static void WriteAnswer(ChatRun run, ChatOutcome outcome, string model, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("session_id", run.Turn.SessionId);
        json.WriteString("run_id", run.Id);
        json.WriteString("model", outcome.Model ?? model);
        Utf8Json.WriteString(json, "final_response", outcome.Text);
        WriteEnd(json, outcome);
        json.WriteNumber("api_calls", outcome.ModelCalls);
        json.WriteStartArray("messages");
        foreach (var message in outcome.Messages)
        {
            WriteMessage(json, message);
        }

        json.WriteEndArray();
        Utf8Json.WriteString(json, "last_reasoning", outcome.Reasoning);

        // The reference says here whether a platform has shown the answer already while it was written: nobody has.
        json.WriteBoolean("response_previewed", false);
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", outcome.InputTokens);
        json.WriteNumber("output_tokens", outcome.OutputTokens);
        json.WriteNumber("total_tokens", outcome.TotalTokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public void Write(ChatEvent happened, IBufferWriter<byte> output)
    {
        switch (happened)
        {
            case TurnStarted started:
                _hasBegun = true;
                WriteStarted(started, output);
                break;
            case TextDelta delta:
                WriteEvent(output, "assistant.delta", json =>
                {
                    json.WriteString("message_id", _messageId);
                    Utf8Json.WriteString(json, "delta", delta.Text);
                });
                break;
            case ToolStarted tool:
                WriteEvent(output, "tool.started", json =>
                {
                    json.WriteString("tool_call_id", tool.CallId);
                    json.WriteString("tool_name", tool.Name);
                    json.WriteString("preview", tool.Preview);
                    WriteArguments(json, tool.Arguments);
                });
                break;
            case ToolCompleted tool:
                WriteEvent(output, tool.HasFailed ? "tool.failed" : "tool.completed", json =>
                {
                    json.WriteString("tool_call_id", tool.CallId);
                    json.WriteString("tool_name", tool.Name);
                    WriteArguments(json, tool.Arguments);
                    json.WriteString(tool.HasFailed ? "error" : "result_preview", tool.ResultPreview);
                });
                break;
            case TurnEnded { Outcome: var outcome }:
                WriteEnded(outcome, output);
                break;
        }
    }

    private static void WriteEnd(Utf8JsonWriter json, ChatOutcome outcome)
    {
        // Neither an answer that ran into the model's limit nor calls that nobody ran are an end of what was asked.
        var isCompleted = outcome.Failure is null && outcome.FinishReason is not ("length" or "tool_calls");
        json.WriteBoolean("completed", isCompleted);
        json.WriteBoolean("partial", !isCompleted && outcome.Text.Length > 0);
        json.WriteBoolean("interrupted", outcome.Interrupted);
    }

    private static void WriteMessage(Utf8JsonWriter json, NewMessage message)
    {
        json.WriteStartObject();
        json.WriteString("role", message.Role);
        if (message.ContentParts is { } parts)
        {
            json.WritePropertyName("content");
            parts.WriteTo(json);
        }
        else
        {
            Utf8Json.WriteString(json, "content", message.Content);
        }

        if (message.ToolCalls is { } calls)
        {
            json.WritePropertyName("tool_calls");
            calls.WriteTo(json);
        }

        WriteUnlessNull(json, "tool_call_id", message.ToolCallId);
        WriteUnlessNull(json, "tool_name", message.ToolName);
        WriteUnlessNull(json, "finish_reason", message.FinishReason);
        WriteUnlessNull(json, "reasoning", message.Reasoning);
        json.WriteEndObject();
    }

    private static void WriteUnlessNull(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            Utf8Json.WriteString(json, name, text);
        }
    }

    private static void WriteArguments(Utf8JsonWriter json, string arguments)
    {
        json.WritePropertyName("args");
        try
        {
            JsonElement.Parse(arguments).WriteTo(json);
        }
        catch (JsonException)
        {
            // Arguments of a type without JSON metadata are a text of their own.
            json.WriteStringValue(arguments);
        }
    }

    private void WriteStarted(TurnStarted started, IBufferWriter<byte> output)
    {
        WriteEvent(output, "session.created", json => json.WriteString("title", run.SessionTitle));
        WriteEvent(output, "run.started", json =>
        {
            json.WriteStartObject("user_message");

            // A text, as every message's id is in these events.
            json.WriteString("id", started.UserMessageId.ToString(CultureInfo.InvariantCulture));
            json.WriteString("role", "user");
            Utf8Json.WriteString(json, "content", run.UserText);
            json.WriteEndObject();
        });
        WriteEvent(output, "message.started", json =>
        {
            json.WriteStartObject("message");
            json.WriteString("id", _messageId);
            json.WriteString("role", "assistant");
            json.WriteEndObject();
        });
    }

    private void WriteEnded(ChatOutcome outcome, IBufferWriter<byte> output)
    {
        // An interrupted turn is no failure: its reader is told what there is of the answer.
        if (outcome.Failure is { } failure && !(outcome.Interrupted && _hasBegun))
        {
            WriteEvent(output, "error", json =>
            {
                json.WriteString("message", failure.Message);
                json.WriteString("code", failure.Code);
            });
        }
        else
        {
            WriteEvent(output, "assistant.completed", json =>
            {
                json.WriteString("message_id", _messageId);
                Utf8Json.WriteString(json, "content", outcome.Text);
                WriteEnd(json, outcome);
            });
            WriteEvent(output, "run.completed", json =>
            {
                json.WriteString("message_id", _messageId);
                WriteEnd(json, outcome);
                json.WriteNumber("api_calls", outcome.ModelCalls);
            });
        }

        WriteEvent(output, "done", static json => json.WriteString("state", "final"));
    }

    private void WriteEvent(IBufferWriter<byte> output, string name, Action<Utf8JsonWriter> write)
    {
        if (++_number <= after)
        {
            return;
        }

        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {_number}\nevent: {name}\ndata: "), output);
        using (var json = new Utf8JsonWriter(output, Utf8Json.Options))
        {
            json.WriteStartObject();
            json.WriteString("session_id", run.Turn.SessionId);
            json.WriteString("run_id", run.Id);
            write(json);
            json.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }
}
