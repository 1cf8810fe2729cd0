using Hermes.Core.Chat;
using Hermes.Core.Sessions;
using Hermes.Testing;

namespace Hermes.Core.Tests.Chat;

public class ChatRunsTests
{
    [Fact]
    public async Task Find_RunInFlight_HasNoEndToCountFrom()
    {
        var gate = new Gate();
        await using var chat = new ChatFixture(ScriptedAnswer.Empty.ThenWait(gate.WaitAsync));
        var runs = new ChatRuns(chat.Engine, new HermesChatOptions(), chat.Time);
        var run = await StartAsync(chat, runs);

        chat.Time.Advance(ChatRuns.Lifetime * 2);

        Assert.Same(run, runs.Find(run.Id, "me"));
        gate.Open();
        await run.Completion;
    }

    [Fact]
    public async Task Find_SomebodyElses_IsNull()
    {
        await using var chat = new ChatFixture(ScriptedAnswer.Text("ok"));
        var runs = new ChatRuns(chat.Engine, new HermesChatOptions(), chat.Time);
        var run = await StartAsync(chat, runs);

        Assert.Matches("^run_[0-9a-f]{32}$", run.Id);
        Assert.Same(run, runs.Find(run.Id, "me"));
        Assert.Null(runs.Find(run.Id, "you"));
    }

    [Fact]
    public async Task Find_MoreEndedThanAreKept_TheOldestIsGone()
    {
        await using var chat = new ChatFixture(new ScriptedChatClient().When(_ => true, ScriptedAnswer.Text("ok")));
        var runs = new ChatRuns(chat.Engine, new HermesChatOptions(), chat.Time) { MaxEnded = 2 };
        var first = await EndAsync(chat, runs, ended: 1);
        var second = await EndAsync(chat, runs, ended: 2);
        var third = await StartAsync(chat, runs);
        await third.Completion;
        while (runs.Find(first.Id, "me") is not null)
            await Task.Yield();

        Assert.Same(second, runs.Find(second.Id, "me"));
        Assert.Same(third, runs.Find(third.Id, "me"));
    }

    [Fact]
    public async Task Find_EndedTakeMoreThanTheyMay_TheOldestIsGone()
    {
        await using var chat = new ChatFixture(new ScriptedChatClient().When(_ => true, ScriptedAnswer.Text(new string('x', 1000))));
        var runs = new ChatRuns(chat.Engine, new HermesChatOptions(), chat.Time) { MaxBytes = 7000 };
        var first = await EndAsync(chat, runs, ended: 1);
        var second = await StartAsync(chat, runs);
        await second.Completion;
        while (runs.Find(first.Id, "me") is not null)
            await Task.Yield();

        Assert.Same(second, runs.Find(second.Id, "me"));
    }

    private static async Task<ChatRun> EndAsync(ChatFixture chat, ChatRuns runs, int ended)
    {
        var run = await StartAsync(chat, runs);
        while (runs.Snapshot.Ended < ended)
            await Task.Yield();

        return run;
    }

    private static async Task<ChatRun> StartAsync(ChatFixture chat, ChatRuns runs)
    {
        var session = await chat.Store.CreateAsync(new NewSession { Id = "s" });
        return runs.Start(ChatFixture.Say("hi", session.Id) with { Owner = "me" }, CancellationToken.None);
    }
}
