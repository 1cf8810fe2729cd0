using System.Text.Json;
using Hermes.Core.Chat;
using Hermes.Core.Sessions;
using Hermes.Testing;

namespace Hermes.Core.Tests.Chat;

/// <summary>Which messages a turn begins with: the session's prompt, and a message that is repeated.</summary>
public class AgentTurnTests
{
    private static readonly ScriptedAnswer Fails = ScriptedAnswer.Failure(new ChatProviderException("down", 502));

    [Fact]
    public async Task Start_SameMessageAfterAFailure_TakesTheRowsPlace()
    {
        await using var chat = new ChatFixture(ScriptedAnswer.Text("one"), Fails, Fails, ScriptedAnswer.Text("two"));
        await chat.RunAsync("a", "s");

        var first = chat.Start("b", "s");
        await first.Completion;
        await chat.RunAsync("b", "s");
        var last = chat.Start("b", "s");
        await last.Completion;

        Assert.Equal(["user:a", "assistant:one", "user:b", "assistant:two"], chat.Transcript("s"));
        Assert.Equal(4, chat.Store.Session("s")!.MessageCount);
        Assert.Equal(["a", "one", "b"], chat.Model.Requests[^1].Messages.Select(message => message.Text));
        Assert.True(first.TryGetEvent(0, out var begun) && last.TryGetEvent(0, out var again) && begun == again);
    }

    [Fact]
    public async Task Start_OtherMessageAfterAFailure_IsARowOfItsOwn()
    {
        await using var chat = new ChatFixture(Fails, ScriptedAnswer.Text("two"));
        await chat.RunAsync("a", "s");

        await chat.RunAsync("A", "s");

        Assert.Equal(["user:a", "user:A", "assistant:two"], chat.Transcript("s"));
    }

    [Fact]
    public async Task Start_SameMessageAfterAnAnswer_IsARowOfItsOwn()
    {
        await using var chat = new ChatFixture(ScriptedAnswer.Text("one"), ScriptedAnswer.Text("two"));
        await chat.RunAsync("a", "s");

        await chat.RunAsync("a", "s");

        Assert.Equal(["user:a", "assistant:one", "user:a", "assistant:two"], chat.Transcript("s"));
    }

    [Fact]
    public async Task Start_SameMessageAfterAnAnswerThatBrokeOff_IsARowOfItsOwn()
    {
        await using var chat = new ChatFixture(
            ScriptedAnswer.Text("half").ThenFail(new ChatProviderException("down", 502)), ScriptedAnswer.Text("whole"));
        await chat.RunAsync("a", "s");

        await chat.RunAsync("a", "s");

        Assert.Equal(["user:a", "assistant:half", "user:a", "assistant:whole"], chat.Transcript("s"));
    }

    [Theory]
    [InlineData("""[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]""", 2)]
    [InlineData("""[ {"text":"a", "type":"text"}, {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}} ]""", 2)]
    [InlineData("""[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"data:image/png;base64,BBBB"}}]""", 3)]
    public async Task Start_PartsAfterAFailure_AreComparedAsJson(string again, int rows)
    {
        await using var chat = new ChatFixture(Fails, ScriptedAnswer.Text("a cat"));
        await chat.Engine.Start(Parts("""[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]""")).Completion;

        await chat.Engine.Start(Parts(again)).Completion;

        Assert.Equal(rows, chat.Store.Messages("s").Count);

        static ChatTurnRequest Parts(string json) =>
            new() { SessionId = "s", User = new NewMessage { Role = "user", ContentParts = JsonElement.Parse(json) } };
    }

    [Fact]
    public async Task Start_HistoryOfTheRequestInAKnownSession_IsWhatTheModelGets()
    {
        await using var chat = new ChatFixture(Fails, ScriptedAnswer.Text("four"));
        var request = ChatFixture.Say("three") with
        {
            History = [new NewMessage { Role = "user", Content = "one" }, new NewMessage { Role = "assistant", Content = "two" }],
        };
        var first = chat.Engine.Start(request);
        await first.Completion;

        await chat.Engine.Start(request with { SessionId = first.SessionId }).Completion;

        Assert.Equal(["one", "two", "three"], chat.Model.Requests[1].Messages.Select(message => message.Text));
        Assert.Equal(["user:three", "assistant:four"], chat.Transcript(first.SessionId));
    }

    [Fact]
    public async Task Start_SessionWithAPrompt_HearsItBeforeTheRequestsOwn()
    {
        await using var chat = new ChatFixture(ScriptedAnswer.Text("ok"));
        await chat.Store.CreateAsync(new NewSession { Id = "s", SystemPrompt = "Be kind." });

        await chat.Engine.Start(ChatFixture.Say("hi", "s") with { System = ["Be brief."] }).Completion;

        Assert.Equal(
            ["system:Be kind.", "system:Be brief.", "user:hi"],
            chat.Model.Requests[0].Messages.Select(message => $"{message.Role}:{message.Text}"));
    }
}
