using System.Text.Json.Nodes;

namespace Hermes.Providers;

/// <summary>Repairs what the choices of one answer say: texts, reasoning, refusals, tool calls.</summary>
/// <remarks>For one answer and one thread.</remarks>
internal sealed class DeltaRepair
{
    private readonly SurrogateJoiner _content = new();
    private readonly SurrogateJoiner _reasoning = new();
    private readonly ToolCallRepair _calls = new();
    private bool _hasSaid;

    /// <summary>Whether there was any tool call so far.</summary>
    public bool HasToolCalls => _calls.HasAny;

    /// <summary>What a choice says: its delta, or, where nothing was said yet, the message that it holds instead.</summary>
    public JsonObject Repair(JsonObject choice)
    {
        var delta = RepairDelta(choice.Take("delta") as JsonObject ?? []);
        if (!_hasSaid && choice.Take("message") is JsonObject message)
        {
            // Behind deltas a whole message says them again.
            delta = RepairDelta(message);
        }

        return !_hasSaid && choice["text"].Word() is { } text ? RepairDelta(new JsonObject { ["content"] = text }) : delta;
    }

    /// <summary>What is to be said behind the last delta.</summary>
    public JsonObject Complete()
    {
        var delta = new JsonObject();
        if (_calls.Complete() is { Count: > 0 } calls)
            delta["tool_calls"] = calls;

        return delta;
    }

    private JsonObject RepairDelta(JsonObject delta)
    {
        var said = delta.Take("content");
        var text = new StringBuilder();
        var thought = new StringBuilder();
        Read(said, text, thought);

        // The words of a refusal are the answer: that it is one, no reader of the answer sees.
        if (delta.Take("refusal") is JsonValue refusal && refusal.TryGetValue<string>(out var words))
            text.Append(words);

        if (text.Length > 0)
            delta["content"] = _content.Join(text.ToString());

        var reasoning = Reasoning(delta) ?? thought.ToString();
        delta.Remove("reasoning_content");
        if (reasoning.Length > 0)
            delta["reasoning_content"] = _reasoning.Join(reasoning);

        var calls = delta.Take("tool_calls").Objects();
        if (delta.Take("function_call") is JsonObject { Count: > 0 } legacy)
            calls = [.. calls, new JsonObject { ["index"] = 0, ["function"] = legacy }];

        if (_calls.Repair(calls) is { Count: > 0 } repaired)
            delta["tool_calls"] = repaired;

        _hasSaid |= text.Length > 0 || reasoning.Length > 0 || HasToolCalls;
        if (delta["annotations"] is not JsonArray { Count: > 0 } annotations || annotations.Any(annotation => annotation?["type"].Word() is null))
            delta.Remove("annotations");

        if ((delta["audio"] as JsonObject)?["data"].Word() is null)
            delta.Remove("audio");

        delta["role"] = "assistant";
        return delta;
    }

    // A text, or a list of parts; thinking may stand among them.
    private static void Read(JsonNode? content, StringBuilder text, StringBuilder thought)
    {
        switch (content)
        {
            case JsonArray parts:
                foreach (var part in parts)
                    Read(part, text, thought);

                break;
            case JsonObject part when part["type"].Word() is "thinking" or "reasoning":
                Read(part["thinking"] ?? part["reasoning"] ?? part["text"] ?? part["content"], thought, thought);
                break;
            case JsonObject part:
                Read(part["text"] ?? part["content"] ?? part["refusal"], text, thought);
                break;
            default:
                text.Append(content.Text());
                break;
        }
    }

    // The same thoughts often stand under two names.
    private static string? Reasoning(JsonObject delta)
    {
        foreach (var name in (ReadOnlySpan<string>)["reasoning_content", "reasoning", "reasoning_details"])
        {
            var thought = new StringBuilder();
            Read(delta[name], thought, thought);
            if (thought.Length > 0) return thought.ToString();
        }

        return null;
    }
}
