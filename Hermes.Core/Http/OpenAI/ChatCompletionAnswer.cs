using Hermes.Core.Chat;
using Hermes.Core.Http.Wire;
using static Hermes.Core.Chat.ChatEvent;

namespace Hermes.Core.Http.OpenAI;

/// <summary>The answer of <c>/v1/chat/completions</c> to a turn: one object, or the events of a stream.</summary>
/// <param name="model">The model's name, as asked.</param>
/// <param name="created">When the answer was made.</param>
internal sealed class ChatCompletionAnswer(string model, DateTimeOffset created)
{
    private readonly string _id = "chatcmpl-" + Guid.NewGuid().ToString("N")[..29];

    /// <summary>An error as OpenAI's clients read it.</summary>
    public static JsonAnswer Error(ChatFailure failure) => Errors.Create(
        ErrorShape.OpenAI, failure.Status, failure.Message, retryAfter: failure.RetryAfter, code: failure.Code, shouldRetry: failure.IsTransient);

    /// <summary>The whole answer.</summary>
    public ChatCompletion ToCompletion(ChatOutcome outcome)
    {
        var calls = ToolCallObject.Read(outcome.PendingToolCalls);

        // The reference's words; what is stored stays empty.
        var text = outcome.Text.Length > 0 || calls is not null ? outcome.Text : "(No response generated)";
        return new ChatCompletion(
            _id, "chat.completion", created.ToUnixTimeSeconds(), model,
            [new ChatChoice(0, new ChatAnswerMessage("assistant", text, calls), outcome.FinishReason)], Usage(outcome));
    }

    /// <summary>The events of a stream that say what happened; none is a meaning too.</summary>
    public IEnumerable<ServerEvent> Events(ChatEvent happened)
    {
        switch (happened)
        {
            case TurnStarted:
                yield return new(Chunk(new ChatDelta(Role: "assistant")));
                break;
            case TextDelta delta:
                yield return new(Chunk(new ChatDelta(Content: delta.Text)));
                break;
            case ToolStarted tool:
                yield return Progress(tool.Name, tool.Preview, tool.CallId, "running");
                break;
            case ToolCompleted tool:
                yield return Progress(tool.Name, tool.Preview, tool.CallId, "completed");
                break;
            case TurnEnded { Outcome.Failure: { } failure }:
                // No [DONE] behind it: a reader that knows no error events must not take the answer as whole.
                yield return new(Errors.OpenAI(failure.Status, failure.Message, code: failure.Code), "error");
                break;
            case TurnEnded { Outcome: var outcome }:
                if (ToolCallObject.Read(outcome.PendingToolCalls) is { } calls)
                    yield return new(Chunk(new ChatDelta(ToolCalls: [.. calls.Select((call, index) => call with { Index = index })])));

                yield return new(Chunk(new ChatDelta(), outcome.FinishReason) with { Usage = Usage(outcome) });
                yield return new("[DONE]");
                break;
        }
    }

    private static ChatUsage Usage(ChatOutcome outcome) => new(outcome.InputTokens, outcome.OutputTokens, outcome.TotalTokens);

    private ChatCompletionChunk Chunk(ChatDelta delta, string? finishReason = null) => new()
    {
        Id = _id,
        Object = "chat.completion.chunk",
        Created = created.ToUnixTimeSeconds(),
        Model = model,
        Choices = [new ChatChunkChoice(0, delta, finishReason)],
    };

    // The stock clients read every event as a chunk, whatever its name, so it is one that says nothing.
    private ServerEvent Progress(string tool, string label, string callId, string status)
    {
        var chunk = Chunk(new ChatDelta());
        return new(
            new ToolProgressEvent
            {
                Id = chunk.Id,
                Object = chunk.Object,
                Created = chunk.Created,
                Model = chunk.Model,
                Choices = chunk.Choices,
                Tool = tool,
                Label = label,
                ToolCallId = callId,
                Status = status,
            },
            "hermes.tool.progress");
    }
}
