using Hermes.Core.Chat;
using Hermes.Core.Http.Caching;
using Hermes.Core.Http.Wire;
using Hermes.Core.Sessions;
using static Hermes.Core.Http.Wire.ChatWire;

namespace Hermes.Core.Http.Endpoints;

internal static class SessionChatEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var routes = endpoints.MapGroup("").WithTags("Chat").NamesId("session_id").WithMetadata(new HermesEndpoint(ErrorShape.Text, HermesEndpoint.ChatBodyLimit));
        routes.MapPost("/api/sessions/{id}/chat", Chat).Named("session_chat").BeginsTurn().AcceptsJson<SessionChatBody>()
            .Produces<SessionChatAnswer>().ProducesErrors(400, 404, 409, 413, 415, 422, 429, 502, 503, 504);
        routes.MapPost("/api/sessions/{id}/chat/stream", StreamChat).Named("session_chat_stream").BeginsTurn().AcceptsJson<SessionChatBody>()
            .Produces<string>(StatusCodes.Status200OK, EventStream.ContentType).ProducesEvents(SessionChatEvents.Documented)
            .ProducesErrors(400, 404, 409, 413, 415, 429, 502, 503, 504);
    }

    /// <summary>Says something to the agent in the session with exactly this id, and waits for the whole answer.</summary>
    /// <param name="id">The session's id, whole.</param>
    /// <response code="200">The answer. Its run can be read event by event at <c>/v1/runs/{run_id}/events</c> for 5 minutes.</response>
    /// <response code="400">The body cannot be understood; the text names the field. This is found out before the session is looked for.</response>
    /// <response code="404">There is no session with exactly this id.</response>
    /// <response code="409">The session was deleted while the turn waited or ran.</response>
    /// <response code="429">The model provider is busy, or there are as many turns as the server allows; Retry-After says when to try again.</response>
    /// <response code="502">The model provider failed. The user's message is stored; asked again, it is the same turn. With <c>x-should-retry: false</c> that is of no use.</response>
    /// <response code="504">The model did not go on in time. What it said is stored.</response>
    internal static async Task<IResult> Chat(HttpContext http, SessionStore sessions, ModelChoice models, ChatRuns runs, string id)
    {
        var body = await RequestBody.ReadBytesAsync(http);
        var (turn, given, model) = await PrepareAsync(http, body, id, sessions, models);
        return await Idempotency.AnswerAsync(http, body, turn.SessionId, async clientGone =>
        {
            var run = runs.Start(turn with { Place = ChatEndpoints.TakePlace(http) }, clientGone);
            var outcome = await run.Completion;

            // What was said before an interruption is an answer too; a turn that was interrupted before it began has none.
            var answer = outcome.Failure is { } failure && !(outcome.IsInterrupted && outcome.Messages.Count > 0) ? Render(failure)
                : JsonAnswer.Of(SessionChatEvents.ToAnswer(run, outcome, model), outcome.Text);
            return new IdempotentAnswer(answer, given, run.Id);
        });
    }

    /// <summary>Says something to the agent in the session with exactly this id, and streams what happens as server-sent events.</summary>
    /// <remarks>
    /// The events, each with <c>session_id</c> and <c>run_id</c>: <c>session.created</c>, <c>run.started</c>, <c>message.started</c>,
    /// then <c>assistant.delta</c>, <c>tool.started</c> and <c>tool.completed</c> or <c>tool.failed</c> as they happen, then <c>assistant.completed</c>,
    /// <c>run.completed</c> and <c>done</c>; a failure is <c>error</c> and <c>done</c>. Every event has an <c>id</c>: a stream that
    /// broke off is resumed at <c>/v1/runs/{run_id}/events</c>.
    /// </remarks>
    /// <param name="id">The session's id, whole.</param>
    /// <response code="200">The events.</response>
    /// <response code="400">The body cannot be understood; the text names the field. This is found out before the session is looked for.</response>
    /// <response code="404">There is no session with exactly this id.</response>
    internal static async Task<IResult> StreamChat(
        HttpContext http, SessionStore sessions, ModelChoice models, ChatRuns runs, TimeProvider time, string id)
    {
        var (turn, given, _) = await PrepareAsync(http, await RequestBody.ReadBytesAsync(http), id, sessions, models);
        using var goneTooSoon = new CancellationTokenSource();
        var run = runs.StartStream(turn with { Place = ChatEndpoints.TakePlace(http) }, goneTooSoon.Token);

        // Every id of a conversation finds it; the client goes on by the one that it knows.
        TurnHeaders.Write(http.Response, given, run.Id);
        try
        {
            if (await RunEndpoints.WaitForStartAsync(run, time, http.RequestAborted) is { } failure) return Render(failure);
        }
        catch (OperationCanceledException)
        {
            // The client never learned which run it would have to ask for.
            await goneTooSoon.CancelAsync();
            throw;
        }

        return await RunEndpoints.SendAsync(http, run, after: 0, time);
    }

    private static async Task<(ChatTurnRequest Turn, string GivenId, string? AskedModel)> PrepareAsync(
        HttpContext http, ReadOnlyMemory<byte> body, string id, SessionStore sessions, ModelChoice models)
    {
        var request = SessionChatRequest.Parse(body);
        var given = RouteText.Decode(http, id, "id");
        var session = await sessions.FindExactAsync(given, http.RequestAborted) ?? throw new SessionNotFoundException();
        var model = await models.CheckAsync(http, request.Model);
        var turn = request.Turn with { SessionId = session.Id, SessionTitle = session.Title, Model = model, Owner = Caller.Name(http) };
        return (turn, given, request.Model);
    }

    private static JsonAnswer Render(ChatFailure failure) =>
        Errors.Create(ErrorShape.Text, failure.Status, failure.Message, retryAfter: failure.RetryAfter, shouldRetry: failure.IsTransient);
}
