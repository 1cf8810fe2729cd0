using Hermes.Core.Sessions;
using Microsoft.Extensions.AI;

namespace Hermes.Core.Chat;

/// <summary>Turns stored messages, or those of a request, into what an <c>IChatClient</c> takes.</summary>
/// <remarks>Providers refuse calls without results and the reverse, and a session can hold both, as after an interruption: either half alone is left out.</remarks>
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

    public static List<ChatMessage> Build(IReadOnlyList<NewMessage> messages) =>
        [.. messages.SelectMany((message, index) => Build(message, messages.Skip(index + 1))).Where(message => message.Contents.Count > 0)];

    private static IEnumerable<ChatMessage> Build(NewMessage message, IEnumerable<NewMessage> following) => message.Role switch
    {
        "system" or "developer" => [new(ChatRole.System, ReadContents(message))],
        "user" => [new(ChatRole.User, ReadContents(message))],
        "assistant" => BuildAnswer(message, following.TakeWhile(next => next.Role == "tool")),
        _ => [],
    };

    // Of the calls, those that have results, and these.
    private static IEnumerable<ChatMessage> BuildAnswer(NewMessage message, IEnumerable<NewMessage> answers)
    {
        var calls = ToolCallJson.Read(message.ToolCalls);
        var (contents, results) = (ReadContents(message), new List<AIContent>());
        foreach (var answer in answers)
        {
            if (calls.Find(call => call.CallId == answer.ToolCallId) is { } answered && !contents.Contains(answered))
            {
                contents.Add(answered);
                results.Add(new FunctionResultContent(answered.CallId, TextOf(answer)));
            }
        }

        return [new(ChatRole.Assistant, contents), new(ChatRole.Tool, results)];
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
