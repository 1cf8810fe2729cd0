using System.Buffers;
using Hermes.Core.Chat;
using Hermes.Core.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hermes.Core.Http;

internal static class ChatCompletionEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/v1/chat/completions", HermesRoutes.Post, CreateChatCompletion)
            .WithTags("Chat")
            .WithMetadata(new HermesEndpoint(ErrorShape.OpenAI, HermesEndpoint.ChatBodyLimit))
            .AcceptsJson<ChatCompletionBody>().Produces<ChatCompletion>()
            .ProducesOpenAIErrors(400, 413, 415, 422, 429, 500, 502, 503);

    /// <summary>
    /// Asks the agent, as OpenAI defines it, with stream. The header X-Hermes-Session-Id continues a stored session: then its messages
    /// are the history, and those in the body before the last user message are ignored. Without it a new session begins.
    /// </summary>
    /// <response code="200">The answer; with stream, server-sent events that end with [DONE]. The header X-Hermes-Session-Id names the session.</response>
    /// <response code="422">The Idempotency-Key was sent with another body before.</response>
    /// <response code="429">The model provider is busy; Retry-After says how long, where the provider said so.</response>
    /// <response code="502">The model provider failed. The user's message is stored.</response>
    internal static async Task<IResult> CreateChatCompletion(HttpContext http, ChatEngine engine, IdempotentAnswers answers, TimeProvider time)
    {
        var body = await RequestBody.ReadBytesAsync(http);
        var request = ChatCompletionRequestParser.Parse(body);
        var sessionId = SessionHeader.Read(http.Request);
        var writer = new ChatCompletionWriter(request.Model, time.GetUtcNow());
        return request.Stream
            ? await StreamAsync(http, engine.Start(request.ToTurn(sessionId), http.RequestAborted), writer, time)
            : await Idempotency.AnswerAsync(http, answers, body, sessionId, async gone =>
            {
                var turn = engine.Start(request.ToTurn(sessionId), gone);
                return Whole(turn.SessionId, writer, await turn.Completion);
            });
    }

    private static JsonBytes Whole(string sessionId, ChatCompletionWriter writer, ChatOutcome outcome)
    {
        if (outcome.Failure is { } failure)
        {
            return Failed(sessionId, failure);
        }

        var output = new ArrayBufferWriter<byte>(1024);
        writer.WriteCompletion(outcome, output);
        return new JsonBytes(StatusCodes.Status200OK, output.WrittenMemory) { SessionId = sessionId };
    }

    private static async Task<IResult> StreamAsync(HttpContext http, ChatTurn turn, ChatCompletionWriter writer, TimeProvider time)
    {
        if (await ChatEventStream.WaitForStartAsync(turn, time, http.RequestAborted) is { } failure)
        {
            return Failed(turn.SessionId, failure);
        }

        EventStream.Begin(http.Response);
        http.Response.Headers[SessionHeader.Name] = SessionHeader.Value(turn.SessionId);
        await ChatEventStream.WriteAsync(turn, writer, http.Response.BodyWriter, time, http.RequestAborted);
        return Results.Empty;
    }

    private static JsonBytes Failed(string sessionId, ChatFailure failure)
    {
        var output = new ArrayBufferWriter<byte>(256);
        ChatCompletionWriter.WriteError(failure, output);
        return new JsonBytes(failure.Status, output.WrittenMemory) { SessionId = sessionId, RetryAfter = failure.RetryAfter };
    }
}
