using System.Security.Cryptography;
using Hermes.Core.Chat;
using Hermes.Core.Http.Caching;
using Hermes.Core.Http.OpenAI;
using Hermes.Core.Http.OpenApi;
using Hermes.Core.Http.Wire;
using Hermes.Core.Sessions;

namespace Hermes.Core.Http.Endpoints;

internal static class ChatEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods("/v1/chat/completions", HermesRoutes.Post, Complete)
            .Named("chat_completions")
            .BeginsTurn()
            .WithMetadata(new HermesEndpoint(ErrorShape.OpenAI, HermesEndpoint.ChatBodyLimit))
            .WithTags("Chat")
            .AcceptsJson<ChatCompletionBody>().Produces<ChatCompletion>()
            .ProducesEvents(("message", typeof(ChatCompletionChunk)), ("hermes.tool.progress", typeof(ToolProgressEvent)), ("error", typeof(OpenAIError)))
            .ProducesOpenAIErrors(400, 404, 409, 413, 415, 422, 429, 502, 503, 504);

    /// <summary>Says something to the agent. With the header X-Hermes-Session-Id the session's stored messages are the history, else the body's.</summary>
    /// <response code="200">The answer; a stream of server-sent events where <c>stream</c> is true.</response>
    /// <response code="400">The body cannot be understood; the text names the field.</response>
    /// <response code="404">Clients may choose the model here, and there is none of this name.</response>
    /// <response code="422">The Idempotency-Key was used with another body.</response>
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
                return new IdempotentAnswer(Render(await run.Completion, request, time), given ?? run.SessionId, run.Id);
            });

        async Task<ChatRun> StartAsync(CancellationToken clientGone)
        {
            if (sessionId is not null)
                return Begin(request.TurnIn(sessionId));

            var identity = Identify(http, body);
            var run = Begin(request.Turn with { SessionId = await failed.TakeAsync(identity, IsRetry(http)) });
            failed.Watch(identity, run);
            return run;

            ChatRun Begin(ChatTurnRequest turn) =>
                runs.Start(turn with { Model = model, Owner = Caller.Name(http), Place = TurnConventions.TakePlace(http) }, clientGone);
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

    private static TurnIdentity Identify(HttpContext http, ReadOnlyMemory<byte> body) =>
        new(Caller.Name(http), Convert.ToHexString(SHA256.HashData(body.Span)), Idempotency.ReadKey(http));

    // What OpenAI's clients count when they ask again on their own.
    private static bool IsRetry(HttpContext http) =>
        int.TryParse(http.Request.Headers["X-Stainless-Retry-Count"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0;

    private static async Task<IResult> StreamAsync(HttpContext http, ChatRun run, string? givenId, ChatCompletionRequest request, TimeProvider time)
    {
        TurnHeaders.WriteSessionId(http.Response, givenId ?? run.SessionId);
        TurnHeaders.WriteRunId(http.Response, run.Id);
        if (await RunStream.WaitForStartAsync(run.Log, time, http.RequestAborted) is { } failure)
            return ChatCompletionAnswer.Error(failure);

        var stream = EventStream.Begin(http, time, http.RequestAborted);
        await RunStream.SendAsync(run.Log, stream, new ChatCompletionAnswer(request.Model, time.GetUtcNow()).Events);
        return Results.Empty;
    }

    private static JsonAnswer Render(ChatOutcome outcome, ChatCompletionRequest request, TimeProvider time) =>
        outcome.Failure is { } failure
            ? ChatCompletionAnswer.Error(failure)
            : JsonAnswer.Of(new ChatCompletionAnswer(request.Model, time.GetUtcNow()).ToCompletion(outcome), outcome.Text);
}
