using System.Net;
using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Http;

/// <summary>What a session's last turn used of the model's context.</summary>
public sealed class SessionRuntimeTests
{
    private const string Runtime = "/api/sessions/s/runtime";
    private const string NoUsage = "{\"error\":\"No usage is known: the session has no turn yet, its last one was not made through this API, or the provider did not count its tokens\"}";

    [Fact]
    public async Task Runtime_AfterTurns_IsOfTheLastOneAndNotTheSum()
    {
        await using var server = await SessionChat.StartAsync(new ScriptedChatClient(
            ScriptedAnswer.Text("one").WithUsage(100, 10).WithModel("m"), ScriptedAnswer.Text("two").WithUsage(150, 20).WithModel("m/2")));
        Assert.Equal((HttpStatusCode.NotFound, NoUsage), await GetAsync(server));

        await SessionChat.PostAsync(server, new { message = "a" });
        await SessionChat.PostAsync(server, new { message = "b" });

        Assert.Equal((HttpStatusCode.OK, """{"session_id":"s","model":"m/2","provider":null,"context_tokens":170}"""), await GetAsync(server));
        Assert.Equal(250, (await server.Services.GetRequiredService<SessionStore>().FindAsync("s"))!.InputTokens);
    }

    [Fact]
    public async Task Runtime_TurnWithTools_IsOfItsLastCallOfTheModel()
    {
        var agent = new ScriptedChatClient(ScriptedAnswer.ToolCall("now").WithUsage(1000, 5), ScriptedAnswer.ToolCall("now").WithUsage(1200, 6), ScriptedAnswer.Text("noon").WithUsage(1400, 7))
            .AsBuilder().ConfigureOptions(options => options.Tools = [AIFunctionFactory.Create(() => "12:00", "now")]).UseFunctionInvocation().Build();
        await using var server = await SessionChat.StartAsync(agent);

        await SessionChat.PostAsync(server, new { message = "a" });

        Assert.Equal(1407, (await server.Services.GetRequiredService<SessionStore>().FindAsync("s"))!.LastTurn!.ContextTokens);
    }

    [Fact]
    public async Task Runtime_TurnThatNobodyCounted_Is404WithTheReason()
    {
        await using var server = await SessionChat.StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("one").WithUsage(100, 10), ScriptedAnswer.Text("two")));
        await SessionChat.PostAsync(server, new { message = "a" });

        await SessionChat.PostAsync(server, new { message = "b" });

        Assert.Equal((HttpStatusCode.NotFound, NoUsage), await GetAsync(server));
        Assert.Equal((HttpStatusCode.NotFound, "{\"error\":\"Session not found\"}"), await GetAsync(server, "/api/sessions/none/runtime"));
    }

    [Fact]
    public async Task Runtime_AgentOfAnotherProcessAnsweredSince_Is404ButNotForItsQuestion()
    {
        await using var server = await SessionChat.StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("one").WithUsage(100, 10)));
        await SessionChat.PostAsync(server, new { message = "a" });

        await PythonScript.RunSqlAsync(server.Home.Home.StateDatabase, "INSERT INTO messages(session_id, role, content, timestamp) VALUES ('s', 'user', 'b', 9e9)");
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(server)).Status);
        await PythonScript.RunSqlAsync(server.Home.Home.StateDatabase, "INSERT INTO messages(session_id, role, content, timestamp) VALUES ('s', 'assistant', 'c', 9e9)");
        Assert.Equal((HttpStatusCode.NotFound, NoUsage), await GetAsync(server));
    }

    [Theory]
    [InlineData("model: {default: m, provider: openrouter, context_length: 1000}", ",\"context_length\":1000,\"context_percent\":17")]
    [InlineData("model: {default: m, provider: own, context_length: 1000}\ncustom_providers: [{name: own, models: {m: {context_length: 3000}}}]", ",\"context_length\":3000,\"context_percent\":5.7")]
    [InlineData("model: {default: m, provider: own}\ncustom_providers: [{name: own, models: [{id: m, context_length: \"3000\"}]}]", ",\"context_length\":3000,\"context_percent\":5.7")]
    [InlineData("model: {default: m, provider: own, context_length: 0}", "")]
    [InlineData("model: {default: m, provider: own, context_length: many}", "")]
    [InlineData("model: m", "")]
    [InlineData("model: [broken", "")]
    public async Task Runtime_ContextLength_IsWhatTheConfigurationSays(string config, string expected)
    {
        await using var server = await SessionChat.StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("one").WithUsage(100, 70)));
        await SessionChat.PostAsync(server, new { message = "a" });
        server.Home.Write("config.yaml", config);

        var (_, text) = await GetAsync(server);

        Assert.EndsWith($",\"context_tokens\":170{expected}}}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runtime_ServerStartedAgainAndBranch_IsKeptAndNotInherited()
    {
        using var home = new TemporaryHome();
        await using (var first = await HermesServer.StartAsync(home: home, configure: builder => builder.Services.AddSingleton<IChatClient>(new ScriptedChatClient(ScriptedAnswer.Text("one").WithUsage(100, 10)))))
        {
            await first.Services.GetRequiredService<SessionStore>().CreateAsync(new NewSession { Id = "s" });
            await SessionChat.PostAsync(first, new { message = "a" });
        }

        await using var server = await HermesServer.StartAsync(home: home);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(server)).Status);
        Assert.Null((await server.Services.GetRequiredService<SessionStore>().ForkAsync("s"))!.LastTurn);
    }

    [Fact]
    public async Task Runtime_DamagedFile_Is503()
    {
        await using var server = await HermesServer.StartAsync();
        server.Home.Write("state.db", new string('x', 8192));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync(server)).Status);
    }

    private static async Task<(HttpStatusCode Status, string Text)> GetAsync(HermesServer server, string path = Runtime)
    {
        var answer = await server.Client.GetAsync(path);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
