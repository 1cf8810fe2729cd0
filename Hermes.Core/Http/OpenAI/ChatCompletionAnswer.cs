using Hermes.Core.Chat;
using Hermes.Core.Http.Wire;
using static Hermes.Core.Chat.ChatEvent;
using static Hermes.Core.Http.Wire.ChatWire;

namespace Hermes.Core.Http.OpenAI;

/// <summary>The answer of <c>/v1/chat/completions</c> to a turn: one object, or the events of a stream.</summary>
internal sealed class ChatCompletionAnswer(string model, DateTimeOffset created)
{
    private readonly string _id = "chatcmpl-" + Guid.NewGuid().ToString("N")[..29];

    /// <summary>An error as OpenAI's clients read it.</summary>
    public static JsonAnswer Error(ChatFailure failure) => Errors.Create(
        ErrorShape.OpenAI, failure.Status, failure.Message, retryAfter: failure.RetryAfter, code: failure.Code, shouldRetry: failure.IsTransient);

    public ChatCompletion ToCompletion(ChatOutcome outcome)
    {
        var calls = ToolCallObject.Read(outcome.PendingToolCalls);

        // The reference's words; what is stored stays empty.
        var text = outcome.Text.Length > 0 || calls is not null ? outcome.Text : "(No response generated)";
        var choice = new ChatChoice(0, new ChatAnswerMessage("assistant", text, calls), outcome.FinishReason);
        return new ChatCompletion(_id, "chat.completion", created.ToUnixTimeSeconds(), model, [choice], Usage(outcome));
    }

    /// <summary>The events of a stream that say what happened; none is a meaning too.</summary>
    public IEnumerable<ServerEvent> Events(ChatEvent happened) => happened switch
    {
        TurnStarted => [new(Chunk(new ChatDelta(Role: "assistant")))],
        TextDelta delta => [new(Chunk(new ChatDelta(Content: delta.Text)))],
        ToolStarted tool => [Progress(tool.Name, tool.Preview, tool.CallId, "running")],
        ToolCompleted tool => [Progress(tool.Name, tool.Preview, tool.CallId, "completed")],

        // No [DONE] behind it: a reader that knows no error events must not take the answer as whole.
        TurnEnded { Outcome.Failure: { } failure } => [new(Errors.OpenAI(failure.Status, failure.Message, code: failure.Code), "error")],
        TurnEnded { Outcome: var outcome } =>
            [.. Calls(outcome), new(Chunk(new ChatDelta(), outcome.FinishReason) with { Usage = Usage(outcome) }), new("[DONE]")],
        _ => [],
    };

    private static ChatUsage Usage(ChatOutcome outcome) => new(outcome.InputTokens, outcome.OutputTokens, outcome.TotalTokens);

    private IEnumerable<ServerEvent> Calls(ChatOutcome outcome) => ToolCallObject.Read(outcome.PendingToolCalls) is { } calls
        ? [new(Chunk(new ChatDelta(ToolCalls: [.. calls.Select((call, index) => call with { Index = index })])))]
        : [];

    private ChatCompletionChunk Chunk(ChatDelta delta, string? finishReason = null) =>
        new(_id, "chat.completion.chunk", created.ToUnixTimeSeconds(), model, [new ChatChunkChoice(0, delta, finishReason)]);

    // The stock clients read every event as a chunk, whatever its name, so it is one that says nothing.
    private ServerEvent Progress(string tool, string label, string callId, string status)
    {
        var (id, type, created, model, choices, _) = Chunk(new ChatDelta());
        return new(new ToolProgressEvent(id, type, created, model, choices, tool, label, callId, status), "hermes.tool.progress");
    }
}
