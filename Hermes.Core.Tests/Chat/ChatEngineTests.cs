using System.Text.Json;
using Hermes.Core.Chat;
using Hermes.Core.Sessions;
using Hermes.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using static Hermes.Core.Chat.ChatEvent;

namespace Hermes.Core.Tests.Chat;

public class ChatEngineTests
{
    [Fact]
    public async Task Start_NewSession_StoresBothMessagesAndUsage()
    {
        await using var chat = new ChatFixture(ScriptedAnswer.Text("Hel", "lo").WithUsage(11, 7).WithModel("m/1"));

        var turn = chat.Start("hi");
        var outcome = await turn.Completion;

        Assert.Null(outcome.Failure);
        Assert.Equal("Hello", outcome.Text);
        Assert.Equal((11, 7, 18), (outcome.InputTokens, outcome.OutputTokens, outcome.TotalTokens));
        Assert.Equal(["user:hi", "assistant:Hello"], chat.Transcript(turn.SessionId));
        Assert.Equal([null, "stop"], chat.Store.Messages(turn.SessionId).Select(message => message.FinishReason));
        var session = chat.Store.Session(turn.SessionId)!;
        Assert.Equal(("api_server", "m/1", 11, 7), (session.Source, session.Model, session.InputTokens, session.OutputTokens));
        Assert.True(Guid.TryParse(turn.SessionId, out _));
    }

    [Fact]
    public async Task Start_AnswerThatNamesNoModel_StoresTheOneThatWasAsked()
    {
        await using var chat = new ChatFixture(ScriptedAnswer.Text("ok"));

        var turn = chat.Engine.Start(ChatFixture.Say("hi") with { Model = "asked/1" });
        await turn.Completion;

        Assert.Equal("asked/1", chat.Store.Session(turn.SessionId)!.Model);
    }

    [Fact]
    public async Task Events_PlainAnswer_ComeInOrder()
    {
        await using var chat = new ChatFixture(ScriptedAnswer.Text("Hel", "lo"));

        var turn = chat.Start("hi");
        var events = await turn.ReadAsync().ToListAsync();

        Assert.Collection(
            events,
            first => Assert.Equal(chat.Store.Messages(turn.SessionId)[0].Id, Assert.IsType<TurnStarted>(first).UserMessageId),
            second => Assert.Equal(new TextDelta("Hel"), second),
            third => Assert.Equal(new TextDelta("lo"), third),
            last => Assert.Same(turn.Completion.Result, Assert.IsType<TurnEnded>(last).Outcome));
    }

    [Fact]
    public async Task Events_SecondReader_GetsThemFromWhereItLikes()
    {
        await using var chat = new ChatFixture(ScriptedAnswer.Text("a", "b", "c"));
        var turn = chat.Start("hi");
        await turn.Completion;

        var events = await turn.ReadAsync(from: 2).ToListAsync();

        Assert.Equal([new TextDelta("b"), new TextDelta("c")], events.Take(2));
        Assert.IsType<TurnEnded>(events[2]);
    }

    [Fact]
    public async Task Start_ModelIsAsked_UserMessageIsStoredBefore()
    {
        var gate = new Gate();
        await using var chat = new ChatFixture(ScriptedAnswer.Empty.ThenWait(gate.WaitAsync).ThenText("later"));

        var turn = chat.Start("hi");
        await gate.Reached;

        Assert.Equal(["user:hi"], chat.Transcript(turn.SessionId));
        gate.Open();
        await turn.Completion;
    }

    [Fact]
    public async Task Start_KnownSession_HistoryIsTheStoredOne()
    {
        await using var chat = new ChatFixture(ScriptedAnswer.Text("one"), ScriptedAnswer.Text("two"));
        await chat.RunAsync("first", "s");

        await chat.Engine.Start(ChatFixture.Say("second", "s") with
        {
            System = ["be brief"],
        }).Completion;

        Assert.Equal(
            ["system:be brief", "user:first", "assistant:one", "user:second"],
            chat.Model.Requests[1].Messages.Select(message => $"{message.Role}:{message.Text}"));
        Assert.Equal(["user:first", "assistant:one", "user:second", "assistant:two"], chat.Transcript("s"));
    }

