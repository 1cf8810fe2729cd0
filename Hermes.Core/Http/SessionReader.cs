using System.Buffers;
using Hermes.Core.Http.Json;
using Hermes.Core.Sessions;
using Microsoft.AspNetCore.Http;

namespace Hermes.Core.Http;

/// <summary>Answers the reading calls on sessions: from a store's rows where it writes JSON itself, else from its records.</summary>
internal sealed class SessionReader(SessionStore store)
{
    private readonly IRawSessionStore? _raw = store as IRawSessionStore;

    /// <summary>A page of sessions.</summary>
    public async ValueTask<IResult> PageAsync(HttpContext http, SessionQuery query)
    {
        var output = new ArrayBufferWriter<byte>(16 * 1024);
        if (_raw is not null)
        {
            _raw.WritePage(query, output);
        }
        else
        {
            SessionJson.WritePage(await store.ListAsync(query, http.RequestAborted), query, output);
        }

        return new JsonBytes(StatusCodes.Status200OK, output.WrittenMemory);
    }

    /// <summary>One session, by its id or the start of it.</summary>
    public async ValueTask<IResult> OneAsync(HttpContext http, string idOrPrefix)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        if (_raw is not null)
        {
            return _raw.WriteSession(idOrPrefix, output) ? new JsonBytes(StatusCodes.Status200OK, output.WrittenMemory) : throw new SessionNotFoundException();
        }

        return One(await store.FindAsync(idOrPrefix, http.RequestAborted) ?? throw new SessionNotFoundException());
    }

    /// <summary>The messages of the session with exactly this id.</summary>
    public async ValueTask<IResult> MessagesAsync(HttpContext http, string sessionId, MessageQuery query)
    {
        var output = new ArrayBufferWriter<byte>(16 * 1024);
        if (_raw is not null)
        {
            return _raw.WriteMessages(sessionId, query, output) ? new JsonBytes(StatusCodes.Status200OK, output.WrittenMemory) : throw new SessionNotFoundException();
        }

        throw new NotSupportedException();
    }

    /// <summary>One session that a call gave back.</summary>
    public static IResult One(Session session)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        SessionJson.WriteSession(session, output);
        return new JsonBytes(StatusCodes.Status200OK, output.WrittenMemory);
    }
}
