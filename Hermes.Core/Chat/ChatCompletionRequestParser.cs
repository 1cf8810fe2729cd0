using System.Globalization;
using System.Text.Json;
using Hermes.Core.Sessions;
using Microsoft.Extensions.AI;
using static Hermes.Core.Chat.ChatRequestJson;

namespace Hermes.Core.Chat;

/// <summary>Reads the body of <c>/v1/chat/completions</c>.</summary>
/// <remarks>
/// Fields of OpenAI's that have no meaning here (<c>user</c>, <c>stream_options</c>, …) are ignored, and so are <c>tools</c>: the agent has its
/// own. A known field of a wrong type is an error, never a guess; null is as good as missing everywhere.
/// </remarks>
internal static class ChatCompletionRequestParser
{
    private const string NoMessages = "Missing or invalid 'messages' field";
    private const string NoUserMessage = "No user message found in messages";

    /// <summary>Reads a body.</summary>
    /// <exception cref="ChatRequestException">It cannot be used.</exception>
    public static ChatCompletionRequest Parse(ReadOnlyMemory<byte> body) => ChatRequestJson.Parse(body, Read);

    private static ChatCompletionRequest Read(JsonElement body)
    {
        if (Find(body, "messages") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
        {
            throw new ChatRequestException(NoMessages);
        }

        var system = new List<string>();
        var conversation = new List<NewMessage>();
        var index = 0;
        foreach (var element in list.EnumerateArray())
        {
            ReadMessage(element, $"messages[{index++}]", system, conversation);
        }

        var last = conversation.FindLastIndex(message => message.Role == "user");
        if (last < 0 || conversation[last] is { Content: null or "", ContentParts: null })
        {
            throw new ChatRequestException(NoUserMessage);
        }

        if (ReadInteger(body, "n", 1, int.MaxValue) is > 1)
        {
            throw new ChatRequestException("'n' must be 1: an agent gives one answer");
        }

        return new ChatCompletionRequest
        {
            Model = ReadText(body, "model") ?? ChatCompletionRequest.DefaultModel,
            Stream = ReadBoolean(body, "stream") ?? false,
            System = system,
            History = conversation[..last],
            User = conversation[last],
            Following = conversation[(last + 1)..],
            Options = ReadOptions(body),
        };
    }

    private static void ReadMessage(JsonElement message, string name, List<string> system, List<NewMessage> conversation)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            throw new ChatRequestException($"{name} must be an object");
        }

        var role = ReadText(message, "role", $"{name}.role");
        var (text, parts) = ReadContent(message, "content", $"{name}.content");
        switch (role)
        {
            case "system" or "developer":
                var instructions = text ?? (parts is { } given ? TextOf(given) : "");
                if (instructions.Length > 0)
                {
                    system.Add(instructions);
                }

                break;
            case "user":
                conversation.Add(new NewMessage { Role = role, Content = text, ContentParts = parts });
                break;
            case "assistant":
                if (Find(message, "tool_calls") is { ValueKind: not JsonValueKind.Array })
                {
                    throw new ChatRequestException($"{name}.tool_calls must be a list");
                }

                conversation.Add(new NewMessage
                {
                    Role = role,
                    Content = text,
                    ContentParts = parts,
                    ToolCalls = Find(message, "tool_calls")?.Clone(),
                });
                break;
            case "tool":
                conversation.Add(new NewMessage
                {
                    Role = role,
                    Content = text ?? (parts is { } result ? TextOf(result) : ""),
                    ToolCallId = ReadText(message, "tool_call_id", $"{name}.tool_call_id"),
                });
                break;
        }
    }

    private static ChatOptions ReadOptions(JsonElement body) => new()
    {
        Temperature = ReadNumber(body, "temperature"),
        TopP = ReadNumber(body, "top_p"),
        FrequencyPenalty = ReadNumber(body, "frequency_penalty"),
        PresencePenalty = ReadNumber(body, "presence_penalty"),
        MaxOutputTokens = (int?)(ReadInteger(body, "max_completion_tokens", 1, int.MaxValue) ?? ReadInteger(body, "max_tokens", 1, int.MaxValue)),
        Seed = ReadInteger(body, "seed", long.MinValue, long.MaxValue),
        StopSequences = ReadStop(body),
        ResponseFormat = ReadFormat(body),
    };

    private static IList<string>? ReadStop(JsonElement body) => Find(body, "stop") switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(stop => stop.ValueKind == JsonValueKind.String) =>
            [.. list.EnumerateArray().Select(stop => stop.GetString()!)],
        _ => throw new ChatRequestException("'stop' must be a string or a list of strings"),
    };

    private static ChatResponseFormat? ReadFormat(JsonElement body)
    {
        if (Find(body, "response_format") is not { } format)
        {
            return null;
        }

        if (format.ValueKind == JsonValueKind.Object)
        {
            switch (ReadText(format, "type", "response_format.type"))
            {
                case "text":
                    return ChatResponseFormat.Text;
                case "json_object":
                    return ChatResponseFormat.Json;
                case "json_schema" when Find(format, "json_schema") is { ValueKind: JsonValueKind.Object } given
                    && Find(given, "schema") is { ValueKind: JsonValueKind.Object } schema:
                    return ChatResponseFormat.ForJsonSchema(
                        schema.Clone(),
                        ReadText(given, "name", "response_format.json_schema.name"),
                        ReadText(given, "description", "response_format.json_schema.description"));
            }
        }

        throw new ChatRequestException("'response_format' must be an object of type 'text', 'json_object' or 'json_schema'");
    }

    private static float? ReadNumber(JsonElement body, string name)
    {
        if (Find(body, name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var number) && float.IsFinite(number)
            ? number
            : throw new ChatRequestException($"'{name}' must be a number");
    }

    private static long? ReadInteger(JsonElement body, string name, long least, long most)
    {
        if (Find(body, name) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= most
            ? number
            : throw new ChatRequestException(least == 1 ? $"'{name}' must be a whole number from 1 to {most.ToString(CultureInfo.InvariantCulture)}" : $"'{name}' must be a whole number");
    }

    private static bool? ReadBoolean(JsonElement body, string name) => Find(body, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw new ChatRequestException($"'{name}' must be true or false"),
    };
}
