using Microsoft.Extensions.AI;

namespace Hermes.Testing;

/// <summary>What a <see cref="ScriptedChatClient"/> was asked.</summary>
/// <remarks>A copy made when the client was called: what the caller changes later does not show. Immutable.</remarks>
/// <param name="Messages">The messages, oldest first.</param>
/// <param name="Options">The settings; null where none were given.</param>
public sealed record ScriptedRequest(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)
{
    /// <summary>The text of the last user message; empty where there is none.</summary>
    public string UserText => Messages.LastOrDefault(message => message.Role == ChatRole.User)?.Text ?? "";

    /// <summary>Whether the last message is a tool's answer: then the model is to go on from it.</summary>
    public bool FollowsTool => Messages is [.., { Role: var role }] && role == ChatRole.Tool;
}
