using Hermes.Core.Sessions;
using Microsoft.Extensions.AI;

namespace Hermes.Core.Chat;

/// <summary>Turns stored messages, or those of a request, into what an <c>IChatClient</c> takes.</summary>
/// <remarks>
/// Providers refuse calls without results and results without calls, and a session can hold both: a turn that was interrupted between
/// them, rows that another agent compacted away. Either half alone is left out, and the rest of the message stays.
/// </remarks>
internal static class ChatHistory
{
    public static NewMessage FromStored(Message message) => new()
    {
        Role = message.Role,
        Content = message.Content,
        ContentParts = message.ContentParts,
        ToolCallId = message.ToolCallId,
        ToolCalls = message.ToolCalls,
        ToolName = message.ToolName,
    };

    public static List<ChatMessage> Build(IReadOnlyList<NewMessage> messages)
    {
        var built = new List<ChatMessage>(messages.Count);
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            switch (message.Role)
            {
                case "system" or "developer":
                    AddUnlessEmpty(built, ChatRole.System, ReadContents(message));
                    break;
                case "user":
                    AddUnlessEmpty(built, ChatRole.User, ReadContents(message));
                    break;
                case "assistant":
                    AddWithResults(built, messages, i);
                    break;
            }
        }

        return built;
    }

    private static void AddWithResults(List<ChatMessage> built, IReadOnlyList<NewMessage> messages, int index)
    {
        var contents = ReadContents(messages[index]);
        var calls = ToolCallJson.Read(messages[index].ToolCalls);
        var results = new List<AIContent>();
        for (var i = index + 1; i < messages.Count && messages[i].Role == "tool"; i++)
        {
            var result = messages[i];
            if (calls.FirstOrDefault(call => call.CallId == result.ToolCallId) is { } answered && !contents.Contains(answered))
            {
                contents.Add(answered);
                results.Add(new FunctionResultContent(answered.CallId, TextOf(result)));
            }
        }

        AddUnlessEmpty(built, ChatRole.Assistant, contents);
        AddUnlessEmpty(built, ChatRole.Tool, results);
    }

    private static void AddUnlessEmpty(List<ChatMessage> built, ChatRole role, List<AIContent> contents)
    {
        if (contents.Count > 0)
            built.Add(new ChatMessage(role, contents));
    }

    private static List<AIContent> ReadContents(NewMessage message)
    {
        if (message.ContentParts is { ValueKind: JsonValueKind.Array } parts)
            return [.. parts.EnumerateArray().Select(part => ContentParts.Read(part, out _)).OfType<AIContent>()];

        var text = TextOf(message);
        return text.Length == 0 ? [] : [new TextContent(text)];
    }

    // Parts that hold no text are a tool's own JSON.
    private static string TextOf(NewMessage message) =>
        message.Content is { } content ? content
        : message.ContentParts is not { } parts ? ""
        : parts.ValueKind == JsonValueKind.Array && ContentParts.TextOf(parts) is { Length: > 0 } text ? text
        : parts.GetRawText();
}
