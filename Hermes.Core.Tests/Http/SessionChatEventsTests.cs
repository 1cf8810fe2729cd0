using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Hermes.Core.Chat;
using Hermes.Core.Http.Endpoints;
using Hermes.Core.Http.Wire;
using static Hermes.Core.Chat.ChatEvent;

namespace Hermes.Core.Tests.Http;

public class SessionChatEventsTests
{
    private readonly ChatRun _run = new("s", TimeProvider.System) { UserText = "hi\nyou" };

    [Fact]
    public void Next_Turn_IsAStreamOfNumberedEvents()
    {
        Assert.Equal(
            """
            id: 1
            event: session.created
            data: {"session_id":"s","run_id":"RUN","title":null}

            id: 2
            event: run.started
            data: {"session_id":"s","run_id":"RUN","user_message":{"id":"7","role":"user","content":"hi\nyou"}}

            id: 3
            event: message.started
            data: {"session_id":"s","run_id":"RUN","message":{"id":"MESSAGE","role":"assistant"}}

            id: 4
            event: assistant.delta
            data: {"session_id":"s","run_id":"RUN","message_id":"MESSAGE","delta":"你好"}

            id: 5
            event: tool.started
            data: {"session_id":"s","run_id":"RUN","tool_call_id":"c","tool_name":"terminal","preview":"ls","args":{"command":"ls"}}

            id: 6
            event: tool.completed
            data: {"session_id":"s","run_id":"RUN","tool_call_id":"c","tool_name":"terminal","args":{"command":"ls"},"result_preview":"out"}

            id: 7
            event: tool.failed
            data: {"session_id":"s","run_id":"RUN","tool_call_id":"d","tool_name":"terminal","args":"no JSON","error":"no"}

            id: 8
            event: assistant.completed
            data: {"session_id":"s","run_id":"RUN","message_id":"MESSAGE","content":"你好","completed":true,"partial":false,"interrupted":false}

            id: 9
            event: run.completed
            data: {"session_id":"s","run_id":"RUN","message_id":"MESSAGE","completed":true,"partial":false,"interrupted":false,"api_calls":2}

            id: 10
            event: done
            data: {"session_id":"s","run_id":"RUN","state":"final"}


            """,
            Written(after: 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(9)]
    public void Next_AfterAnEvent_IsTheRest(int after) =>
        Assert.Equal(string.Concat(Written(0).Split("\n\n").Skip(after).SkipLast(1).Select(told => told + "\n\n")), Written(after));

    [Theory]
    [InlineData(0, false)]
    [InlineData(9, false)]
    [InlineData(10, true)]
    [InlineData(11, true)]
    public void IsAllRead_RunThatEnded_CountsItsEvents(long after, bool expected)
    {
        Assert.False(SessionChatEvents.IsAllRead(_run, after));
        foreach (var happened in Turn)
            _run.Add(happened);

        Assert.Equal(expected, SessionChatEvents.IsAllRead(_run, after));
    }

    private static ChatEvent[] Turn =>
    [
        new TurnStarted(7), new TextDelta("你好"), new ToolStarted("c", "terminal", """{"command":"ls"}""", "ls"),
        new ToolCompleted("c", "terminal", """{"command":"ls"}""", "ls", "out"), new ToolCompleted("d", "terminal", "no JSON", "ls", "no") { HasFailed = true },
        new TurnEnded(new ChatOutcome { Text = "你好", ModelCalls = 2 }),
    ];

    private string Written(long after)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var stream = new EventStream(pipe.Writer, TimeProvider.System, CancellationToken.None);
        foreach (var sent in Turn.SelectMany(new SessionChatEvents(_run, after).Next))
            stream.Write(sent);

        pipe.Writer.Complete();
        Assert.True(pipe.Reader.TryRead(out var read));
        var digits = _run.Id["run_".Length..];
        return Encoding.UTF8.GetString(read.Buffer.ToArray())
            .Replace("run_" + digits, "RUN", StringComparison.Ordinal).Replace("msg_" + digits, "MESSAGE", StringComparison.Ordinal);
    }
}