    [Fact]
    public async Task Start_NewSession_HistoryIsThatOfTheRequest()
    {
        await using var chat = new ChatFixture(ScriptedAnswer.Text("ok"));

        var turn = chat.Engine.Start(ChatFixture.Say("three") with
        {
            History = [new NewMessage { Role = "user", Content = "one" }, new NewMessage { Role = "assistant", Content = "two" }],
            Following = [new NewMessage { Role = "assistant", Content = "It is" }],
        });
        await turn.Completion;

        Assert.Equal(
            ["user:one", "assistant:two", "user:three", "assistant:It is"],
            chat.Model.Requests[0].Messages.Select(message => $"{message.Role}:{message.Text}"));
        Assert.Equal(["user:three", "assistant:ok"], chat.Transcript(turn.SessionId));
    }

    [Fact]
    public async Task Start_Options_ReachTheModel()
    {
        await using var chat = new ChatFixture(ScriptedAnswer.Text("ok"));

        await chat.Engine.Start(ChatFixture.Say("hi") with { Options = new ChatOptions { Temperature = 0.5f, MaxOutputTokens = 9 } }).Completion;

        Assert.Equal((0.5f, 9), (chat.Model.Requests[0].Options!.Temperature, chat.Model.Requests[0].Options!.MaxOutputTokens));
    }

    [Fact]
    public async Task Start_ImagePart_ReachesTheModelAndTheStore()
    {
        await using var chat = new ChatFixture(ScriptedAnswer.Text("a cat"));
        var parts = JsonElement.Parse("""[{"type":"text","text":"what?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]""");

        var turn = chat.Engine.Start(new ChatTurnRequest { User = new NewMessage { Role = "user", ContentParts = parts } });
        await turn.Completion;

        var contents = chat.Model.Requests[0].Messages[0].Contents;
        Assert.Equal("what?", Assert.IsType<TextContent>(contents[0]).Text);
        Assert.Equal("image/png", Assert.IsType<DataContent>(contents[1]).MediaType);
        Assert.Equal(parts.GetRawText(), chat.Store.Messages(turn.SessionId)[0].ContentParts!.Value.GetRawText());
    }

    [Fact]
    public async Task Start_ToolCall_StoresCallResultAndAnswerInOrder()
    {
        var model = new ScriptedChatClient(
            ScriptedAnswer.Text("Let me see. ").ThenToolCall("weather", new Dictionary<string, object?> { ["city"] = "Zürich" }, "call_1").WithUsage(5, 1),
            ScriptedAnswer.Text("It rains.").WithUsage(6, 2));
        await using var chat = new ChatFixture(model, Tools(AIFunctionFactory.Create((string city) => $"rain in {city}", "weather")));

        var turn = chat.Start("weather?");
        var events = await turn.ReadAsync().ToListAsync();

        var outcome = await turn.Completion;
        Assert.Equal(("It rains.", 2, 11, 3), (outcome.Text, outcome.ModelCalls, outcome.InputTokens, outcome.OutputTokens));
        Assert.Equal(
            ["user:weather?", "assistant:Let me see. ", "tool:rain in Zürich", "assistant:It rains."],
            chat.Transcript(turn.SessionId));
        var messages = chat.Store.Messages(turn.SessionId);
        Assert.Equal(
            """[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Zürich\"}"}}]""",
            messages[1].ToolCalls!.Value.GetRawText());
        Assert.Equal([null, "tool_calls", null, "stop"], messages.Select(message => message.FinishReason));
        Assert.Equal(("call_1", "weather"), (messages[2].ToolCallId, messages[2].ToolName));
        Assert.Equal(
            [
                new TextDelta("Let me see. "),
                new ToolStarted("call_1", "weather", """{"city":"Zürich"}""", "Zürich"),
                new ToolCompleted("call_1", "weather", """{"city":"Zürich"}""", "Zürich", "rain in Zürich"),
                new TextDelta("It rains."),
            ],
            events[1..^1]);
    }

    [Fact]
    public async Task Start_ToolRuns_ItsCallIsStoredAndTold()
    {
        var gate = new Gate();
        var model = new ScriptedChatClient(ScriptedAnswer.ToolCall("slow"), ScriptedAnswer.Text("done"));
        await using var chat = new ChatFixture(model, Tools(AIFunctionFactory.Create(gate.WaitAsync, "slow")));

        var turn = chat.Start("go");
        await gate.Reached;

        Assert.Equal(["user:go", "assistant:"], chat.Transcript(turn.SessionId));
        Assert.True(turn.TryGetEvent(1, out var told));
        Assert.IsType<ToolStarted>(told);
        gate.Open();
        await turn.Completion;
    }

