using Hermes.Core.Http.Caching;
using Hermes.Core.Http.Wire;
using Hermes.Core.Sessions;
using static Hermes.Core.Http.Wire.SessionWire;

namespace Hermes.Core.Http.Endpoints;

/// <summary>Answers the reading calls on sessions: from a store's rows where it writes JSON itself, else from its records.</summary>
/// <remarks>Safe for use from any thread.</remarks>
internal sealed class SessionAnswers(SessionStore store, PageCache pages, HermesApiOptions options)
{
    private readonly IRowStore? _rows = store as IRowStore;
    private readonly IReadOnlyList<string> _rowNames = options.ListKeys switch { ListKeys.Items => ["items"], ListKeys.Data => ["data"], _ => ["items", "data"] };

    /// <summary>A page of sessions.</summary>
    public async Task<IResult> PageAsync(HttpContext http, SessionQuery query)
    {
        if (_rows is null)
            return JsonAnswer.Of(SessionList.From(await store.ListAsync(query, http.RequestAborted), query, options.ListKeys));

        return await FromRowsAsync(http, async (version, tag) =>
        {
            if (pages.Find(query, version) is not { } page)
            {
                page = await _rows.ReadPageJsonAsync(query, _rowNames, http.RequestAborted);
                pages.Add(query, version, page);
            }

            return new JsonAnswer(StatusCodes.Status200OK, page) { Tag = tag };
        });
    }

    /// <summary>One session, by its id or the start of it.</summary>
    /// <exception cref="SessionNotFoundException">There is none, or several ids start so.</exception>
    public async Task<IResult> OneAsync(HttpContext http, string idOrPrefix)
    {
        if (_rows is null) return One(await store.FindAsync(idOrPrefix, http.RequestAborted) ?? throw new SessionNotFoundException());

        return await FromRowsAsync(http, async (_, tag) =>
        {
            var json = await _rows.ReadSessionJsonAsync(idOrPrefix, http.RequestAborted) ?? throw new SessionNotFoundException();
            return new JsonAnswer(StatusCodes.Status200OK, json) { Tag = tag };
        });
    }

    /// <summary>The messages of one session, by its id or the start of it.</summary>
    /// <exception cref="SessionNotFoundException">There is none, or several ids start so.</exception>
    public async Task<IResult> MessagesAsync(HttpContext http, string idOrPrefix, MessageQuery query)
    {
        if (_rows is not null) return await FromRowsAsync(http, (_, tag) => StreamMessagesAsync(http, idOrPrefix, query, tag));

        var session = await store.FindAsync(idOrPrefix, http.RequestAborted) ?? throw new SessionNotFoundException();

        // One more than asked for says whether any follow.
        var more = query.Limit is { } limit and < int.MaxValue ? query with { Limit = Math.Max(limit, 1) + 1 } : query;
        var messages = await store.ReadMessagesAsync(session.Id, more, http.RequestAborted).ToListAsync(http.RequestAborted);
        var hasMore = more != query && messages.Count == more.Limit;
        if (hasMore)
            messages.RemoveAt(query.Latest ? 0 : messages.Count - 1);

        return JsonAnswer.Of(MessageList.From(session, messages, hasMore, options.ListKeys));
    }

    /// <summary>What the sessions used that began on a day or since.</summary>
    public async Task<IResult> UsageAsync(HttpContext http, DateOnly since, int days)
    {
        return _rows is null ? await AnswerAsync(tag: null) : await FromRowsAsync(http, async (_, tag) => await AnswerAsync(tag), since);

        async ValueTask<JsonAnswer> AnswerAsync(string? tag)
        {
            var report = await store.ReadUsageAsync(new DateTimeOffset(since, TimeOnly.MinValue, TimeSpan.Zero), http.RequestAborted);
            return new JsonAnswer(StatusCodes.Status200OK, WireJson.Serialize(UsageAnswer.Of(report, days))) { Tag = tag };
        }
    }

    /// <summary>One session that a call gave back.</summary>
    public static JsonAnswer One(Session session) => JsonAnswer.Of(new SessionEnvelope(SessionObject.From(session)));

    // Up to 2 MB of messages are sent with their length; more are streamed, and then an error can only break the answer off.
    private async ValueTask<IResult> StreamMessagesAsync(HttpContext http, string idOrPrefix, MessageQuery query, string? tag)
    {
        var response = http.Response;
        var parts = await _rows!.ReadMessagesJsonAsync(idOrPrefix, query, _rowNames, SendAsync, http.RequestAborted) ?? throw new SessionNotFoundException();
        return parts.Count > 0 ? new JsonAnswer(StatusCodes.Status200OK, parts) { Tag = tag } : Results.Empty;

        // Whether anybody reads on.
        async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> part)
        {
            if (!response.HasStarted)
            {
                if (tag is not null && EntityTag.IsKnown(http.Request, tag))
                {
                    await JsonAnswer.NotModified(tag).ExecuteAsync(http);
                }
                else
                {
                    response.ContentType = JsonAnswer.ContentType;
                    if (tag is not null)
                        EntityTag.Write(response, tag);
                }

                await response.StartAsync(http.RequestAborted);
            }

            return response.StatusCode is not StatusCodes.Status304NotModified && !HttpMethods.IsHead(http.Request.Method)
                && !(await response.BodyWriter.WriteAsync(part, http.RequestAborted)).IsCompleted;
        }
    }

    // The version is read before the rows, so that an answer is never older than what its tag stands for.
    private async ValueTask<IResult> FromRowsAsync(HttpContext http, Func<VersionToken?, string?, ValueTask<IResult>> answer, DateOnly? day = null)
    {
        // What depends on the day as well has another tag on each.
        var version = _rows!.ReadVersion();
        var tag = version is { } known ? string.Create(CultureInfo.InvariantCulture, $"{Tag(http, known)}{(day is null ? "" : "-")}{day?.DayNumber:x}") : null;
        return tag is not null && EntityTag.IsNamed(http.Request, tag)
            ? JsonAnswer.NotModified(tag)
            : await answer(version, tag);
    }

    /// <summary>The tag of the answer to this request while the store is in this state.</summary>
    /// <remarks>
    /// Who names it was given it with an answer of 200 to this very request and in this state, so the answer need not be made to know that it
    /// is the same: what is missing or refused has no tag. The hash is seeded per process, as the opening is: no tag outlives it.
    /// </remarks>
    private static string Tag(HttpContext http, VersionToken version)
    {
        var asked = HashCode.Combine(http.Request.Path.Value, http.Request.QueryString.Value, Caller.Name(http));
        return string.Create(CultureInfo.InvariantCulture, $"{version.Opening:x}-{version.Version:x}-{asked:x}");
    }
}
