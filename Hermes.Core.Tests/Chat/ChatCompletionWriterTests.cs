using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hermes.Core.Chat;
using Hermes.Core.Text;

namespace Hermes.Core.Tests.Chat;

public partial class ChatCompletionWriterTests
{
    private static readonly ChatOutcome Outcome = new() { Text = "Hi — 你好 👋", InputTokens = 11, OutputTokens = 7, TotalTokens = 18 };

    [Fact]
    public void WriteCompletion_Answer_IsOpenAIs() => Assert.Equal(
        """{"id":"ID","object":"chat.completion","created":5,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi — 你好 \uD83D\uDC4B"},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}""",
        Completion(Outcome));

    [Fact]
    public void WriteCompletion_EmptyAnswer_SaysSo() =>
        Assert.Contains("\"content\":\"(No response generated)\"", Completion(Outcome with { Text = "" }), StringComparison.Ordinal);

    [Fact]
    public void WriteCompletion_PendingCalls_AreInTheMessage()
    {
        var outcome = Outcome with { Text = "", FinishReason = "tool_calls", PendingToolCalls = JsonElement.Parse("""[{"id":"c"}]""") };

        Assert.Contains(
            """
            "message":{"role":"assistant","content":"","tool_calls":[{"id":"c"}]},"finish_reason":"tool_calls"
            """,
            Completion(outcome),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Turn_IsAStreamOfChunks()
    {
        var stream = Events(
            new TurnStarted(1), new TextDelta("a\nb"), new ToolStarted("c", "terminal", "{}", "ls"), new ToolCompleted("c", "terminal", "{}", "ls", "out"),
            new TurnEnded(Outcome));

        Assert.Equal(
            """
            data: {"id":"ID","object":"chat.completion.chunk","created":5,"model":"m","choices":[{"index":0,"delta":{"role":"assistant"},"finish_reason":null}]}

            data: {"id":"ID","object":"chat.completion.chunk","created":5,"model":"m","choices":[{"index":0,"delta":{"content":"a\nb"},"finish_reason":null}]}

            event: hermes.tool.progress
            data: {"id":"ID","object":"chat.completion.chunk","created":5,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":null}],"tool":"terminal","label":"ls","toolCallId":"c","status":"running"}

            event: hermes.tool.progress
            data: {"id":"ID","object":"chat.completion.chunk","created":5,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":null}],"tool":"terminal","label":"ls","toolCallId":"c","status":"completed"}

            data: {"id":"ID","object":"chat.completion.chunk","created":5,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}

            data: [DONE]


            """,
            stream);
    }

    [Fact]
    public void Write_FailedTurn_EndsWithAnErrorAndNoStop() => Assert.Equal(
        """
        event: error
        data: {"error":{"message":"The model provider failed. Your message is stored; try again.","type":"server_error","param":null,"code":"provider_error"}}


        """,
        Events(new TurnEnded(new ChatOutcome { Failure = ChatFailure.FromAgent(new IOException("SECRET")) })));

    [Fact]
    public void Write_PendingCalls_AreDeltasWithAnIndex() => Assert.Contains(
        """
        "delta":{"tool_calls":[{"index":0,"id":"c"}]},"finish_reason":null}
        """,
        Events(new TurnEnded(Outcome with { FinishReason = "tool_calls", PendingToolCalls = JsonElement.Parse("""[{"id":"c"}]""") })),
        StringComparison.Ordinal);

    private static string Completion(ChatOutcome outcome) => Rendered((writer, output) =>
    {
        using var json = new Utf8JsonWriter(output, Utf8Json.Options);
        writer.WriteCompletion(outcome, json);
    });

    private static string Events(params ChatEvent[] events) => Rendered((writer, output) =>
    {
        foreach (var happened in events)
        {
            writer.Write(happened, output);
        }
    });

    private static string Rendered(Action<ChatCompletionWriter, IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(new ChatCompletionWriter("m", DateTimeOffset.FromUnixTimeSeconds(5)), output);
        return Id().Replace(Encoding.UTF8.GetString(output.WrittenSpan), "\"id\":\"ID\"");
    }

    [GeneratedRegex("\"id\":\"chatcmpl-[0-9a-f]{29}\"")]
    private static partial Regex Id();
}
