using Hermes.Testing;
using Microsoft.Extensions.AI;

namespace Hermes.Core.Tests.Testing;

public class ScriptedChatClientTests
{
    [Fact]
    public async Task GetResponse_Answers_ComeInOrder()
    {
        using var model = new ScriptedChatClient(ScriptedAnswer.Text("one"), ScriptedAnswer.Text("two")).Then(ScriptedAnswer.Text("three"));

        Assert.Equal("one", (await model.GetResponseAsync("a")).Text);
        Assert.Equal("two", (await model.GetResponseAsync("b")).Text);
        Assert.Equal(1, model.Remaining);
        Assert.Equal("three", (await model.GetResponseAsync("c")).Text);
    }

    [Fact]
    public async Task GetResponse_PredicateMatches_GoesBeforeTheOrder()
    {
        using var model = new ScriptedChatClient(ScriptedAnswer.Text("in order")).When(request => request.UserText == "ping", ScriptedAnswer.Text("pong"));

        Assert.Equal("pong", (await model.GetResponseAsync("ping")).Text);
        Assert.Equal("in order", (await model.GetResponseAsync("other")).Text);
        Assert.Equal("pong", (await model.GetResponseAsync("ping")).Text);
    }

    [Fact]
    public async Task GetStreamingResponse_Text_ComesInTheChosenDeltas()
    {
        using var model = new ScriptedChatClient(ScriptedAnswer.Text("a", "b").WithUsage(3, 2).WithModel("m").WithFinishReason("length"));

        var updates = await model.GetStreamingResponseAsync("hi").ToListAsync();

        Assert.Equal(["a", "b", ""], updates.Select(update => update.Text));
        Assert.Equal("length", updates[^1].FinishReason!.Value.Value);
        Assert.Equal(5, updates.ToChatResponse().Usage!.TotalTokenCount);
        Assert.All(updates, update => Assert.Equal("m", update.ModelId));
    }

    [Fact]
    public async Task GetResponse_ToolCallWithFunctionInvocation_IsRunAndFollowed()
    {
        using var model = new ScriptedChatClient(
            ScriptedAnswer.ToolCall("add", new Dictionary<string, object?> { ["a"] = 2, ["b"] = 3 }), ScriptedAnswer.Text("five"));
        using var agent = model.AsBuilder().UseFunctionInvocation().Build();

        var answer = await agent.GetResponseAsync("2+3?", new ChatOptions { Tools = [AIFunctionFactory.Create((int a, int b) => a + b, "add")] });

        Assert.Equal("five", answer.Text);
        Assert.True(model.Requests[1].FollowsTool);
        Assert.Equal("5", model.Requests[1].Messages[^1].Contents.OfType<FunctionResultContent>().Single().Result!.ToString());
    }

    [Fact]
    public async Task GetStreamingResponse_FailureMidAnswer_ComesAfterItsDeltas()
    {
        using var model = new ScriptedChatClient(ScriptedAnswer.Text("half").ThenFail(new IOException("cut")));
        var seen = new List<string>();

        await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (var update in model.GetStreamingResponseAsync("hi"))
            {
                seen.Add(update.Text);
            }
        });

        Assert.Equal(["half"], seen);
    }

    [Fact]
    public async Task Requests_CallerChangesItsMessagesLater_KeepsWhatWasAsked()
    {
        using var model = new ScriptedChatClient(ScriptedAnswer.Text("ok"));
        var messages = new List<ChatMessage> { new(ChatRole.User, "hi") };
        var options = new ChatOptions { Temperature = 1 };
        await model.GetResponseAsync(messages, options);

        messages.Clear();
        options.Temperature = 2;

        Assert.Equal(("hi", 1f), (model.Requests[0].UserText, model.Requests[0].Options!.Temperature));
    }

    [Fact]
    public async Task GetResponse_ScriptIsExhausted_SaysWhichRequestHasNoAnswer()
    {
        using var model = new ScriptedChatClient();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => model.GetResponseAsync("what now?"));

        Assert.Contains("no answer to request 1, whose last user message is \"what now?\"", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponse_Cancelled_StopsWaiting()
    {
        using var cancel = new CancellationTokenSource();
        using var model = new ScriptedChatClient(ScriptedAnswer.Empty.ThenWait(async token =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
        }));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => model.GetResponseAsync("hi", cancellationToken: cancel.Token));
    }

    [Fact]
    public async Task GetResponse_ManyAtOnce_GivesEachAnswerOnce()
    {
        using var model = new ScriptedChatClient([.. Enumerable.Range(0, 100).Select(i => ScriptedAnswer.Text($"{i}"))]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => model.GetResponseAsync("hi"))));

        Assert.Equal(Enumerable.Range(0, 100), answers.Select(answer => int.Parse(answer.Text, System.Globalization.CultureInfo.InvariantCulture)).Order());
        Assert.Equal(100, model.Requests.Count);
    }
}
