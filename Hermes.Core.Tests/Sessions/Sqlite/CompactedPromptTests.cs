using Hermes.Core.Sessions;
using Hermes.Core.Sessions.Sqlite;
using Hermes.Core.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hermes.Core.Tests.Sessions.Sqlite;

/// <summary>The system prompt of a conversation that the agent compacted.</summary>
public class CompactedPromptTests
{
    private const string Compacted = "INSERT INTO sessions(id, source, system_prompt, started_at, ended_at, end_reason) VALUES ('PC', 'api_server', 'be brief', 1, 2, 'compression')";

    [Theory]
    [InlineData("'api_server', NULL", "be brief", true)]
    [InlineData("'cli', NULL", "be brief", true)]
    [InlineData("'cli', 'You are the agent, with tools'", "be brief", true)]
    [InlineData("'api_server', 'be long'", "be long", true)]
    public async Task Find_SessionThatContinuesOneWithAPrompt_HasTheNearestOfOurs(string child, string prompt, bool isOwn)
    {
        using var home = await StateDatabaseFiles.CreateHomeAsync(
            StateDatabaseFiles.Schema6, Compacted, $"INSERT INTO sessions(id, source, system_prompt, parent_session_id, started_at) SELECT 'PC2', column1, column2, 'PC', 3 FROM (VALUES ({child}))");
        using var store = new SqliteSessionStore(home.Home, TimeProvider.System, NullLogger<SqliteSessionStore>.Instance);

        foreach (var id in (string[])["PC", "PC2"])
        {
            var session = await store.FindExactAsync(id);
            Assert.Equal((prompt, isOwn), (session!.SystemPrompt, session.HasApiSystemPrompt));
        }
    }

    [Fact]
    public async Task Find_AgentsPromptsAlone_AreNotOurs()
    {
        using var home = await StateDatabaseFiles.CreateHomeAsync(
            StateDatabaseFiles.Schema6, Compacted.Replace("api_server", "cli", StringComparison.Ordinal),
            "INSERT INTO sessions(id, source, parent_session_id, started_at) VALUES ('PC2', 'cli', 'PC', 3)");
        using var store = new SqliteSessionStore(home.Home, TimeProvider.System, NullLogger<SqliteSessionStore>.Instance);

        var session = await store.FindExactAsync("PC");

        Assert.Equal((null, false), (session!.SystemPrompt, session.HasApiSystemPrompt));
    }

    [Fact]
    public async Task Update_PromptOfACompactedConversation_IsSetAndCleared()
    {
        using var home = await StateDatabaseFiles.CreateHomeAsync(
            StateDatabaseFiles.Schema6, Compacted, "INSERT INTO sessions(id, source, parent_session_id, started_at) VALUES ('PC2', 'api_server', 'PC', 3)");
        using var store = new SqliteSessionStore(home.Home, TimeProvider.System, NullLogger<SqliteSessionStore>.Instance);

        Assert.Equal("be kind", (await store.UpdateAsync("PC", new SessionChange { SystemPrompt = "be kind" }))!.SystemPrompt);
        var cleared = await store.UpdateAsync("PC", new SessionChange { SystemPrompt = "" });

        Assert.Equal((null, false), (cleared!.SystemPrompt, cleared.HasApiSystemPrompt));
    }
}
