using System.Globalization;
using System.Text.Json.Nodes;

namespace Hermes.Core.Chat.Providers;

/// <summary>Repairs the chunks of one answer, one after the other. A plain answer is an answer of one chunk.</summary>
/// <remarks>For one answer and one thread.</remarks>
/// <param name="retryAfter">When the provider wants to be asked again; null where it did not say.</param>
internal sealed class AnswerRepair(TimeSpan? retryAfter)
{
    // The last second that a DateTimeOffset can hold; what is above counts milliseconds.
    private const long MaxSeconds = 253_402_300_799;

    private readonly DeltaRepair _delta = new();
    private readonly UsageRepair _usage = new();
    private JsonObject? _last;
    private string? _id;
    private string? _model;
    private long? _created;
    private long? _choice;
    private string? _finishReason;

    /// <summary>Repairs what the provider sent: no chunk, or one for each of its choices that belong to the answer.</summary>
    public IEnumerable<JsonObject> Repair(JsonObject sent)
    {
        ProviderFault.ThrowIfNamed(sent, retryAfter);
        _last = sent;
        _id ??= LenientJson.Word(sent["id"]);
        _model = LenientJson.Word(sent["model"]) ?? _model;
        _created ??= LenientJson.Number(sent["created"]);
        _usage.Add(LenientJson.Take(sent, "usage") ?? (sent["x_groq"] as JsonObject)?["usage"]);
        var more = Others(sent);
        foreach (var choice in LenientJson.Objects(LenientJson.Take(sent, "choices")))
        {
            ProviderFault.ThrowIfNamed(choice, retryAfter);
            _usage.Add(choice["usage"]);

            // One answer was asked for. Further ones would be mixed into it.
            var index = LenientJson.Number(choice["index"]) ?? 0;
            if (index != (_choice ??= index))
            {
                continue;
            }

            _finishReason = FinishReasons.Find(choice["finish_reason"]) ?? _finishReason;
            var chunk = Chunk(_delta.Repair(choice), finishReason: null);
            if (choice["logprobs"] is JsonObject logprobs && logprobs["content"] is JsonArray && logprobs["refusal"] is null or JsonArray)
            {
                chunk["choices"]![0]!["logprobs"] = LenientJson.Take(choice, "logprobs");
            }

            foreach (var (name, value) in more)
            {
                chunk[name] = value?.DeepClone();
            }

            yield return chunk;
        }
    }

    /// <summary>The last chunk: why the answer ended, and what it took.</summary>
    /// <param name="isWhole">Whether all of the answer came, even where no chunk says why it ended.</param>
    /// <exception cref="ChatProviderException">There was no answer, or it is not whole.</exception>
    public JsonObject Complete(bool isWhole)
    {
        if (_choice is null)
        {
            throw ProviderFault.Create("its answer says nothing", _last, retryAfter);
        }

        if (_finishReason is null && !isWhole)
        {
            throw new ChatProviderException("its answer broke off");
        }

        var reason = (_finishReason ?? "stop", _delta.HasToolCalls) switch
        {
            ("stop", true) => "tool_calls",
            ("tool_calls", false) => "stop",
            var (given, _) => given,
        };
        var chunk = Chunk(_delta.Complete(), reason);
        if (_usage.Total is { } usage)
        {
            chunk["usage"] = usage;
        }

        return chunk;
    }

    // What the client reads besides, and would not survive in another form, is kept in its own alone.
    private static List<KeyValuePair<string, JsonNode?>> Others(JsonObject sent) =>
    [
        .. sent.Where(property => property.Key switch
        {
            "id" or "object" or "created" or "model" or "choices" or "usage" => false,
            "system_fingerprint" or "service_tier" => LenientJson.Word(property.Value) is not null,
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
        {
            chunk["model"] = _model;
        }

        return chunk;
    }
}
