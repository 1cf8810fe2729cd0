using System.Net.Http.Json;
using System.Text.Json;
using Hermes.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace OfflineAgentTests;

public sealed class OrderAgentTests : IAsyncLifetime
{
    private readonly TemporaryHome _home = new();
    private readonly ScriptedChatClient _model = new();
    private WebApplication? _app;
    private HttpClient? _client;

    private HttpClient Client => _client!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddHermes(options => options.Home = _home.Path);
        builder.Services.AddChatClient(OrderAgent.Create(_model));
        _app = builder.Build();
        _app.MapHermesApi();
        await _app.StartAsync();
        _client = _app.GetTestClient();
    }

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        await (_app?.DisposeAsync() ?? ValueTask.CompletedTask);
        _home.Dispose();
    }

    [Fact]
    public async Task Ask_KnownOrder_LooksItUpAndAnswers()
    {
        _model
            .Then(ScriptedAnswer.ToolCall("find_order", new Dictionary<string, object?> { ["number"] = 17 }))
            .Then(ScriptedAnswer.Text("Order 17 was ", "shipped on Monday."));

        var (answer, _) = await AskAsync("Where is order 17?");

        Assert.Equal("Order 17 was shipped on Monday.", answer);

        // What the tool found out is what the model was told.
        var result = _model.Requests[1].Messages[^1].Contents.OfType<FunctionResultContent>().Single();
        Assert.Equal("shipped on Monday", result.Result?.ToString());
    }

    [Fact]
    public async Task Ask_WithATool_TheSessionHoldsEveryStep()
    {
        _model
            .When(request => request.FollowsTool, ScriptedAnswer.Text("I know of no such order."))
            .When(_ => true, ScriptedAnswer.ToolCall("find_order", new Dictionary<string, object?> { ["number"] = 99 }));

        var (_, session) = await AskAsync("Where is order 99?");

        var stored = await Client.GetFromJsonAsync<JsonElement>($"/api/sessions/{session}/messages");
        Assert.Equal(
            ["user: Where is order 99?", "assistant: ", "tool: there is no order 99", "assistant: I know of no such order."],
            stored.GetProperty("items").EnumerateArray().Select(item => $"{item.GetProperty("role")}: {item.GetProperty("content")}"));
    }

    [Fact]
    public async Task Ask_AgainInTheSession_TheModelSeesWhatWasSaid()
    {
        _model.Then(ScriptedAnswer.Text("Which one?")).Then(ScriptedAnswer.Text("I see."));
        var (_, session) = await AskAsync("Where is my order?");

        await AskAsync("The big one.", session);

        Assert.Equal(["Where is my order?", "Which one?", "The big one."], _model.Requests[1].Messages.Select(message => message.Text));
        Assert.Equal(0, _model.Remaining);
    }

    private async Task<(string Answer, string Session)> AskAsync(string question, string? session = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(new { messages = new[] { new { role = "user", content = question } } }),
        };
        if (session is not null)
            request.Headers.Add("X-Hermes-Session-Id", session);

        using var response = await Client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return (
            answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!,
            response.Headers.GetValues("X-Hermes-Session-Id").Single());
    }
}
