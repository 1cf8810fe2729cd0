using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Hermes.Core.Chat;

namespace Hermes.Providers;

/// <summary>Puts the chunks of an answer together to one plain answer.</summary>
internal static class PlainAnswer
{
    // As texts stand in JSON that no page is made of.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] Texts = ["content", "reasoning_content"];

    /// <summary>Reads all chunks and gives the answer as UTF-8.</summary>
    /// <exception cref="ChatProviderException">The answer is an error, no answer, not whole, or longer than <paramref name="maxLength"/> characters.</exception>
    public static async Task<byte[]> WriteAsync(IAsyncEnumerable<JsonObject> chunks, int maxLength)
    {
        var answer = new JsonObject();
        var message = new JsonObject();
        var choice = new JsonObject { ["index"] = 0, ["message"] = message };
        var texts = Texts.ToDictionary(name => name, _ => new StringBuilder());
        var calls = new List<(JsonObject Call, StringBuilder Arguments)>();
        await foreach (var chunk in chunks.ConfigureAwait(false))
        {
            var part = (JsonObject)chunk.Take("choices")![0]!;
            Merge(chunk, answer);
            var delta = (JsonObject)part.Take("delta")!;
            foreach (var (name, text) in texts)
                text.Append(delta.Take(name).Text());

            foreach (var piece in delta.Take("tool_calls").Objects())
                Add(piece, calls);

            Merge(delta, message);
            Merge(part, choice);
            if (texts.Values.Sum(text => (long)text.Length) + calls.Sum(call => (long)call.Arguments.Length) > maxLength)
                throw new ChatProviderException($"its answer is longer than {maxLength} characters");
        }

        foreach (var (name, text) in texts.Where(text => text.Value.Length > 0 || text.Key is "content"))
            message[name] = text.ToString();

        foreach (var (call, arguments) in calls)
            call["function"]!["arguments"] = arguments.ToString();

        // A call of nothing is none, as in a stream.
        calls.RemoveAll(call => call.Call["function"]!["name"] is null);
        if (calls.Count > 0)
            message["tool_calls"] = new JsonArray([.. calls.Select(call => call.Call)]);

        answer["object"] = "chat.completion";
        answer["choices"] = new JsonArray(choice);
        return Write(answer);
    }

    /// <summary>A value as UTF-8.</summary>
    public static byte[] Write(JsonObject value)
    {
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output, WriterOptions))
        {
            value.WriteTo(json);
        }

        return output.ToArray();
    }

    // A call's first piece has its name and id; those behind it go on with its arguments.
    private static void Add(JsonObject piece, List<(JsonObject Call, StringBuilder Arguments)> calls)
    {
        var index = (int)piece.Take("index").Number()!;
        var function = (JsonObject)piece["function"]!;
        var arguments = function.Take("arguments").Text();
        if (index == calls.Count)
            calls.Add(((JsonObject)piece.DeepClone(), new StringBuilder()));

        Merge(function, (JsonObject)calls[index].Call["function"]!);
        calls[index].Arguments.Append(arguments);
    }

    private static void Merge(JsonObject from, JsonObject to)
    {
        foreach (var (name, value) in from.ToArray())
        {
            from.Remove(name);
            to[name] = value;
        }
    }
}
