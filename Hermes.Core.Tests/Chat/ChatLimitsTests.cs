using System.Runtime.CompilerServices;
using Hermes.Core.Chat;
using Hermes.Testing;
using Microsoft.Extensions.AI;
using static Hermes.Core.Chat.ChatEvent;

namespace Hermes.Core.Tests.Chat;

/// <summary>Answers without end, in every form, and silence.</summary>
public class ChatLimitsTests
{
    public static TheoryData<string> Endless => new("text", "reasoning", "calls", "empty", "usage", "tools");

    [Theory]
    [MemberData(nameof(Endless))]
    public async Task Start_EndlessAnswer_EndsWithLength(string form)
    {
        var options = new HermesChatOptions { MaxAnswerLength = 1000, MaxRunBytes = 40_000 };
        await using var chat = new ChatFixture(new ScriptedChatClient(), _ => new EndlessClient(form), options);

        var outcome = await chat.RunAsync("hi", "s").WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Null(outcome.Failure);
        Assert.Equal("length", outcome.FinishReason);
        Assert.Null(outcome.PendingToolCalls);
        Assert.InRange(outcome.Messages.Sum(message => (message.Content?.Length ?? 0) + (message.Reasoning?.Length ?? 0)), 2, 40_000);
        if (form is "text" or "reasoning")
        {
            Assert.Equal(1000, outcome.Text.Length + (outcome.Reasoning?.Length ?? 0));
            Assert.Equal("length", chat.Store.Messages("s")[^1].FinishReason);
        }
    }

    [Fact]
    public async Task Start_AnswerAsLongAsItMayBe_IsWhole()
    {
        await using var chat = new ChatFixture(
            new ScriptedChatClient(ScriptedAnswer.Text("abc", "de")), options: new HermesChatOptions { MaxAnswerLength = 5 });

        var outcome = await chat.RunAsync("hi", "s");

        Assert.Equal(("abcde", "stop"), (outcome.Text, outcome.FinishReason));
    }

    [Fact]
    public async Task Start_OneUpdateLongerThanAll_IsCut()
    {
        await using var chat = new ChatFixture(
            new ScriptedChatClient(ScriptedAnswer.Text("abcdefghij")), options: new HermesChatOptions { MaxAnswerLength = 4 });

        var turn = chat.Start("hi", "s");
        var events = await turn.ReadAsync().ToListAsync();

        Assert.Equal(new TextDelta("abcd"), events[1]);
        Assert.Equal(("abcd", "length"), ((await turn.Completion).Text, (await turn.Completion).FinishReason));
        Assert.Equal(["user:hi", "assistant:abcd"], chat.Transcript("s"));
    }

    [Fact]
    public async Task Start_ModelSaysNothing_IsATimeoutAndWhatWasSaidIsStored()
    {
        var gate = new Gate();
        await using var chat = new ChatFixture(
            ScriptedAnswer.Text("half").ThenWait(gate.WaitStubbornlyAsync), ScriptedAnswer.Text("next"));
        var turn = chat.Start("hi", "s");
        await gate.Reached;

        var outcome = await PassAsync(chat, turn, TimeSpan.FromMinutes(5));

        Assert.Equal((504, "model_timeout", false), (outcome.Failure!.Status, outcome.Failure.Code, outcome.Failure.IsTransient));
        Assert.Equal(["user:hi", "assistant:half"], chat.Transcript("s"));
        Assert.Equal("next", (await chat.RunAsync("again", "s")).Text);
        gate.Open();
    }

    [Fact]
    public async Task Start_ToolRunsForHours_IsNoTimeout()
    {
        var gate = new Gate();
        var model = new ScriptedChatClient(ScriptedAnswer.ToolCall("slow").WithUsage(1, 1), ScriptedAnswer.Text("done"));
        await using var chat = new ChatFixture(model, inner => inner.AsBuilder()
            .ConfigureOptions(options => options.Tools = [AIFunctionFactory.Create(gate.WaitAsync, "slow")])
            .UseFunctionInvocation()
            .Build());
        var turn = chat.Start("hi", "s");
        await gate.Reached;

        chat.Time.Advance(TimeSpan.FromHours(3));
        gate.Open();

        Assert.Equal("done", (await turn.Completion).Text);
    }

    [Fact]
    public async Task Start_ModelSaysNothingAfterItsTools_IsATimeout()
    {
        var gate = new Gate();
        var model = new ScriptedChatClient(ScriptedAnswer.ToolCall("now"), ScriptedAnswer.Empty.ThenWait(gate.WaitAsync));
        await using var chat = new ChatFixture(model, inner => inner.AsBuilder()
            .ConfigureOptions(options => options.Tools = [AIFunctionFactory.Create(() => 12, "now")])
            .UseFunctionInvocation()
            .Build());
        var turn = chat.Start("hi", "s");
        await gate.Reached;

        Assert.Equal(504, (await PassAsync(chat, turn, TimeSpan.FromMinutes(5))).Failure!.Status);
    }

    // The engine may begin to wait a moment after the model does, so the clock goes on until it has.
    private static async Task<ChatOutcome> PassAsync(ChatFixture chat, ChatRun turn, TimeSpan time)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!turn.Completion.IsCompleted)
        {
            limit.Token.ThrowIfCancellationRequested();
            chat.Time.Advance(time);
            await Task.Yield();
        }

        return await turn.Completion;
    }

    /// <summary>An agent that never ends.</summary>
    private sealed class EndlessClient(string form) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            for (var i = 0; ; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return new ChatResponseUpdate(ChatRole.Assistant, form switch
                {
                    "text" => [new TextContent("word ")],
                    "reasoning" => [new TextReasoningContent("word ")],
                    "calls" or "tools" => [new FunctionCallContent($"call{i}", "f", new Dictionary<string, object?> { ["a"] = "b" })],
                    "usage" => [new UsageContent(new UsageDetails { InputTokenCount = 1 })],
                    _ => [],
                });
                if (form == "tools")
                    yield return new ChatResponseUpdate(ChatRole.Tool, [new FunctionResultContent($"call{i}", new string('x', 1000))]);
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
