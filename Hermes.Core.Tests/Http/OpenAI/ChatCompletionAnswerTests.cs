using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hermes.Core.Chat;
using Hermes.Core.Http.OpenAI;
using Hermes.Core.Http.Wire;
using static Hermes.Core.Chat.ChatEvent;

namespace Hermes.Core.Tests.Http;

public partial class ChatCompletionAnswerTests
{
    private static readonly ChatOutcome Outcome = new() { Text = "Hi — 你好 👋", InputTokens = 11, OutputTokens = 7, TotalTokens = 18 };

    [Fact]
    public void ToCompletion_Answer_IsOpenAIs() => Assert.Equal(
        """{"id":"ID","object":"chat.completion","created":5,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi — 你好 \uD83D\uDC4B"},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}""",
        Completion(Outcome));

    [Fact]
    public void ToCompletion_EmptyAnswer_SaysSo() =>
        Assert.Contains("\"content\":\"(No response generated)\"", Completion(Outcome with { Text = "" }), StringComparison.Ordinal);

    [Fact]
    public void ToCompletion_PendingCalls_AreInTheMessage()
    {
        var outcome = Outcome with { Text = "", FinishReason = "tool_calls", PendingToolCalls = JsonElement.Parse("""[{"id":"c","type":"function","function":{"name":"t","arguments":"{}"}}]""") };

        Assert.Contains(
            """
            "message":{"role":"assistant","content":"","tool_calls":[{"id":"c","type":"function","function":{"name":"t","arguments":"{}"}}]},"finish_reason":"tool_calls"
            """,
            Completion(outcome),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Events_Turn_IsAStreamOfChunks()
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
    public void Events_FailedTurn_EndsWithAnErrorAndNoStop() => Assert.Equal(
        """
        event: error
        data: {"error":{"message":"The model provider failed. Your message is stored; try again.","type":"server_error","param":null,"code":"provider_error"}}


        """,
        Events(new TurnEnded(new ChatOutcome { Failure = ChatFailure.FromAgent(new IOException("SECRET")) })));

    [Fact]
    public void Events_PendingCalls_AreDeltasWithAnIndex() => Assert.Contains(
        """
        "delta":{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"t","arguments":"{}"}}]},"finish_reason":null}
        """,
        Events(new TurnEnded(Outcome with { FinishReason = "tool_calls", PendingToolCalls = JsonElement.Parse("""[{"id":"c","type":"function","function":{"name":"t","arguments":"{}"}}]""") })),
        StringComparison.Ordinal);

    private static string Completion(ChatOutcome outcome) => Named(WireJson.Serialize(Answer().ToCompletion(outcome)));

    private static string Events(params ChatEvent[] events)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var stream = new EventStream(pipe.Writer, TimeProvider.System, CancellationToken.None);
        foreach (var sent in events.SelectMany(Answer().Events))
            stream.Write(sent);

        pipe.Writer.Complete();
        Assert.True(pipe.Reader.TryRead(out var read));
        return Named(System.Buffers.BuffersExtensions.ToArray(read.Buffer));
    }

    private static ChatCompletionAnswer Answer() => new("m", DateTimeOffset.FromUnixTimeSeconds(5));

    private static string Named(byte[] utf8) => Id().Replace(Encoding.UTF8.GetString(utf8), "\"id\":\"ID\"");

    [GeneratedRegex("\"id\":\"chatcmpl-[0-9a-f]{29}\"")]
    private static partial Regex Id();
}
