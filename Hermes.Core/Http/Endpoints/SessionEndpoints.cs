using Hermes.Core.Http.Caching;
using Hermes.Core.Http.Wire;
using Hermes.Core.Sessions;
using Microsoft.AspNetCore.Mvc;
using static Hermes.Core.Http.Wire.SessionWire;
using Filter = Hermes.Core.Sessions.SessionFlagFilter;

namespace Hermes.Core.Http.Endpoints;

internal static class SessionEndpoints
{
    private const int MaxEndReasonLength = 256;
    private const int MaxQueryLength = 2048;
    private const int MaxDays = 3650;
    private const string InvalidField = "invalid_session_field";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var routes = endpoints.MapGroup("").WithTags("Sessions").NamesId("session_id");
        routes.MapGet("/api/sessions", ListSessions).Named("sessions").Produces<SessionList>().ProducesErrors(400, 503);
        routes.MapPost("/api/sessions", CreateSession).Named("session_create").Behind(WriteSwitch.Sessions)
            .AcceptsJson<CreateSession>(isOptional: true).Produces<SessionEnvelope>().ProducesErrors(400, 403, 413, 415, 422, 503);
        routes.MapGet("/api/sessions/{id}", GetSession).Named("session").Produces<SessionEnvelope>().ProducesErrors(400, 404, 503);
        routes.MapPatch("/api/sessions/{id}", PatchSession).Named("session_update").Behind(WriteSwitch.Sessions)
            .AcceptsJson<PatchSession>().Produces<SessionEnvelope>().ProducesErrors(400, 403, 404, 409, 413, 415, 503);
        routes.MapDelete("/api/sessions/{id}", DeleteSession).Named("session_delete").Behind(WriteSwitch.Sessions)
            .Produces<SessionDeleted>().ProducesErrors(400, 403, 404, 409, 413, 503);
        routes.MapPost("/api/sessions/{id}/fork", ForkSession).Named("session_fork").Behind(WriteSwitch.Sessions)
            .AcceptsJson<ForkSession>(isOptional: true).Produces<SessionForked>().ProducesErrors(400, 403, 404, 413, 415, 422, 503);
        routes.MapGet("/api/sessions/{id}/messages", ListMessages).Named("session_messages").Produces<MessageList>().ProducesErrors(400, 404, 503);
    }

    /// <summary>Maps what is asked of all sessions together: what they used, and what their messages say.</summary>
    public static void MapOverAll(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/analytics/usage", GetUsage).Named("usage").WithTags("Sessions").Produces<UsageAnswer>().ProducesErrors(400, 503);
        routes.MapGet("/api/sessions/search", SearchMessages).Named("session_search").WithTags("Sessions").SharesPath()
            .Produces<SearchAnswer>().ProducesErrors(400, 503);
    }

    /// <summary>Lists conversations, newest first. Hidden ones are not listed.</summary>
    /// <remarks>
    /// An agent that runs out of the model's context closes a session and goes on in another: the two are listed once, under the id of the first, with title,
    /// model and end of the last, and the counts of both. Branches and what began after a reset are conversations of their own; the runs of subagents are not listed.
    /// </remarks>
    /// <param name="limit">How many at most: 1 to 500, 50 where it is missing.</param>
    /// <param name="offset">How many to skip.</param>
    /// <param name="source">Only sessions that this surface began.</param>
    /// <param name="include_children">1 lists every session by itself, as it is stored: continuations and runs of subagents as well.</param>
    /// <param name="q">Only sessions whose title contains this text.</param>
    /// <param name="before">The <c>next</c> of the page before: goes on from there, in the same order, at the same cost at any depth.</param>
    /// <param name="archived">Whether archived conversations are listed: <c>exclude</c> (the default), <c>include</c> or <c>only</c>.</param>
    /// <param name="pinned">Whether pinned conversations are listed: <c>include</c> (the default), <c>exclude</c>, <c>only</c>, or <c>first</c>, which lists them before all others.</param>
    /// <param name="order"><c>created</c> (the default) lists the newest first, <c>recent</c> the one that was active last. <c>recent</c> and <c>pinned=first</c> read all sessions for a page.</param>
    /// <param name="min_messages">Only conversations with at least this many messages.</param>
    /// <response code="200">A page of conversations.</response>
    /// <response code="400">A value of the query cannot be understood; the text names it.</response>
    internal static Task<IResult> ListSessions(
        HttpContext http, SessionAnswers sessions, [FromQuery] string? limit, [FromQuery] string? offset, [FromQuery] string? source,
        [FromQuery] string? include_children, [FromQuery] string? q, [FromQuery] string? before,
        [FromQuery] string? archived, [FromQuery] string? pinned, [FromQuery] string? order, [FromQuery] string? min_messages)
    {
        var (pinnedFilter, pinnedFirst) = QueryFields.Choice(
            "pinned", pinned, (Filter.Include, false),
            ("exclude", (Filter.Exclude, false)), ("include", (Filter.Include, false)), ("only", (Filter.Only, false)), ("first", (Filter.Include, true)));
        return sessions.PageAsync(http, new SessionQuery
        {
            Limit = (int)QueryFields.Integer("limit", limit, missing: 50, min: 1, max: SessionQuery.MaxLimit),
            Offset = QueryFields.Integer("offset", offset, missing: 0, min: 0, max: long.MaxValue),
            Source = source,
            IncludeChildren = QueryFields.Flag("include_children", include_children, missing: false),
            TitleContains = NullIfEmpty(q),
            Before = NullIfEmpty(before),
            Archived = QueryFields.Choice("archived", archived, Filter.Exclude, ("exclude", Filter.Exclude), ("include", Filter.Include), ("only", Filter.Only)),
            Pinned = pinnedFilter,
            PinnedFirst = pinnedFirst,
            Order = QueryFields.Choice("order", order, SessionOrder.Created, ("created", SessionOrder.Created), ("recent", SessionOrder.Recent)),
            MinMessages = QueryFields.Integer("min_messages", min_messages, missing: 0, min: 0, max: long.MaxValue),
        });
    }

    /// <summary>Creates a session. Where the id is that of an existing session, the answer is that session, unchanged.</summary>
    /// <response code="200">The session.</response>
    /// <response code="400">The body cannot be understood, or the id or title cannot be used. Nothing was created.</response>
    internal static Task<IResult> CreateSession(HttpContext http, SessionStore store) => BeginAsync(http, async (fields, clientGone) =>
    {
        var asked = new NewSession
        {
            Id = fields.FindTrimmed("id"),
            Title = fields.FindText("title"),
            Model = fields.FindTrimmed("model"),
            Source = fields.FindTrimmed("source") ?? NewSession.ApiServerSource,
        };
        return SessionAnswers.One(await store.CreateAsync(asked, clientGone));
    });

    /// <summary>Gets the conversation that has a session with this id, or else the only one with a session whose id starts with it (ASCII letters in either case).</summary>
    /// <param name="id">The session's id, or the start of it, percent-encoded where it has a slash.</param>
    /// <response code="200">The session.</response>
    /// <response code="404">No session has this id, or several ids start with it.</response>
    internal static Task<IResult> GetSession(HttpContext http, SessionAnswers sessions, string id) =>
        sessions.OneAsync(http, RouteText.Decode(http, id, "id"));

    /// <summary>Changes the title, system prompt, end or flags of the conversation that has a session with exactly this id. Either all given fields are changed, or none.</summary>
    /// <remarks>Flags hold for all sessions of the conversation. A home of an older version cannot keep them: setting one is 400 then, as its file is never migrated.</remarks>
    /// <param name="id">The session's id, whole.</param>
    /// <response code="200">The changed session.</response>
    /// <response code="400">Nothing is given, a field is unknown or cannot be used, or another session has the title. Nothing was changed.</response>
    /// <response code="409">Another process answers in the conversation, or compresses it; Retry-After says when to try again. Flags alone can be changed all the same.</response>
    internal static async Task<JsonAnswer> PatchSession(HttpContext http, SessionStore store, string id)
    {
        var fields = await RequestBody.ReadObjectAsync(http);
        fields.RefuseOthers("title", "system_prompt", "end_reason", "pinned", "archived", "hidden", "unread");
        if (fields.Has("title") ? fields.IsBlank("title") || SessionTitle.Clean(fields.FindText("title")) is null : fields.IsEmpty())
            throw new RequestException("title required", param: "title");

        var sessionId = RouteText.Decode(http, id, "id");
        var change = new SessionChange
        {
            Title = fields.FindText("title"),
            SystemPrompt = fields.Has("system_prompt") ? fields.FindText("system_prompt") ?? "" : null,
            EndReason = fields.Has("end_reason") ? EndReason(fields.FindText("end_reason")) : null,
            Pinned = fields.FindFlag("pinned", InvalidField),
            Archived = fields.FindFlag("archived", InvalidField),
            Hidden = fields.FindFlag("hidden", InvalidField),
            Unread = fields.FindFlag("unread", InvalidField),
        };
        return SessionAnswers.One(await store.UpdateAsync(sessionId, change, http.RequestAborted) ?? throw new SessionNotFoundException());
    }

    /// <summary>Copies the conversation that has a session with exactly this id, with its messages, into a new branch. The original is not changed and stays open.</summary>
    /// <param name="id">The session's id, whole.</param>
    /// <response code="200">The branch, and the id of the session that it was copied from.</response>
    /// <response code="400">The body cannot be understood, or the id or title cannot be used. Nothing was created.</response>
    internal static Task<IResult> ForkSession(HttpContext http, SessionStore store, string id) => BeginAsync(http, async (fields, clientGone) =>
    {
        fields.RefuseOthers("id", "title");
        var sourceId = RouteText.Decode(http, id, "id");
        var asked = new NewFork { Id = fields.FindTrimmed("id"), Title = fields.FindTrimmed("title") };
        var branch = await store.ForkAsync(sourceId, asked, clientGone) ?? throw new SessionNotFoundException();
        return JsonAnswer.Of(new SessionForked(SessionObject.From(branch), sourceId));
    });

    /// <summary>Deletes the conversation that has a session with exactly this id: all its sessions, their messages, and the runs of its subagents.</summary>
    /// <remarks>Branches of it and what began after a reset stay, on their own, as does whatever else has it for a parent.</remarks>
    /// <param name="id">The session's id, whole.</param>
    /// <response code="200">The conversation is deleted.</response>
    /// <response code="409">Another process answers in the conversation, or compresses it; Retry-After says when to try again.</response>
    internal static async Task<JsonAnswer> DeleteSession(HttpContext http, SessionStore store, string id)
    {
        var sessionId = RouteText.Decode(http, id, "id");
        if (!await store.DeleteAsync(sessionId, http.RequestAborted)) throw new SessionNotFoundException();
        return JsonAnswer.Of(new SessionDeleted(true, sessionId));
    }

    /// <summary>Lists the messages of a conversation in the order in which they were written: all of them, or one page.</summary>
    /// <remarks>They are those of all its sessions; what compaction carried over from one to the next comes once.</remarks>
    /// <param name="id">The session's id, or the start of it.</param>
    /// <param name="limit">How many at most; all where it is missing.</param>
    /// <param name="offset">How many to skip, from the side that <c>order</c> names.</param>
    /// <param name="order"><c>oldest</c>, or <c>latest</c> to take the page from the newest message backwards.</param>
    /// <response code="200">The messages, oldest first.</response>
    /// <response code="404">There is no such session.</response>
    internal static Task<IResult> ListMessages(
        HttpContext http, SessionAnswers sessions, string id, [FromQuery] string? limit, [FromQuery] string? offset, [FromQuery] string? order) =>
        sessions.MessagesAsync(http, RouteText.Decode(http, id, "id"), new MessageQuery
        {
            Limit = QueryFields.Limit(limit),
            Offset = QueryFields.Integer("offset", offset, missing: 0, min: 0, max: long.MaxValue),
            Latest = QueryFields.Choice("order", order, false, ("oldest", false), ("latest", true)),
        });

    /// <summary>Searches what messages say, newest first. Messages of hidden and archived sessions are not found.</summary>
    /// <remarks>
    /// Words are all to be there, in any order and case; a text in double quotes is to be there as it is; <c>*</c> at the end of a word
    /// lets it go on; <c>OR</c> means either, <c>NOT</c> that the next is not there. Any other text is fine as well, and is no error.
    /// Where a search of a large home takes too long, the answer has what was found by then, newest first, and <c>complete</c> is false; <c>next</c>, or the
    /// same search a little later, goes on. A session whose id is <c>search</c> is not got here: its sub-paths, PATCH and DELETE reach it.
    /// </remarks>
    /// <param name="q">What to find, at most 2,048 characters.</param>
    /// <param name="limit">How many results at most: 1 to 100, 20 where it is missing.</param>
    /// <param name="offset">How many to skip.</param>
    /// <param name="before">The <c>next</c> of the page before: goes on from there, at the same cost at any depth.</param>
    /// <param name="source">Only messages of sessions that this surface began.</param>
    /// <param name="role">Only messages of this role.</param>
    /// <param name="session_id">Only messages of the session with exactly this id.</param>
    /// <param name="since">Only messages of this time or later: Unix seconds, or ISO 8601 (UTC where it names no zone).</param>
    /// <param name="until">Only messages of this time or earlier.</param>
    /// <response code="200">The messages, each with the one before and the one after it.</response>
    /// <response code="400">The query is blank or too long, or a value cannot be understood; the text names it.</response>
    internal static async Task<JsonAnswer> SearchMessages(
        HttpContext http, SessionStore store, [FromQuery] string? q, [FromQuery] string? limit, [FromQuery] string? offset, [FromQuery] string? before,
        [FromQuery] string? source, [FromQuery] string? role, [FromQuery] string? session_id, [FromQuery] string? since, [FromQuery] string? until)
    {
        if (string.IsNullOrWhiteSpace(q)) throw new RequestException("'q' is required: the words to search for", param: "q");
        if (q.Length > MaxQueryLength) throw new RequestException($"'q' is too long ({q.Length} characters, max {MaxQueryLength})", param: "q");

        var query = new SearchQuery
        {
            Text = q,
            Limit = (int)QueryFields.Integer("limit", limit, missing: 20, min: 1, max: SearchQuery.MaxLimit),
            Offset = QueryFields.Integer("offset", offset, missing: 0, min: 0, max: long.MaxValue),
            Before = NullIfEmpty(before),
            Source = NullIfEmpty(source),
            Role = NullIfEmpty(role),
            SessionId = NullIfEmpty(session_id),
            Since = Time("since", since),
            Until = Time("until", until),
        };

        // A search finds a little later what the file's own index misses, whether or not anything else is committed: the tag is of what it found.
        return JsonAnswer.Tagged(SearchAnswer.From(q, await store.SearchAsync(query, http.RequestAborted)));
    }

    /// <summary>Adds up what sessions used: by the day in UTC on which they began, by their model, and all in all.</summary>
    /// <remarks>
    /// All sessions count, archived and hidden ones and the runs of subagents too, each with all that it used on the day on which it began. Costs are in US
    /// dollars, as the Python agent noted them. What the home's file does not keep is 0.
    /// </remarks>
    /// <param name="days">How many days, today included: 1 to 3650, 30 where it is missing.</param>
    /// <response code="200">The sums. Days and models of which there is nothing are left out, as are sessions without a model from those by model.</response>
    /// <response code="400">'days' is not a whole number.</response>
    internal static Task<IResult> GetUsage(HttpContext http, SessionAnswers sessions, TimeProvider time, [FromQuery] string? days)
    {
        var period = (int)QueryFields.Integer("days", days, missing: 30, min: 1, max: MaxDays);
        return sessions.UsageAsync(http, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(1 - period), period);
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static DateTimeOffset? Time(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds))
            return UnixTime.FromSeconds(seconds);

        // What else .NET takes for a date, such as 01/02/2026, nobody could be sure of.
        return text.AsSpan().Trim() is [_, _, _, _, '-', _, _, '-', ..]
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time
                : throw new RequestException($"'{name}' must be Unix seconds or an ISO 8601 time", param: name);
    }

    // A session is begun once for each key, by a body that may be missing.
    private static async Task<IResult> BeginAsync(HttpContext http, Func<JsonElement, CancellationToken, Task<JsonAnswer>> begin)
    {
        var body = await RequestBody.ReadBytesAsync(http);
        return await Idempotency.AnswerAsync(
            http, body, sessionId: null, async clientGone => new IdempotentAnswer(await begin(RequestBody.ParseOptionalObject(body), clientGone)));
    }

    // Empty opens a session again in SessionChange; here null does, and an empty text is a slip.
    private static string EndReason(string? text)
    {
        var reason = text?.Trim() ?? "";
        return text is null || (reason.Length is > 0 and <= MaxEndReasonLength && !reason.Any(char.IsControl)) ? reason
            : throw new RequestException(
                $"'end_reason' must be 1 to {MaxEndReasonLength} characters without control characters, or null to open the session again", param: "end_reason");
    }
}
