using System.ClientModel;
using System.ComponentModel;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;

namespace Hermes.Core.Tests.Clients;

/// <summary>Stock clients, unchanged, in a streamed turn in which the agent runs a tool of its own: they get all the words and the end.</summary>
public class ClientsWithToolsTests
{
    [Trait("Category", "Slow")]
    [NpmFact]
    public async Task ClientsOfNpm_ReadTheTurnToItsEnd()
    {
        await using var server = await StartAsync();

        var result = await NodeScript.RunAsync(
            "clients-with-tools.mjs",
            new Dictionary<string, string> { ["openai"] = "6.10.0", ["ai"] = "6.0.325", ["@ai-sdk/openai-compatible"] = "2.0.92" },
            new Uri(server.Address, "/v1").ToString(), HermesServer.Key);

        const string Whole = """{"text":"Let me see. It is 42.","finish":"stop"}""";
        Assert.Equal(
            [("loop", Whole), ("stream", Whole), ("runTools", Whole), ("ai", Whole)],
            result.EnumerateObject().Select(client => (client.Name, client.Value.GetRawText())));
    }

    [Fact]
    public async Task ClientOfDotNet_ReadsTheTurnToItsEnd()
    {
        await using var server = await StartAsync();
        using var client = new OpenAI.Chat.ChatClient(
            "hermes-agent", new ApiKeyCredential(HermesServer.Key), new OpenAIClientOptions { Endpoint = new Uri(server.Address, "/v1") }).AsIChatClient();

        var answer = await client.GetStreamingResponseAsync("look it up").ToChatResponseAsync();

        Assert.Equal(("Let me see. It is 42.", ChatFinishReason.Stop), (answer.Text, answer.FinishReason));
    }

    private static Task<HermesServer> StartAsync() => HermesServer.StartAsync(configure: builder => builder.Services
        .AddChatClient(new ScriptedChatClient()
            .When(request => request.FollowsTool, ScriptedAnswer.Text("It is ", "42."))
            .When(_ => true, ScriptedAnswer.Text("Let me see. ").ThenToolCall("look_up", new Dictionary<string, object?> { ["what"] = "the answer" })))
        .ConfigureOptions(options => options.Tools = [AIFunctionFactory.Create(LookUp, "look_up")])
        .UseFunctionInvocation());

    [Description("Looks something up.")]
    private static string LookUp(string what) => $"{what}: 42";
}
