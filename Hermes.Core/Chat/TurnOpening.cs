using System.Text.Json;
using Hermes.Core.Diagnostics;
using Hermes.Core.Sessions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Hermes.Core.Chat;

/// <summary>Begins turns: stores the user's message, before the agent hears of it, and gives what the agent is to hear.</summary>
/// <remarks>Safe for use from any thread; whoever calls it is in the session's queue.</remarks>
internal sealed class TurnOpening(SessionStore sessions, HermesChatOptions options, ILogger logger)
{
    private static readonly MessageQuery ForModel = new() { Audience = MessageAudience.Model };

    /// <summary>Begins a turn and tells its readers so. Where the request names no model, and clients may choose, its settings get the session's.</summary>
    /// <returns>The messages for the agent: the session's system prompt, the request's system messages, history, the user's message.</returns>
    public async Task<List<ChatMessage>> BeginAsync(ChatTurn turn, ChatTurnRequest request)
    {
        var stored = request.SessionId is null ? [] : await ReadAsync(turn.SessionId).ConfigureAwait(false);
        var session = request.SessionId is null ? null : await sessions.FindExactAsync(turn.SessionId).ConfigureAwait(false);
        var prompt = session is { HasApiSystemPrompt: true, SystemPrompt.Length: > 0 } ? session.SystemPrompt : null;
        if (options.AllowModelChoice)
        {
            request.Options.ModelId ??= session?.ChosenModel;
        }

        var last = stored.Count > 0 ? stored[^1] : null;
        var isRepeated = last is not null && IsSame(last, request.User);
        var history = request.History ?? stored[..(isRepeated ? ^1 : ^0)].ConvertAll(ChatHistory.FromStored);
        var userId = isRepeated ? last!.Id : await StoreAsync(turn.SessionId, request).ConfigureAwait(false);
        logger.TurnStarted(turn.SessionId, history.Count);
        logger.Said(turn.SessionId, request.User.Role, request.User.Content);
        turn.Add(new TurnStarted(userId));
        return
        [
            .. request.System.Prepend(prompt).OfType<string>().Select(text => new ChatMessage(ChatRole.System, text)),
            .. ChatHistory.Build([.. history, request.User, .. request.Following]),
        ];
    }

    // A message that has no answer is asked again after a failure, by people and by clients that retry: it is one message.
    private static bool IsSame(Message last, NewMessage user) =>
        last.Role == "user" && last.Content == user.Content
        && (last.ContentParts, user.ContentParts) switch
        {
            (null, null) => true,
            ({ } left, { } right) => JsonElement.DeepEquals(left, right),
            _ => false,
        };

    private async Task<List<Message>> ReadAsync(string sessionId)
    {
        var stored = new List<Message>();
        await foreach (var message in sessions.ReadMessagesAsync(sessionId, ForModel).ConfigureAwait(false))
        {
            stored.Add(message);
        }

        return stored;
    }

    private async Task<long> StoreAsync(string sessionId, ChatTurnRequest request)
    {
        var ids = request.CreateSession
            ? await sessions.CreateAndAppendAsync(new NewSession { Id = sessionId }, [request.User]).ConfigureAwait(false)
            : await sessions.AppendAsync(sessionId, [request.User]).ConfigureAwait(false);
        return ids[0];
    }
}
