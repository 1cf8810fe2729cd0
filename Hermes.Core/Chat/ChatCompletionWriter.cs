using System.Buffers;
using System.Text.Json;
using Hermes.Core.Text;

namespace Hermes.Core.Chat;

/// <summary>Writes the answers of <c>/v1/chat/completions</c>: one object, or the events of a stream.</summary>
/// <remarks>For one answer and one thread.</remarks>
internal sealed class ChatCompletionWriter(string model, DateTimeOffset created) : IChatEventWriter
{
    private readonly string _id = "chatcmpl-" + Guid.NewGuid().ToString("N")[..29];

    /// <summary>Writes a whole answer.</summary>
    public void WriteCompletion(ChatOutcome outcome, Utf8JsonWriter json)
    {
        WriteHead(json, "chat.completion");
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        if (outcome.PendingToolCalls is { } calls)
        {
            Utf8Json.WriteString(json, "content", outcome.Text);
            json.WritePropertyName("tool_calls");
            calls.WriteTo(json);
        }
        else
        {
            // The reference's words; what is stored stays empty.
            Utf8Json.WriteString(json, "content", outcome.Text.Length > 0 ? outcome.Text : "(No response generated)");
        }

        json.WriteEndObject();
        json.WriteString("finish_reason", outcome.FinishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        WriteUsage(json, outcome);
        json.WriteEndObject();
    }

    /// <summary>Writes an error as OpenAI's clients read it.</summary>
    public static void WriteError(ChatFailure failure, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, Utf8Json.Options);
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", failure.Message);
        json.WriteString("type", failure.Type);
        json.WriteNull("param");
        json.WriteString("code", failure.Code);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public void Write(ChatEvent happened, IBufferWriter<byte> output)
    {
        switch (happened)
        {
            case TurnStarted:
                WriteDelta(output, json => json.WriteString("role", "assistant"));
                break;
            case TextDelta delta:
                WriteDelta(output, json => Utf8Json.WriteString(json, "content", delta.Text));
                break;
            case ToolStarted tool:
                WriteProgress(output, tool.Name, tool.Preview, tool.CallId, "running");
                break;
            case ToolCompleted tool:
                WriteProgress(output, tool.Name, tool.Preview, tool.CallId, "completed");
                break;
            case TurnEnded { Outcome.Failure: { } failure }:
                // No [DONE] behind it: a reader that knows no error events must not take the answer as whole.
                output.Write("event: error\ndata: "u8);
                WriteError(failure, output);
                output.Write("\n\n"u8);
                break;
            case TurnEnded { Outcome: var outcome }:
                if (outcome.PendingToolCalls is { } calls)
                {
                    WriteDelta(output, json => WriteIndexed(json, calls));
                }

                WriteDelta(output, static _ => { }, outcome);
                output.Write("data: [DONE]\n\n"u8);
                break;
        }
    }

    private static void WriteIndexed(Utf8JsonWriter json, JsonElement calls)
    {
        json.WriteStartArray("tool_calls");
        var index = 0;
        foreach (var call in calls.EnumerateArray())
        {
            json.WriteStartObject();
            json.WriteNumber("index", index++);
            foreach (var property in call.EnumerateObject())
            {
                property.WriteTo(json);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteUsage(Utf8JsonWriter json, ChatOutcome outcome)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", outcome.InputTokens);
        json.WriteNumber("completion_tokens", outcome.OutputTokens);
        json.WriteNumber("total_tokens", outcome.TotalTokens);
        json.WriteEndObject();
    }

    // The stock clients read every event as a chunk, whatever its name, so it is one that says nothing.
    private void WriteProgress(IBufferWriter<byte> output, string tool, string label, string callId, string status)
    {
        output.Write("event: hermes.tool.progress\ndata: "u8);
        using (var json = new Utf8JsonWriter(output, Utf8Json.Options))
        {
            WriteHead(json, "chat.completion.chunk");
            json.WriteStartObject("delta");
            json.WriteEndObject();
            json.WriteNull("finish_reason");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteString("tool", tool);
            json.WriteString("label", label);
            json.WriteString("toolCallId", callId);
            json.WriteString("status", status);
            json.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }

    private void WriteDelta(IBufferWriter<byte> output, Action<Utf8JsonWriter> write, ChatOutcome? end = null)
    {
        output.Write("data: "u8);
        using (var json = new Utf8JsonWriter(output, Utf8Json.Options))
        {
            WriteHead(json, "chat.completion.chunk");
            json.WriteStartObject("delta");
            write(json);
            json.WriteEndObject();
            json.WriteString("finish_reason", end?.FinishReason);
            json.WriteEndObject();
            json.WriteEndArray();
            if (end is not null)
            {
                WriteUsage(json, end);
            }

            json.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }

    private void WriteHead(Utf8JsonWriter json, string kind)
    {
        json.WriteStartObject();
        json.WriteString("id", _id);
        json.WriteString("object", kind);
        json.WriteNumber("created", created.ToUnixTimeSeconds());
        json.WriteString("model", model);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
    }
}
