using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hermes.Core.Http.Json;
using Hermes.Core.Sessions;
using Hermes.Core.Text;
using Microsoft.AspNetCore.Http;

namespace Hermes.Core.Http;

/// <summary>Answers the reading calls on sessions: from a store's rows where it writes JSON itself, else from its records.</summary>
/// <remarks>Safe for use from any thread.</remarks>
internal sealed class SessionAnswers(SessionStore store, RenderedPages pages, HermesApiOptions options)
{
    private readonly IRawSessionStore? _raw = store as IRawSessionStore;
    private readonly IReadOnlyList<string> _rowNames = options.ListKeys.Names();

    /// <summary>A page of sessions.</summary>
    public async Task<IResult> PageAsync(HttpContext http, SessionQuery query)
    {
        if (_raw is null)
        {
            var page = await store.ListAsync(query, http.RequestAborted);
            return Render(json => SessionJson.WritePage(json, page, query, _rowNames));
        }

        return await FromRowsAsync(http, async (stamp, tag) =>
        {
            var page = pages.Find(query, stamp) ?? await RenderPageAsync(query, stamp, http.RequestAborted);

            // What is good for a while alone has a tag of its own: the client that has it gets what comes after.
            return new JsonBytes(StatusCodes.Status200OK, page.Body) { Tag = tag is not null && page.GoodUntil is { } end ? string.Create(CultureInfo.InvariantCulture, $"{tag}-{end:x}") : tag };
        });
    }

    /// <summary>One session, by its id or the start of it.</summary>
    /// <exception cref="SessionNotFoundException">There is none, or several ids start so.</exception>
    public async Task<IResult> OneAsync(HttpContext http, string idOrPrefix) =>
        _raw is null
            ? One(await store.FindAsync(idOrPrefix, http.RequestAborted) ?? throw new SessionNotFoundException())
            : await FromRowsAsync(http, async (_, tag) => new JsonBytes(
                StatusCodes.Status200OK, await WrittenAsync(output => _raw.WriteSessionAsync(idOrPrefix, output, http.RequestAborted))) { Tag = tag });

    /// <summary>The messages of one session, by its id or the start of it.</summary>
    /// <exception cref="SessionNotFoundException">There is none, or several ids start so.</exception>
    public async Task<IResult> MessagesAsync(HttpContext http, string idOrPrefix, MessageQuery query)
    {
        if (_raw is not null)
        {
            return await FromRowsAsync(http, async (_, tag) =>
            {
                var answer = new StreamedJson(http, tag);
                return await _raw.WriteMessagesAsync(idOrPrefix, query, _rowNames, answer.Output, answer.SendAsync, http.RequestAborted)
                    ? await answer.EndAsync()
                    : throw new SessionNotFoundException();
            });
        }

        var session = await store.FindAsync(idOrPrefix, http.RequestAborted) ?? throw new SessionNotFoundException();

        // One more than asked for says whether any follow.
        var more = query.Limit is { } limit and < int.MaxValue ? query with { Limit = Math.Max(limit, 1) + 1 } : query;
        var messages = await store.ReadMessagesAsync(session.Id, more, http.RequestAborted).ToListAsync(http.RequestAborted);
        var hasMore = more != query && messages.Count == more.Limit;
        if (hasMore)
        {
            messages.RemoveAt(query.Latest ? 0 : messages.Count - 1);
        }

        return Render(json => SessionJson.WriteMessages(json, session.Id, messages, session.MessageCount, hasMore, _rowNames));
    }

    /// <summary>One session that a call gave back.</summary>
    public static JsonBytes One(Session session) => Render(json =>
    {
        json.WriteStartObject();
        json.WritePropertyName("session"u8);
        SessionJson.WriteSession(json, session);
        json.WriteEndObject();
    });

    /// <summary>A branch that was made of a session.</summary>
    public static JsonBytes Fork(Session branch, string sourceId) => Render(json =>
    {
        json.WriteStartObject();
        json.WritePropertyName("session"u8);
        SessionJson.WriteSession(json, branch);
        json.WriteString("forked_from"u8, sourceId);
        json.WriteEndObject();
    });

    private async ValueTask<RenderedPage> RenderPageAsync(SessionQuery query, SessionStamp? stamp, CancellationToken cancellationToken)
    {
        long? goodUntil = null;
        var body = await WrittenAsync(async output =>
        {
            goodUntil = await _raw!.WritePageAsync(query, _rowNames, output, cancellationToken);
            return true;
        });

        var page = new RenderedPage(body, goodUntil);
        pages.Add(query, stamp, page);
        return page;
    }

    // The stamp is read before the rows, so that an answer is never older than what its tag stands for.
    private async ValueTask<IResult> FromRowsAsync(HttpContext http, Func<SessionStamp?, string?, ValueTask<IResult>> answer)
    {
        var stamp = _raw!.ReadStamp();
        var tag = stamp is { } known ? Tag(http, known) : null;
        return tag is not null && EntityTag.IsNamed(http.Request, tag)
            ? EntityTag.NotModified(tag)
            : await answer(stamp, tag);
    }

    /// <summary>The tag of the answer to this request while the store is in this state.</summary>
    /// <remarks>
    /// Who names it was given it with an answer of 200 to this very request and in this state, so the answer need not be made to know that it
    /// is the same: what is missing or refused has no tag.
    /// </remarks>
    private static string Tag(HttpContext http, SessionStamp stamp)
    {
        var asked = SHA256.HashData(Encoding.UTF8.GetBytes($"{http.Request.Path.Value}{http.Request.QueryString.Value} {Caller.Name(http)}"));
        return string.Create(CultureInfo.InvariantCulture, $"{stamp.Opening:x}-{stamp.Version:x}-{BinaryPrimitives.ReadUInt64LittleEndian(asked):x}");
    }

    private static async ValueTask<ReadOnlyMemory<byte>> WrittenAsync(Func<IBufferWriter<byte>, ValueTask<bool>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        return await write(output) ? output.WrittenMemory : throw new SessionNotFoundException();
    }

    private static JsonBytes Render(Action<Utf8JsonWriter> write) => new(StatusCodes.Status200OK, Utf8Json.Write(write));
}
