using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

namespace Hermes.Core.Chat.Providers;

/// <summary>Reads the JSON objects of a provider's answer, whether it is a stream of events or one plain object.</summary>
/// <remarks>For one answer. What it is, its first byte says: its content type is often wrong.</remarks>
internal sealed class ProviderEvents(ProviderBody body)
{
    /// <summary>Whether the provider said that this is all: a plain object was whole, or <c>[DONE]</c> came.</summary>
    public bool HasEnd { get; private set; }

    /// <summary>Reads the objects, each as it comes.</summary>
    /// <exception cref="ChatProviderException">It is neither; or the provider names an error.</exception>
    public async IAsyncEnumerable<JsonObject> ReadAsync()
    {
        switch (await body.PeekAsync().ConfigureAwait(false))
        {
            case null:
                throw new ChatProviderException("its answer is empty");
            case (byte)'{' or (byte)'[':
                foreach (var value in Parse((await body.ReadAllAsync().ConfigureAwait(false)).Span).Values)
                    yield return value;

                HasEnd = true;
                yield break;
            case (byte)'<':
                throw new ChatProviderException("it answered with a web page: is its address right, with all of its path?");
        }

        await foreach (var happened in SseParser.Create(body, static (_, data) => Parse(data)).EnumerateAsync().ConfigureAwait(false))
        {
            foreach (var value in happened.Data.Values)
            {
                if (happened.EventType == "error" && value["error"] is null)
                    value["error"] = value.DeepClone();

                yield return value;
            }

            if (happened.Data.IsEnd)
            {
                HasEnd = true;
                yield break;
            }
        }
    }

    // Where the empty lines between events are missing, several values stand in one event.
    private static (List<JsonObject> Values, bool IsEnd) Parse(ReadOnlySpan<byte> data)
    {
        var values = new List<JsonObject>();
        while (!(data = data.TrimStart(" \t\r\n"u8)).IsEmpty)
        {
            if (data.StartsWith("[DONE]"u8))
                return (values, true);

            try
            {
                var reader = new Utf8JsonReader(data, new JsonReaderOptions { AllowMultipleValues = true });
                Add(JsonElement.ParseValue(ref reader), values);
                data = data[(int)reader.BytesConsumed..];
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                // The exception quotes what the provider sent, so it goes no further.
                throw new ChatProviderException("its answer is no JSON, or broke off");
            }
        }

        return (values, false);
    }

    private static void Add(JsonElement value, List<JsonObject> values)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                values.Add((JsonObject)LenientJson.ToNode(value)!);
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    Add(item, values);

                break;
            case not JsonValueKind.Null:
                throw new JsonException();
        }
    }
}
