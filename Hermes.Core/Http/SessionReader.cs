using System.Buffers;
using System.Text.Json;
using Hermes.Core.Http.Json;
using Hermes.Core.Sessions;
using Microsoft.AspNetCore.Http;

namespace Hermes.Core.Http;

/// <summary>Answers the reading calls on sessions: from a store's rows where it writes JSON itself, else from its records.</summary>
internal sealed class SessionReader(SessionStore store)
{
    private readonly IRawSessionStore? _raw = store as IRawSessionStore;

    /// <summary>A page of sessions.</summary>
    public async Task<JsonBytes> PageAsync(SessionQuery query, CancellationToken cancellationToken)
    {
        if (_raw is null)
        {
            var page = await store.ListAsync(query, cancellationToken);
            return Render(json => SessionJson.WritePage(json, page, query));
        }

        var output = new ArrayBufferWriter<byte>(16 * 1024);
        _raw.WritePage(query, output);
        return new JsonBytes(StatusCodes.Status200OK, output.WrittenMemory);
    }

    /// <summary>One session, by its id or the start of it.</summary>
    /// <exception cref="SessionNotFoundException">There is none, or several ids start so.</exception>
    public async Task<JsonBytes> OneAsync(string idOrPrefix, CancellationToken cancellationToken)
    {
        if (_raw is null)
        {
            return One(await store.FindAsync(idOrPrefix, cancellationToken) ?? throw new SessionNotFoundException());
        }

        var output = new ArrayBufferWriter<byte>(1024);
        return _raw.WriteSession(idOrPrefix, output)
            ? new JsonBytes(StatusCodes.Status200OK, output.WrittenMemory)
            : throw new SessionNotFoundException();
    }

    /// <summary>The messages of the session with exactly this id.</summary>
    /// <exception cref="SessionNotFoundException">There is no such session.</exception>
    public async Task<JsonBytes> MessagesAsync(string sessionId, MessageQuery query, CancellationToken cancellationToken)
    {
        if (_raw is null)
        {
            if (await store.FindAsync(sessionId, cancellationToken) is not { } session || session.Id != sessionId)
            {
                throw new SessionNotFoundException();
            }

            var messages = await store.ReadMessagesAsync(sessionId, query, cancellationToken).ToListAsync(cancellationToken);
            return Render(json => SessionJson.WriteMessages(json, messages, session.MessageCount));
        }

        var output = new ArrayBufferWriter<byte>(16 * 1024);
        return _raw.WriteMessages(sessionId, query, output)
            ? new JsonBytes(StatusCodes.Status200OK, output.WrittenMemory)
            : throw new SessionNotFoundException();
    }

    /// <summary>One session that a call gave back.</summary>
    public static JsonBytes One(Session session) => Render(json =>
    {
        json.WriteStartObject();
        json.WritePropertyName("session"u8);
        SessionJson.WriteSession(json, session);
        json.WriteEndObject();
    });

    private static JsonBytes Render(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(output, SessionJson.WriterOptions))
        {
            write(json);
        }

        return new JsonBytes(StatusCodes.Status200OK, output.WrittenMemory);
    }
}
