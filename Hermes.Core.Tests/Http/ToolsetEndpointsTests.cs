using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Http;

public class ToolsetEndpointsTests
{
    [Fact]
    public async Task Skills_AreThoseThatAreSwitchedOn()
    {
        await using var server = await HermesServer.StartAsync();
        server.Home
            .Write("skills/devops/deploy/SKILL.md", "---\nname: deploy\ndescription: Takes it out\n---\n")
            .Write("skills/plain/SKILL.md", "no front matter")
            .Write("skills/off/SKILL.md", "---\nname: off\n---\n")
            .Write("config.yaml", "skills: {disabled: [off]}\n");

        Assert.Equal(
            """{"object":"list","data":[{"name":"deploy","description":"Takes it out","category":"devops"},{"name":"plain","description":"","category":"plain"}]}""",
            await server.Client.GetStringAsync("/v1/skills"));
    }

    [Fact]
    public async Task Toolsets_RegisteredTools_AreOne()
    {
        await using var server = await HermesServer.StartAsync(configure: builder => builder.Services
            .AddSingleton<AITool>(AIFunctionFactory.Create(() => 2, "clock"))
            .AddSingleton<AITool>(AIFunctionFactory.Create(() => 2, "weather"))
            .AddKeyedSingleton<AITool>("hermes", AIFunctionFactory.Create(() => 1, "weather")));

        Assert.Equal(
            """
            {"object":"list","platform":"api_server","data":[{"name":"agent","label":"Agent","description":"The tools that are registered with the agent",
            "enabled":true,"configured":true,"tools":["weather","clock"]}]}
            """.ReplaceLineEndings(""),
            await server.Client.GetStringAsync("/v1/toolsets"));
    }

    [Fact]
    public async Task Toolsets_NoToolThatCanBeSeen_AreNone()
    {
        const string None = """{"object":"list","platform":"api_server","data":[]}""";
        await using var without = await HermesServer.StartAsync();
        await using var plain = await HermesServer.StartAsync(configure: builder => builder.Services.AddSingleton<IChatClient>(new ScriptedChatClient()));

        Assert.Equal(None, await without.Client.GetStringAsync("/v1/toolsets"));
        Assert.Equal(None, await plain.Client.GetStringAsync("/v1/toolsets"));
    }
}
