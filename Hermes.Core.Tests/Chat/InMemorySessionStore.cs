using System.Runtime.CompilerServices;
using Hermes.Core.Sessions;

namespace Hermes.Core.Tests.Chat;

/// <summary>A session store that an app could derive: it keeps everything in memory, and can be told to fail.</summary>
internal sealed class InMemorySessionStore : SessionStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (Session Session, List<Message> Messages)> _sessions = [];
    private long _lastId;

    /// <summary>What every write throws from now on; null for none.</summary>
    public Exception? WriteFailure { get; set; }

    public IReadOnlyList<Message> Messages(string sessionId)
    {
        lock (_gate)
        {
            return _sessions.TryGetValue(sessionId, out var entry) ? [.. entry.Messages] : [];
        }
    }

    public Session? Session(string id)
    {
        lock (_gate)
        {
            return _sessions.TryGetValue(id, out var entry) ? entry.Session : null;
        }
    }

    public override Task<Session?> FindAsync(string idOrPrefix, CancellationToken cancellationToken = default) => Task.FromResult(Session(idOrPrefix));

    public override async IAsyncEnumerable<Message> ReadMessagesAsync(
        string sessionId, MessageQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        foreach (var message in Messages(sessionId))
            yield return message;
    }

    public override Task<Session> CreateAsync(NewSession session, CancellationToken cancellationToken = default)
    {
        ThrowIfToldTo();
        if (session.Id is { } given && given.Any(char.IsControl)) throw new SessionValidationException("The id has control characters");

        lock (_gate)
        {
            var id = session.Id ?? Guid.NewGuid().ToString();
            if (!_sessions.TryGetValue(id, out var entry))
            {
                var now = DateTimeOffset.UnixEpoch;
                entry = (new Session { Id = id, Source = session.Source, Model = session.Model, StartedAt = now, LastActive = now, SystemPrompt = session.SystemPrompt, HasApiSystemPrompt = true }, []);
                _sessions.Add(id, entry);
            }

            return Task.FromResult(entry.Session);
        }
    }

    public override async Task<IReadOnlyList<long>> AppendAsync(
        string sessionId, IReadOnlyList<NewMessage> messages, SessionUsage? usage = null, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        ThrowIfToldTo();
        lock (_gate)
        {
            if (!_sessions.TryGetValue(sessionId, out var entry)) throw new SessionNotFoundException();

            foreach (var message in messages)
            {
                entry.Messages.Add(new Message
                {
                    Id = ++_lastId,
                    SessionId = sessionId,
                    Role = message.Role,
                    Content = message.Content,
                    ContentParts = message.ContentParts,
                    ToolCallId = message.ToolCallId,
                    ToolCalls = message.ToolCalls,
                    ToolName = message.ToolName,
                    FinishReason = message.FinishReason,
                    Reasoning = message.Reasoning,
                    Timestamp = DateTimeOffset.UnixEpoch,
                });
            }

            entry.Session = entry.Session with
            {
                MessageCount = entry.Session.MessageCount + messages.Count,
                InputTokens = entry.Session.InputTokens + (usage?.InputTokens ?? 0),
                OutputTokens = entry.Session.OutputTokens + (usage?.OutputTokens ?? 0),
                Model = entry.Session.Model ?? usage?.Model,
            };
            _sessions[sessionId] = entry;
            return [.. entry.Messages.TakeLast(messages.Count).Select(message => message.Id)];
        }
    }

    public override Task<bool> DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return Task.FromResult(_sessions.Remove(id));
        }
    }

    public override Task<SessionPage> ListAsync(SessionQuery query, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public override Task<Session?> RenameAsync(string id, string? title, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public override Task<Session?> EndAsync(string id, string reason, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public override Task<Session?> UpdateAsync(string id, SessionChange change, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public override Task<Session?> ForkAsync(string id, NewFork? fork = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public override Task<SearchPage> SearchAsync(SearchQuery query, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    private void ThrowIfToldTo()
    {
        if (WriteFailure is { } failure) throw failure;
    }
}
