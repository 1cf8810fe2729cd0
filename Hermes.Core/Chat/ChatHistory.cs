using Hermes.Core.Sessions;
using Microsoft.Extensions.AI;

namespace Hermes.Core.Chat;

/// <summary>Turns stored messages, or those of a request, into what an <c>IChatClient</c> takes.</summary>
/// <remarks>Providers refuse calls without results and the reverse, and a session can hold both, as after an interruption: either half alone is left out.</remarks>
internal static class ChatHistory
{
    public static NewMessage FromStored(Message message) => new()
    {
        Role = message.Role, Content = message.Content, ContentParts = message.ContentParts,
        ToolCallId = message.ToolCallId, ToolCalls = message.ToolCalls, ToolName = message.ToolName,
    };

    public static List<ChatMessage> Build(IReadOnlyList<NewMessage> messages)
    {
        var built = new List<ChatMessage>(messages.Count);
        for (var i = 0; i < messages.Count; i++)
        {
            var contents = ReadContents(messages[i]);
            switch (messages[i].Role)
            {
                case "system" or "developer":
                    Add(ChatRole.System, contents);
                    break;
                case "user":
                    Add(ChatRole.User, contents);
                    break;
                case "assistant":
                    var answers = messages.Skip(i + 1).TakeWhile(message => message.Role == "tool");
                    var results = Answer(contents, ToolCallJson.Read(messages[i].ToolCalls), answers);
                    Add(ChatRole.Assistant, contents);
                    Add(ChatRole.Tool, results);
                    break;
            }
        }

        return built;

        void Add(ChatRole role, List<AIContent> contents)
        {
            if (contents.Count > 0)
                built.Add(new ChatMessage(role, contents));
        }
    }

    /// <summary>Adds the calls that have results to a message's contents, and gives these.</summary>
    private static List<AIContent> Answer(List<AIContent> contents, List<FunctionCallContent> calls, IEnumerable<NewMessage> answers)
    {
        var results = new List<AIContent>();
        foreach (var answer in answers)
        {
            if (calls.Find(call => call.CallId == answer.ToolCallId) is { } answered && !contents.Contains(answered))
            {
                contents.Add(answered);
                results.Add(new FunctionResultContent(answered.CallId, TextOf(answer)));
            }
        }

        return results;
    }

    private static List<AIContent> ReadContents(NewMessage message) =>
        message.ContentParts is { ValueKind: JsonValueKind.Array } parts
            ? [.. parts.EnumerateArray().Select(part => ContentParts.Read(part, out _)).OfType<AIContent>()]
            : TextOf(message) is { Length: > 0 } text ? [new TextContent(text)] : [];

    // Parts that hold no text are a tool's own JSON.
    private static string TextOf(NewMessage message) =>
        message.Content is { } content ? content : message.ContentParts is not { } parts ? ""
        : parts.ValueKind == JsonValueKind.Array && ContentParts.TextOf(parts) is { Length: > 0 } text ? text
        : parts.GetRawText();
}
