using System.Text.Json.Nodes;

namespace Hermes.Core.Chat.Providers;

/// <summary>Keeps the last counts of an answer: providers repeat them with every chunk, and clients would add them up.</summary>
/// <remarks>For one answer and one thread.</remarks>
internal sealed class UsageRepair
{
    private readonly JsonObject _last = [];

    /// <summary>The counts so far; null where there are none.</summary>
    public JsonObject? Total => _last.Count > 0 ? Repair((JsonObject)_last.DeepClone()) : null;

    /// <summary>Takes counts; of a name that comes again, the later one.</summary>
    public void Add(JsonNode? usage)
    {
        foreach (var (name, value) in usage as JsonObject ?? [])
        {
            if (value is not null)
            {
                _last[name] = value.DeepClone();
            }
        }
    }

    private static JsonObject Repair(JsonObject usage)
    {
        var prompt = Count(usage["prompt_tokens"]) ?? Count(usage["input_tokens"]) ?? 0;
        var completion = Count(usage["completion_tokens"]) ?? Count(usage["output_tokens"]) ?? 0;
        usage["prompt_tokens"] = prompt;
        usage["completion_tokens"] = completion;
        usage["total_tokens"] = Count(usage["total_tokens"]) is > 0 and var total ? total : (int)Math.Min((long)prompt + completion, int.MaxValue);
        foreach (var name in (ReadOnlySpan<string>)["prompt_tokens_details", "completion_tokens_details"])
        {
            if (usage[name] is not JsonObject details)
            {
                usage.Remove(name);
                continue;
            }

            foreach (var (part, value) in details.ToArray())
            {
                details.Remove(part);
                if (Count(value) is { } count)
                {
                    details[part] = count;
                }
            }
        }

        return usage;
    }

    // The client counts with 32 bits.
    private static int? Count(JsonNode? node) => LenientJson.Number(node) is { } number ? (int)Math.Clamp(number, 0, int.MaxValue) : null;
}
