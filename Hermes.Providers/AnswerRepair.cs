using System.Text.Json.Nodes;
using Hermes.Core.Chat;

namespace Hermes.Providers;

/// <summary>Repairs the chunks of one answer, one after the other. A plain answer is an answer of one chunk.</summary>
/// <remarks>For one answer and one thread.</remarks>
/// <param name="retryAfter">When the provider wants to be asked again; null where it did not say.</param>
internal sealed class AnswerRepair(TimeSpan? retryAfter)
{
    // The last second that a DateTimeOffset can hold; what is above counts milliseconds.
    private const long MaxSeconds = 253_402_300_799;

    private readonly DeltaRepair _delta = new();
    private readonly Usage _usage = new();
    private JsonObject? _last;
    private string? _id;
    private string? _model;
    private long? _created;
    private long? _choice;
    private string? _finishReason;

    /// <summary>Reads a provider's answer as chunks that every client of OpenAI reads; the last says why it ended and what it took.</summary>
    /// <param name="body">The body; the caller disposes it.</param>
    /// <param name="hasLength">
    /// Whether the body announced its length. Where it did not, an end without <c>[DONE]</c> and without a reason is no proof of a whole answer: servers
    /// and proxies end a stream in an orderly way when what feeds it breaks off.
    /// </param>
    /// <exception cref="ChatProviderException">The answer is an error, no answer, or not whole.</exception>
    public async IAsyncEnumerable<JsonObject> ReadAsync(ProviderBody body, bool hasLength)
    {
        await foreach (var value in body.ReadObjectsAsync().ConfigureAwait(false))
        {
            foreach (var chunk in Repair(value))
                yield return chunk;
        }

        yield return Complete(isWhole: body.HasEnd || hasLength);
    }

    /// <summary>Repairs what the provider sent: no chunk, or one for each of its choices that belong to the answer.</summary>
    private IEnumerable<JsonObject> Repair(JsonObject sent)
    {
        ProviderFault.ThrowIfNamed(sent, retryAfter);
        _last = sent;
        _id ??= sent["id"].Word();
        _model = sent["model"].Word() ?? _model;
        _created ??= sent["created"].Number();
        _usage.Add(sent.Take("usage") ?? (sent["x_groq"] as JsonObject)?["usage"]);
        var more = Others(sent);
        foreach (var choice in sent.Take("choices").Objects())
        {
            ProviderFault.ThrowIfNamed(choice, retryAfter);
            _usage.Add(choice["usage"]);

            // One answer was asked for. Further ones would be mixed into it.
            var index = choice["index"].Number() ?? 0;
            if (index != (_choice ??= index)) continue;

            _finishReason = FindFinishReason(choice["finish_reason"]) ?? _finishReason;
            var chunk = Chunk(_delta.Repair(choice), finishReason: null);
            if (choice["logprobs"] is JsonObject logprobs && logprobs["content"] is JsonArray && logprobs["refusal"] is null or JsonArray)
                chunk["choices"]![0]!["logprobs"] = choice.Take("logprobs");

            foreach (var (name, value) in more)
                chunk[name] = value?.DeepClone();

            yield return chunk;
        }
    }

    /// <summary>The last chunk: why the answer ended, and what it took.</summary>
    /// <param name="isWhole">Whether all of the answer came, even where no chunk says why it ended.</param>
    /// <exception cref="ChatProviderException">There was no answer, or it is not whole.</exception>
    private JsonObject Complete(bool isWhole)
    {
        if (_choice is null) throw ProviderFault.Create("its answer says nothing", _last, retryAfter);
        if (_finishReason is null && !isWhole) throw new ChatProviderException("its answer broke off");

        var reason = (_finishReason ?? "stop", _delta.HasToolCalls) switch
        {
            ("stop", true) => "tool_calls",
            ("tool_calls", false) => "stop",
            var (given, _) => given,
        };
        var chunk = Chunk(_delta.Complete(), reason);
        if (_usage.Total is { } usage)
            chunk["usage"] = usage;

        return chunk;
    }

    // What the client reads besides, and would not survive in another form, is kept in its own alone.
    private static List<KeyValuePair<string, JsonNode?>> Others(JsonObject sent) =>
    [
        .. sent.Where(property => property.Key switch
        {
            "id" or "object" or "created" or "model" or "choices" or "usage" => false,
            "system_fingerprint" or "service_tier" => property.Value.Word() is not null,
            _ => true,
        }),
    ];

    private JsonObject Chunk(JsonObject delta, string? finishReason)
    {
        var now = TimeProvider.System.GetUtcNow();
        var chunk = new JsonObject
        {
            ["id"] = _id ??= "chatcmpl-" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture),
            ["object"] = "chat.completion.chunk",
            ["created"] = _created switch
            {
                null or < 0 => (_created = now.ToUnixTimeSeconds()).Value,
                > MaxSeconds => Math.Min(_created.Value / 1000, MaxSeconds),
                { } seconds => seconds,
            },
            ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finishReason }),
        };
        if (_model is not null)
            chunk["model"] = _model;

        return chunk;
    }

    /// <summary>OpenAI's word for a provider's; null where it says none. Whatever nobody knows is <c>stop</c>.</summary>
    /// <exception cref="ChatProviderException">The word says that the answer is not whole.</exception>
    private static string? FindFinishReason(JsonNode? given)
    {
        switch (given.Word()?.Trim().ToUpperInvariant())
        {
            case null or "NULL" or "NONE":
                return null;
            case "LENGTH" or "MAX_TOKENS" or "MAX_OUTPUT_TOKENS" or "MAX_LENGTH" or "MODEL_LENGTH" or "MODEL_CONTEXT_WINDOW_EXCEEDED" or "INCOMPLETE":
                return "length";
            case "TOOL_CALLS" or "TOOL_CALL" or "TOOL_USE" or "FUNCTION_CALL":
                return "tool_calls";
            case "CONTENT_FILTER" or "CONTENT_FILTERED" or "SAFETY" or "SENSITIVE" or "RECITATION" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII":
                return "content_filter";
            case "ERROR" or "ABORT" or "ABORTED" or "CANCELLED" or "CANCELED" or "FAILED" or "TIMEOUT" or "NETWORK_ERROR" or "INSUFFICIENT_SYSTEM_RESOURCE"
                or "MALFORMED_FUNCTION_CALL":
                throw new ChatProviderException("it says that its answer broke off");
            default:
                return "stop";
        }
    }

    /// <summary>Keeps the last counts of an answer: providers repeat them with every chunk, and clients would add them up.</summary>
    private sealed class Usage
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
                    _last[name] = value.DeepClone();
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
                        details[part] = count;
                }
            }

            return usage;
        }

        // The client counts with 32 bits.
        private static int? Count(JsonNode? node) => node.Number() is { } number ? (int)Math.Clamp(number, 0, int.MaxValue) : null;
    }
}
