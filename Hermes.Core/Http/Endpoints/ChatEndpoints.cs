using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Hermes.Core.Chat;
using Hermes.Core.Http.Caching;
using Hermes.Core.Http.OpenAI;
using Hermes.Core.Http.Wire;
using Hermes.Core.Sessions;
using static Hermes.Core.Http.Wire.ChatWire;
using static Hermes.Core.Http.Wire.Errors;

namespace Hermes.Core.Http.Endpoints;

internal static class ChatEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/v1/chat/completions", Complete).Named("chat_completions").WithTags("Chat").BeginsTurn()
            .WithMetadata(new HermesEndpoint(ErrorShape.OpenAI, HermesEndpoint.ChatBodyLimit)).AcceptsJson<ChatCompletionBody>().Produces<ChatCompletion>()
            .ProducesEvents(("message", typeof(ChatCompletionChunk)), ("hermes.tool.progress", typeof(ToolProgressEvent)), ("error", typeof(OpenAIError)))
            .ProducesErrors(400, 404, 409, 413, 415, 422, 429, 502, 503, 504);

    /// <summary>The endpoint takes a place among the turns that there may be at once, or answers 429 before it reads the body; it echoes the session's key.</summary>
    /// <remarks>As a filter it comes after authentication: who has no key takes no place.</remarks>
    public static RouteHandlerBuilder BeginsTurn(this RouteHandlerBuilder endpoint) => endpoint.AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        TurnHeaders.EchoSessionKey(http);
        http.Features.Set(http.RequestServices.GetRequiredService<ChatEngine>().TryTakePlace() ?? throw new RequestException(
            "The agent is busy with as many turns as this server allows at once. Try again in a moment.",
            StatusCodes.Status429TooManyRequests, code: "rate_limit_exceeded", retryAfter: TimeSpan.FromSeconds(1)));
        try
        {
            return await next(context);
        }
        finally
        {
            TakePlace(http)?.Dispose();
        }
    });

    /// <summary>Takes the request's place for its turn, which may run on without the request and gives it back at its end.</summary>
    public static RateLimitLease? TakePlace(HttpContext http)
    {
        var place = http.Features.Get<RateLimitLease>();
        http.Features.Set<RateLimitLease>(null);
        return place;
    }

    /// <summary>Says something to the agent. With the header X-Hermes-Session-Id the session's stored messages are the history, else the body's.</summary>
    /// <response code="200">The answer; a stream of server-sent events where <c>stream</c> is true.</response>
    /// <response code="400">The body cannot be understood; the text names the field.</response>
    /// <response code="404">Clients may choose the model here, and there is none of this name.</response>
    /// <response code="429">The model provider is busy, or there are as many turns as the server allows; Retry-After says when to try again.</response>
    /// <response code="502">The model provider failed. The user's message is stored; asked again, it is the same turn. With <c>x-should-retry: false</c> that is of no use.</response>
    /// <response code="504">The model did not go on in time. What it said is stored.</response>
    internal static async Task<IResult> Complete(
        HttpContext http, SessionStore sessions, ModelChoice models, ChatRuns runs, FailedTurns failed, TimeProvider time)
    {
        var body = await RequestBody.ReadBytesAsync(http);
        var request = ChatCompletionRequest.Parse(body);
        var given = TurnHeaders.ReadSessionId(http.Request);
        var model = await models.CheckAsync(http, request.Model);

        // A conversation has several ids, and one queue: that of its first.
        var sessionId = given is null ? null : await FindFirstIdAsync(sessions, given, http.RequestAborted);
        return request.Stream
            ? await StreamAsync(http, await StartAsync(http.RequestAborted), given, request, time)
            : await Idempotency.AnswerAsync(http, body, sessionId, async clientGone =>
            {
                var run = await StartAsync(clientGone);
                var outcome = await run.Completion;
                var answer = outcome.Failure is { } failure ? ChatCompletionAnswer.Error(failure)
                    : JsonAnswer.Of(new ChatCompletionAnswer(request.Model, time.GetUtcNow()).ToCompletion(outcome), outcome.Text);
                return new IdempotentAnswer(answer, given ?? run.SessionId, run.Id);
            });

        async Task<ChatRun> StartAsync(CancellationToken clientGone)
        {
            if (sessionId is not null) return Begin(request.TurnIn(sessionId));

            var identity = new FailedTurns.TurnIdentity(Caller.Name(http), Convert.ToHexString(SHA256.HashData(body.Span)), Idempotency.ReadKey(http));
            var run = Begin(request.Turn with { SessionId = await failed.TakeAsync(identity, IsRetry(http)) });
            _ = failed.WatchAsync(identity, run);
            return run;

            ChatRun Begin(ChatTurnRequest turn) =>
                runs.Start(turn with { Model = model, Owner = Caller.Name(http), Place = TakePlace(http) }, clientGone);
        }
    }

    private static async Task<string> FindFirstIdAsync(SessionStore sessions, string id, CancellationToken cancellationToken)
    {
        try
        {
            return (await sessions.FindExactAsync(id, cancellationToken))?.Id ?? id;
        }
        catch (SessionStoreUnavailableException exception) when (exception.RetryAfter is not null)
        {
            // A file without a log, which somebody writes: the turn waits for that, and its lease tells conversations by any of their ids.
            return id;
        }
    }

    // What OpenAI's clients count when they ask again on their own.
    private static bool IsRetry(HttpContext http) =>
        int.TryParse(http.Request.Headers["X-Stainless-Retry-Count"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0;

    private static async Task<IResult> StreamAsync(HttpContext http, ChatRun run, string? givenId, ChatCompletionRequest request, TimeProvider time)
    {
        TurnHeaders.Write(http.Response, givenId ?? run.SessionId, run.Id);
        if (await RunEndpoints.WaitForStartAsync(run, time, http.RequestAborted) is { } failure) return ChatCompletionAnswer.Error(failure);

        var answer = new ChatCompletionAnswer(request.Model, time.GetUtcNow());
        await RunEndpoints.SendAsync(run, EventStream.Begin(http, time, http.RequestAborted), answer.Events);
        return Results.Empty;
    }
}