    [Fact]
    public async Task Start_SessionWithTools_HistoryHoldsCallsAndResults()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.ToolCall("now"), ScriptedAnswer.Text("noon"), ScriptedAnswer.Text("yes"));
        await using var chat = new ChatFixture(model, Tools(AIFunctionFactory.Create(() => 12, "now")));
        await chat.RunAsync("time?", "s");

        await chat.RunAsync("sure?", "s");

        var asked = model.Requests[2].Messages;
        Assert.Equal([ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.Assistant, ChatRole.User], asked.Select(message => message.Role));
        Assert.Equal("now", Assert.IsType<FunctionCallContent>(Assert.Single(asked[1].Contents)).Name);
        Assert.Equal("12", Assert.IsType<FunctionResultContent>(Assert.Single(asked[2].Contents)).Result);
    }

    [Fact]
    public async Task Start_NobodyRunsTheTool_CallsArePending()
    {
        await using var chat = new ChatFixture(ScriptedAnswer.ToolCall("unknown", callId: "c"));

        var outcome = await chat.RunAsync("go", "s");

        Assert.Equal("tool_calls", outcome.FinishReason);
        Assert.Equal("c", outcome.PendingToolCalls!.Value[0].GetProperty("id").GetString());
        Assert.Equal(["user:go", "assistant:"], chat.Transcript("s"));
    }

    [Fact]
    public async Task Start_EmptyAnswer_IsStoredAsEmpty()
    {
        await using var chat = new ChatFixture(ScriptedAnswer.Empty);

        var outcome = await chat.RunAsync("hi", "s");

        Assert.Equal((null, "", "stop"), (outcome.Failure, outcome.Text, outcome.FinishReason));
        Assert.Equal(["user:hi", "assistant:"], chat.Transcript("s"));
    }

    [Fact]
    public async Task Start_FinishReasonLength_IsKept()
    {
        await using var chat = new ChatFixture(ScriptedAnswer.Text("cut").WithFinishReason("length"));

        Assert.Equal("length", (await chat.RunAsync("hi", "s")).FinishReason);
        Assert.Equal("length", chat.Store.Messages("s")[1].FinishReason);
    }

    [Fact]
    public async Task Interrupt_MidAnswer_StoresWhatWasSaid()
    {
        var gate = new Gate();
        await using var chat = new ChatFixture(ScriptedAnswer.Text("half ").ThenWait(gate.WaitAsync).ThenText("whole"));
        var turn = chat.Start("hi", "s");
        await gate.Reached;

        turn.Interrupt();
        var outcome = await turn.Completion;

        Assert.True(outcome.IsInterrupted);
        Assert.Equal("half ", outcome.Text);
        Assert.Equal(["user:hi", "assistant:half "], chat.Transcript("s"));
        Assert.Equal("interrupted", chat.Store.Messages("s")[1].FinishReason);
    }

    [Fact]
    public async Task Interrupt_ModelDoesNotHeedIt_TurnEndsAllTheSame()
    {
        var gate = new Gate();
        await using var chat = new ChatFixture(ScriptedAnswer.Text("half ").ThenWait(gate.WaitStubbornlyAsync), ScriptedAnswer.Text("next"));
        var turn = chat.Start("hi", "s");
        await gate.Reached;

        turn.Interrupt();

        Assert.True((await turn.Completion.WaitAsync(TimeSpan.FromSeconds(30))).IsInterrupted);
        Assert.Equal("next", (await chat.RunAsync("again", "s")).Text);
        gate.Open();
    }

    [Fact]
    public async Task Interrupt_BeforeTheFirstWord_StoresTheUserMessageAlone()
    {
        var gate = new Gate();
        await using var chat = new ChatFixture(ScriptedAnswer.Empty.ThenWait(gate.WaitAsync));
        var turn = chat.Start("hi", "s");
        await gate.Reached;

        turn.Interrupt();

        Assert.True((await turn.Completion).IsInterrupted);
        Assert.Equal(["user:hi"], chat.Transcript("s"));
    }

    [Fact]
    public async Task ClientGone_Interrupt_StopsTheTurn()
    {
        var gate = new Gate();
        await using var chat = new ChatFixture(ScriptedAnswer.Text("half").ThenWait(gate.WaitAsync));
        using var gone = new CancellationTokenSource();
        var turn = chat.Start("hi", "s", gone.Token);
        await gate.Reached;

        await gone.CancelAsync();

        Assert.True((await turn.Completion).IsInterrupted);
    }

    [Fact]
    public async Task ClientGone_Finish_TheTurnRunsOn()
    {
        var gate = new Gate();
        var model = new ScriptedChatClient(ScriptedAnswer.Text("half ").ThenWait(gate.WaitAsync).ThenText("whole"));
        await using var chat = new ChatFixture(model, options: new HermesChatOptions { OnDisconnect = ChatDisconnect.Finish });
        using var gone = new CancellationTokenSource();
        var turn = chat.Start("hi", "s", gone.Token);
        await gate.Reached;

        await gone.CancelAsync();
        gate.Open();

        Assert.Null((await turn.Completion).Failure);
        Assert.Equal(["user:hi", "assistant:half whole"], chat.Transcript("s"));
    }

    [Theory]
    [InlineData(500, 502, null)]
    [InlineData(401, 502, null)]
    [InlineData(404, 502, null)]
    [InlineData(429, 429, 3)]
    public async Task Start_ProviderFails_UserMessageIsKeptAndTheSessionGoesOn(int status, int expected, int? retryAfter)
    {
        await using var chat = new ChatFixture(
            ScriptedAnswer.Failure(new ChatProviderException("SECRET", status, retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null, new IOException("SECRET"))),
            ScriptedAnswer.Text("better"));

        var outcome = await chat.RunAsync("hi", "s");
        await chat.RunAsync("again", "s");

        Assert.Equal(expected, outcome.Failure!.Status);
        Assert.Equal(retryAfter, (int?)outcome.Failure.RetryAfter?.TotalSeconds);
        Assert.DoesNotContain("SECRET", outcome.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(["user:hi", "user:again", "assistant:better"], chat.Transcript("s"));
    }

    [Fact]
    public async Task Start_AgentCannotBeCalledAsItIsConfigured_Is500ThatPointsToTheLog()
    {
        await using var chat = new ChatFixture(ScriptedAnswer.Failure(new ChatConfigurationException("SECRET")));

        var outcome = await chat.RunAsync("hi", "s");

        Assert.Equal((500, "configuration_error"), (outcome.Failure!.Status, outcome.Failure.Code));
        Assert.Contains("log", outcome.Failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", outcome.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(["user:hi"], chat.Transcript("s"));
    }

    [Fact]
    public async Task Start_ProviderFailsMidAnswer_StoresWhatWasSaid()
    {
        await using var chat = new ChatFixture(ScriptedAnswer.Text("half").ThenFail(new IOException("cut")));

        var outcome = await chat.RunAsync("hi", "s");

        Assert.Equal((502, false, "half"), (outcome.Failure!.Status, outcome.IsInterrupted, outcome.Text));
        Assert.Equal(["user:hi", "assistant:half"], chat.Transcript("s"));
        Assert.Equal("error", chat.Store.Messages("s")[1].FinishReason);
    }

    [Fact]
    public async Task Start_PlainHttp429_Stays429()
    {
        await using var chat = new ChatFixture(
            ScriptedAnswer.Failure(new HttpRequestException("SECRET", null, System.Net.HttpStatusCode.TooManyRequests)));

        Assert.Equal(429, (await chat.RunAsync("hi")).Failure!.Status);
    }

    [Fact]
    public async Task Start_ProviderTimesOut_IsNoInterruption()
    {
        await using var chat = new ChatFixture(ScriptedAnswer.Failure(new TaskCanceledException("timeout")));

        Assert.Equal(502, (await chat.RunAsync("hi")).Failure!.Status);
    }

    [Fact]
    public async Task Start_StoreUnavailable_TheModelIsNotAsked()
    {
        await using var chat = new ChatFixture(ScriptedAnswer.Text("never"));
        chat.Store.WriteFailure = new SessionStoreUnavailableException("Session DB unavailable", TimeSpan.FromSeconds(2));

        var outcome = await chat.RunAsync("hi");

        Assert.Equal((503, "Session DB unavailable", 2), (outcome.Failure!.Status, outcome.Failure.Message, outcome.Failure.RetryAfter!.Value.TotalSeconds));
        Assert.Empty(chat.Model.Requests);
    }

    [Fact]
    public async Task Start_StoreFailsMidTurn_StopsTheModel()
    {
        var gate = new Gate();
        await using var chat = new ChatFixture(ScriptedAnswer.Text("half").ThenWait(gate.WaitAsync));
        var turn = chat.Start("hi", "s");
        await gate.Reached;

        await chat.Store.DeleteAsync("s");
        gate.Open();

        Assert.Equal(409, (await turn.Completion).Failure!.Status);
    }

    [Fact]
    public async Task Start_BadSessionId_IsTheClientsMistake()
    {
        await using var chat = new ChatFixture();

        var failure = (await chat.RunAsync("hi", "a\nb")).Failure!;

        Assert.Equal((400, "The id has control characters"), (failure.Status, failure.Message));
    }

    [Fact]
    public async Task Start_NoAgentRegistered_SaysSoAndStoresNothing()
    {
        await using var chat = new ChatFixture();
        await using var empty = new ServiceCollection().BuildServiceProvider();

        var outcome = await chat.Create(empty).Start(ChatFixture.Say("hi", "s")).Completion;

        Assert.Equal("no_agent", outcome.Failure!.Code);
        Assert.Null(chat.Store.Session("s"));
    }

    [Fact]
    public async Task Start_KeyedAgent_IsPreferred()
    {
        await using var chat = new ChatFixture();
        await using var services = new ServiceCollection()
            .AddSingleton<IChatClient>(new ScriptedChatClient(ScriptedAnswer.Text("plain")))
            .AddKeyedSingleton<IChatClient>("hermes", new ScriptedChatClient(ScriptedAnswer.Text("keyed")))
            .BuildServiceProvider();

        Assert.Equal("keyed", (await chat.Create(services).Start(ChatFixture.Say("hi")).Completion).Text);
    }

    [Fact]
    public async Task Start_ScopedAgent_IsDisposedAfterItsTurn()
    {
        await using var chat = new ChatFixture();
        var disposed = new TaskCompletionSource();
        await using var services = new ServiceCollection()
            .AddScoped<IChatClient>(_ => new NotifyingClient(new ScriptedChatClient(ScriptedAnswer.Text("ok")), disposed))
            .BuildServiceProvider();

        await chat.Create(services).Start(ChatFixture.Say("hi")).Completion;

        await disposed.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Start_OneSession_TurnsAreQueuedInOrder()
    {
        var gate = new Gate();
        await using var chat = new ChatFixture(
            ScriptedAnswer.Text("1").ThenWait(gate.WaitAsync), ScriptedAnswer.Text("2"), ScriptedAnswer.Text("3"));
        var first = chat.Start("a", "s");
        await gate.Reached;
        var second = chat.Start("b", "s");
        var third = chat.Start("c", "s");

        Assert.Equal(["user:a"], chat.Transcript("s"));
        gate.Open();
        await Task.WhenAll(first.Completion, second.Completion, third.Completion);

        Assert.Equal(["user:a", "assistant:1", "user:b", "assistant:2", "user:c", "assistant:3"], chat.Transcript("s"));
    }

    [Fact]
    public async Task Interrupt_WaitingTurn_LeavesNoTraceAndLetsTheNextOneIn()
    {
        var gate = new Gate();
        await using var chat = new ChatFixture(ScriptedAnswer.Text("1").ThenWait(gate.WaitAsync), ScriptedAnswer.Text("3"));
        var first = chat.Start("a", "s");
        await gate.Reached;
        var second = chat.Start("b", "s");
        var third = chat.Start("c", "s");

        second.Interrupt();
        Assert.True((await second.Completion).IsInterrupted);
        gate.Open();
        await Task.WhenAll(first.Completion, third.Completion);

        Assert.Equal(["user:a", "assistant:1", "user:c", "assistant:3"], chat.Transcript("s"));
    }

    [Fact]
    public async Task Start_HundredTurnsOverTwentySessions_EachSessionHasWholeTurnsInOrder()
    {
        var model = new ScriptedChatClient().When(_ => true, ScriptedAnswer.Text("re", "ply").WithUsage(2, 1));
        await using var chat = new ChatFixture(model);

        var turns = Enumerable.Range(0, 100).Select(i => chat.Start($"m{i / 20}", $"s{i % 20}")).ToList();
        await Task.WhenAll(turns.Select(turn => turn.Completion));

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(Enumerable.Range(0, 5).SelectMany(turn => new[] { $"user:m{turn}", "assistant:reply" }), chat.Transcript($"s{i}"));
            var session = chat.Store.Session($"s{i}")!;
            Assert.Equal((10, 10, 5), (session.MessageCount, session.InputTokens, session.OutputTokens));
        }
    }

    [Fact]
    public async Task Stopping_TurnEndsInTime_IsNotInterrupted()
    {
        var gate = new Gate();
        await using var chat = new ChatFixture(ScriptedAnswer.Text("half ").ThenWait(gate.WaitAsync).ThenText("whole"));
        var turn = chat.Start("hi", "s");
        await gate.Reached;

        var stopping = chat.Engine.StoppingAsync(CancellationToken.None);
        gate.Open();
        await stopping;

        Assert.Equal("half whole", (await turn.Completion).Text);
        Assert.Equal("shutting_down", (await chat.RunAsync("late")).Failure!.Code);
    }

    [Fact]
    public async Task Stopping_GraceIsOver_InterruptsAndStores()
    {
        var gate = new Gate();
        await using var chat = new ChatFixture(ScriptedAnswer.Text("half").ThenWait(gate.WaitAsync));
        var turn = chat.Start("hi", "s");
        await gate.Reached;

        var stopping = chat.Engine.StoppingAsync(CancellationToken.None);
        Assert.False(turn.Completion.IsCompleted);
        chat.Time.Advance(new HermesChatOptions().ShutdownGrace);
        await stopping;

        Assert.Equal("interrupted", chat.Store.Messages("s")[1].FinishReason);
    }

    [Fact]
    public async Task Stopping_AgentIgnoresItsEnd_IsLeftBehind()
    {
        var gate = new Gate();
        await using var chat = new ChatFixture(ScriptedAnswer.Text("half").ThenWait(gate.WaitStubbornlyAsync));
        var turn = chat.Start("hi", "s");
        await gate.Reached;
        turn.Interrupt();
        await turn.Completion;

        var stopping = chat.Engine.StoppingAsync(CancellationToken.None);
        Assert.False(stopping.IsCompleted);
        chat.Time.Advance(TimeSpan.FromSeconds(5));

        await stopping.WaitAsync(TimeSpan.FromSeconds(30));
        gate.Open();
    }

    [Fact]
    public async Task Stopping_AgentBlocksItsThread_IsNotWaitedForWithoutEnd()
    {
        using var release = new ManualResetEventSlim();
        var blocks = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var chat = new ChatFixture(ScriptedAnswer.Text("half").ThenWait(_ =>
        {
            blocks.SetResult();
            release.Wait(CancellationToken.None);
            return Task.CompletedTask;
        }));
        var turn = chat.Start("hi", "s");
        await blocks.Task;

        var stopping = chat.Engine.StoppingAsync(CancellationToken.None);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!stopping.IsCompleted)
        {
            limit.Token.ThrowIfCancellationRequested();
            chat.Time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        Assert.False(turn.Completion.IsCompleted);
        release.Set();
        await turn.Completion;
    }

    [Fact]
    public async Task Stopping_AgentIsBeingDisposed_IsWaitedFor()
    {
        var gate = new Gate();
        await using var chat = new ChatFixture(ScriptedAnswer.Text("half").ThenWait(gate.WaitStubbornlyAsync));
        var turn = chat.Start("hi", "s");
        await gate.Reached;
        turn.Interrupt();
        await turn.Completion;

        var stopping = chat.Engine.StoppingAsync(CancellationToken.None);
        Assert.False(stopping.IsCompleted);
        gate.Open();

        await stopping.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static Func<IChatClient, IChatClient> Tools(params AITool[] tools) => model => model.AsBuilder()
        .ConfigureOptions(options => options.Tools = tools)
        .UseFunctionInvocation()
        .Build();

    private sealed class NotifyingClient(IChatClient inner, TaskCompletionSource disposed) : DelegatingChatClient(inner)
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            disposed.TrySetResult();
        }
    }
}
