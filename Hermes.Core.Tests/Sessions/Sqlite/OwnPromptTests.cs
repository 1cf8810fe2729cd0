using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;

namespace Hermes.Core.Tests.Sessions.Sqlite;

/// <summary>Which system prompts a session's turns here begin with: those that this API was given.</summary>
public sealed class OwnPromptTests : SqliteStoreTest
{
    public static TheoryData<string> Schemas => new(
        StateDatabaseFiles.Schema1, StateDatabaseFiles.Schema6, StateDatabaseFiles.Schema13, StateDatabaseFiles.SchemaNewer);

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task FindAsync_PromptsOfEveryOrigin_AreToldApart(string schema)
    {
        var store = Open(await HomeAsync(schema, """
            INSERT INTO sessions(id, source, system_prompt, started_at) VALUES ('agent', 'cli', 'You have the tool x.', 1), ('api', 'api_server', 'Be kind.', 1);
            """));
        await store.CreateAsync(new NewSession { Id = "named", Source = "my-app", SystemPrompt = "Be brief." });

        Assert.Equal(("You have the tool x.", false), await PromptAsync(store, "agent"));
        Assert.Equal(("Be kind.", true), await PromptAsync(store, "api"));
        Assert.Equal(("Be brief.", true), await PromptAsync(store, "named"));
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task UpdateAsync_PromptForASessionOfTheAgent_IsOursUntilTheAgentWritesAnother(string schema)
    {
        var home = await HomeAsync(schema, """
            INSERT INTO sessions(id, source, model_config, system_prompt, started_at)
            VALUES ('a', 'cli', '{"temperature": 0.10, "n": 12345678901234567890}', 'You have the tool x.', 1);
            """);
        var store = Open(home);

        await store.UpdateAsync("a", new SessionChange { SystemPrompt = "Be kind." });

        Assert.Equal(("Be kind.", true), await PromptAsync(store, "a"));
        Assert.StartsWith(
            """{"temperature":0.10,"n":12345678901234567890,"_api_system_prompt":""",
            await QueryAsync(home.Home.StateDatabase, "SELECT model_config FROM sessions"), StringComparison.Ordinal);
        await QueryAsync(home.Home.StateDatabase, schema == StateDatabaseFiles.SchemaNewer
            ? "UPDATE sessions SET system_prompt = 'You have the tool x.', system_prompt_hash = NULL"
            : "UPDATE sessions SET system_prompt = 'You have the tool x.'");
        Assert.Equal(("You have the tool x.", false), await PromptAsync(store, "a"));
    }

    [Theory]
    [InlineData("'{broken'")]
    [InlineData("'[1]'")]
    [InlineData("x'00ff'")]
    public async Task UpdateAsync_ConfigThatIsNoObject_StaysAsItIs(string config)
    {
        var home = await HomeAsync(
            StateDatabaseFiles.Schema6, $"INSERT INTO sessions(id, source, model_config, started_at) VALUES ('a', 'cli', {config}, 1)");
        var store = Open(home);

        await store.UpdateAsync("a", new SessionChange { SystemPrompt = "Be kind." });

        Assert.Equal(("Be kind.", false), await PromptAsync(store, "a"));
        Assert.Equal("1\n", await QueryAsync(home.Home.StateDatabase, $"SELECT model_config = {config} FROM sessions"));
    }

    [Fact]
    public async Task ForkAsync_Branch_HearsWhatItsParentHears()
    {
        var store = Open(await HomeAsync(StateDatabaseFiles.Schema6, """
            INSERT INTO sessions(id, source, system_prompt, started_at) VALUES ('agent', 'cli', 'You have the tool x.', 1), ('api', 'api_server', 'Be kind.', 1);
            """));

        await store.ForkAsync("agent", new NewFork { Id = "agent-branch" });
        await store.ForkAsync("api", new NewFork { Id = "api-branch" });
        await store.ForkAsync("api-branch", new NewFork { Id = "api-twig" });

        Assert.Equal(("You have the tool x.", false), await PromptAsync(store, "agent-branch"));
        Assert.Equal(("Be kind.", true), await PromptAsync(store, "api-branch"));
        Assert.Equal(("Be kind.", true), await PromptAsync(store, "api-twig"));
        await store.UpdateAsync("agent-branch", new SessionChange { SystemPrompt = "Be brief." });
        Assert.Equal(("Be brief.", true), await PromptAsync(store, "agent-branch"));
    }

    [Fact]
    public async Task UpdateAsync_PromptTakenAway_LeavesNone()
    {
        var store = Open(EmptyHome());
        await store.CreateAsync(new NewSession { Id = "a", SystemPrompt = "Be kind." });

        await store.UpdateAsync("a", new SessionChange { SystemPrompt = "" });

        Assert.Equal((null, false), await PromptAsync(store, "a"));
    }

    private static async Task<(string? Prompt, bool IsOurs)> PromptAsync(SessionStore store, string id) =>
        await store.FindAsync(id) is { } session ? (session.SystemPrompt, session.HasApiSystemPrompt) : throw new SessionNotFoundException();

    private static Task<string> QueryAsync(string file, string sql) => PythonScript.RunAsync(
        """
        import sqlite3, sys
        db = sqlite3.connect(sys.argv[1])
        for row in db.execute(sys.argv[2]): print(*row)
        db.commit()
        """, file, sql);
}
