using System.Text.Json;
using Hermes.Core.Sessions;
using static Hermes.Core.Chat.ChatRequestJson;

namespace Hermes.Core.Chat;

/// <summary>Reads the body of <c>/v1/chat/completions</c>.</summary>
/// <remarks>
/// Fields that have no meaning here (<c>user</c>, <c>stream_options</c>, a <c>provider</c>, …) are ignored, whatever they hold, and so are
/// <c>tools</c>: the agent has its own. A known field of a wrong type is an error, never a guess; null is as good as missing everywhere.
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
        var messages = list.EnumerateArray().ToList();
        var asked = messages.FindLastIndex(IsUsers);
        foreach (var (index, message) in messages.Index())
        {
            ReadMessage(message, $"messages[{index}]", isOld: index != asked, system, conversation);
        }

        if (ReadText(body, "instructions") is { } instructions && !string.IsNullOrWhiteSpace(instructions))
        {
            system.Add(instructions);
        }

        var last = conversation.FindLastIndex(message => message.Role == "user");
        if (last < 0 || conversation[last] is { Content: null or "", ContentParts: null })
        {
            throw new ChatRequestException(NoUserMessage);
        }

        if (ChatRequestSettings.ReadInteger(body, "n", 1, long.MaxValue) is > 1)
        {
            throw new ChatRequestException("'n' must be 1: an agent gives one answer");
        }

        return new ChatCompletionRequest
        {
            Model = ReadText(body, "model") is { } model && !string.IsNullOrWhiteSpace(model) ? model : ChatCompletionRequest.DefaultModel,
            Stream = ChatRequestSettings.ReadBoolean(body, "stream") ?? false,
            System = system,
            History = conversation[..last],
            User = conversation[last],
            Following = conversation[(last + 1)..],
            Options = ChatRequestSettings.Read(body),
        };
    }

    private static bool IsUsers(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object && Find(message, "role") is { ValueKind: JsonValueKind.String } role && role.ValueEquals("user");

    private static void ReadMessage(JsonElement message, string name, bool isOld, List<string> system, List<NewMessage> conversation)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            throw new ChatRequestException($"{name} must be an object");
        }

        var role = ReadText(message, "role", $"{name}.role");
        if (role == "tool")
        {
            conversation.Add(new NewMessage
            {
                Role = role,
                Content = ReadResult(message, $"{name}.content"),
                ToolCallId = ReadText(message, "tool_call_id", $"{name}.tool_call_id"),
            });
            return;
        }

        // What the agent is told to do is heard whole, as what it is asked now.
        var isSystem = role is "system" or "developer";
        var (text, parts) = ReadContent(message, "content", $"{name}.content", isOld && !isSystem);
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
        }
    }

    // A result is text for the model, whatever it is for the client that got it: an object or a number is its JSON.
    private static string ReadResult(JsonElement message, string name)
    {
        var (text, parts) = Find(message, "content") is { ValueKind: JsonValueKind.String or JsonValueKind.Array }
            ? ReadContent(message, "content", name, isOld: true)
            : default;
        return text ?? (parts is { } given ? TextOf(given) : Find(message, "content")?.GetRawText() ?? "");
    }
}
