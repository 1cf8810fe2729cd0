using Hermes.Core.Chat;
using Hermes.Core.Http.Wire;
using Hermes.Core.Sessions;
using static Hermes.Core.Http.OpenAI.ChatBody;

namespace Hermes.Core.Http.OpenAI;

/// <summary>What a client asks of <c>/v1/chat/completions</c>, checked.</summary>
/// <param name="Model">The model as asked. It is given back, as in the reference; whether the agent is asked for it, the turn says.</param>
/// <param name="Stream">Whether the answer is to be streamed.</param>
/// <param name="Turn">The turn, in a session of its own.</param>
internal sealed record ChatCompletionRequest(string Model, bool Stream, ChatTurnRequest Turn)
{
    /// <summary>The name of the agent, whatever model answers behind it: what an answer goes by where the client gives none.</summary>
    public const string AgentName = "hermes-agent";

    /// <summary>Reads a body. Fields without a meaning here (<c>user</c>, <c>stream_options</c>, …) are ignored, and so are <c>tools</c>: the agent has its own.</summary>
    public static ChatCompletionRequest Parse(ReadOnlyMemory<byte> utf8)
    {
        var body = ChatBody.Parse(utf8.Span);
        if (Find(body, "messages") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
            throw new RequestException("Missing or invalid 'messages' field");

        var system = new List<string>();
        var conversation = new List<NewMessage>();
        var messages = list.EnumerateArray().ToList();
        var asked = messages.FindLastIndex(IsUsers);
        foreach (var (index, message) in messages.Index())
            ReadMessage(message, $"messages[{index}]", isOld: index != asked, system, conversation);

        if (ReadText(body, "instructions") is { } instructions && !string.IsNullOrWhiteSpace(instructions))
            system.Add(instructions);

        var last = conversation.FindLastIndex(message => message.Role == "user");
        if (last < 0 || conversation[last] is { Content: null or "", ContentParts: null })
            throw new RequestException("No user message found in messages");
        if (ReadInteger(body, "n", 1, long.MaxValue) is > 1) throw new RequestException("'n' must be 1: an agent gives one answer");

        var user = conversation[last];
        var model = ReadText(body, "model");
        return new ChatCompletionRequest(string.IsNullOrWhiteSpace(model) ? AgentName : model, ReadBoolean(body, "stream") ?? false, new ChatTurnRequest
        {
            System = system,
            History = conversation[..last],
            User = user,
            UserText = TextOf(user.Content, user.ContentParts),
            Following = conversation[(last + 1)..],
            Options = ReadSettings(body),
        });
    }

    /// <summary>The turn in a session that has messages, which count instead of those in the body.</summary>
    public ChatTurnRequest TurnIn(string sessionId) => Turn with { SessionId = sessionId, History = null, Following = [] };

    private static bool IsUsers(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object && Find(message, "role") is { ValueKind: JsonValueKind.String } role && role.ValueEquals("user");

    private static void ReadMessage(JsonElement message, string name, bool isOld, List<string> system, List<NewMessage> conversation)
    {
        if (message.ValueKind != JsonValueKind.Object) throw new RequestException($"{name} must be an object");

        var role = ReadText(message, "role", $"{name}.role");
        if (role == "tool")
        {
            var callId = ReadText(message, "tool_call_id", $"{name}.tool_call_id");
            conversation.Add(new NewMessage { Role = role, Content = ReadResult(message, $"{name}.content"), ToolCallId = callId });
            return;
        }

        // What the agent is told to do is heard whole, as what it is asked now.
        var isSystem = role is "system" or "developer";
        var (text, parts) = ReadContent(message, "content", $"{name}.content", isOld && !isSystem);
        if (isSystem && TextOf(text, parts) is { Length: > 0 } instructions)
            system.Add(instructions);
        else if (role is "user" or "assistant")
            conversation.Add(new NewMessage { Role = role, Content = text, ContentParts = parts, ToolCalls = role is "user" ? null : ReadCalls(message, name) });
    }

    private static JsonElement? ReadCalls(JsonElement message, string name) =>
        Find(message, "tool_calls") is not { } calls ? null
        : calls.ValueKind is JsonValueKind.Array ? calls
        : throw new RequestException($"{name}.tool_calls must be a list");

    // A result is text for the model, whatever it is for the client that got it: an object or a number is its JSON.
    private static string ReadResult(JsonElement message, string name)
    {
        if (Find(message, "content") is not { } content) return "";

        var (text, parts) = content.ValueKind is JsonValueKind.String or JsonValueKind.Array ? ReadContent(message, "content", name, isOld: true) : default;
        return text is null && parts is null ? content.GetRawText() : TextOf(text, parts);
    }
}
