using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Hermes.Core.Tests.Chat;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using static Hermes.Core.Tests.Support.SessionChat;

namespace Hermes.Core.Tests.Http;

/// <summary>How many turns there may be at once.</summary>
public class ConcurrentTurnsTests
{
    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/api/sessions/s/chat")]
    [InlineData("/api/sessions/s/chat/stream")]
    public async Task OneMoreThanAllowed_Is429BeforeItsBodyIsRead(string path)
    {
        var gate = new Gate();
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("one").ThenWait(gate.WaitAsync)), chat => chat.MaxConcurrentTurns = 1);
        using var running = await StreamAsync(server);
        await gate.Reached;

        // The body never comes.
        using var client = new TcpClient(server.Address.Host, server.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: {server.Address.Authority}\r\nAuthorization: Bearer {HermesServer.Key}\r\nContent-Length: 100\r\n\r\n"));
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!answer.ToString().Contains("rate_limit_exceeded", StringComparison.Ordinal))
            answer.Append(Encoding.UTF8.GetString(buffer, 0, await client.GetStream().ReadAsync(buffer, limit.Token)));

        Assert.StartsWith("HTTP/1.1 429", answer.ToString(), StringComparison.Ordinal);
        Assert.Contains("Retry-After: 1\r\n", answer.ToString(), StringComparison.Ordinal);
        gate.Open();
    }

    [Fact]
    public async Task Refusal_HasItsCodeInBothShapes()
    {
        var gate = new Gate();
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("one").ThenWait(gate.WaitAsync)), chat => chat.MaxConcurrentTurns = 1);
        using var running = await StreamAsync(server);
        await gate.Reached;

        var flat = await (await PostAsync(server, new { message = "hi" })).Content.ReadFromJsonAsync<JsonElement>();
        var nested = await (await PostAsync(server, new { messages = new[] { new { role = "user", content = "hi" } } }, "/v1/chat/completions")).Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal("rate_limit_exceeded", flat.GetProperty("code").GetString());
        Assert.Equal(JsonValueKind.String, flat.GetProperty("error").ValueKind);
        Assert.Equal("rate_limit_exceeded", nested.GetProperty("error").GetProperty("code").GetString());
        gate.Open();
    }

    [Fact]
    public async Task OneAfterTheOther_AreNeverRefused()
    {
        await using var server = await StartAsync(
            new ScriptedChatClient().When(_ => true, ScriptedAnswer.Text("Hello")), chat => chat.MaxConcurrentTurns = 1);

        for (var turn = 0; turn < 30; turn++)
        {
            using var stream = await StreamAsync(server, $"{turn}");
            Assert.Equal(HttpStatusCode.OK, stream.Response.StatusCode);

            // As a client does that asks on as soon as it has the last event, before the answer's own end.
            while (NameOf((await stream.ReadAsync())!) != "done")
            {
            }
        }
    }

    [Fact]
    public async Task BadRequests_GiveTheirPlaceBack()
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hello")), chat => chat.MaxConcurrentTurns = 1);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(server, new { })).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(server, new { message = "hi" }, "/api/sessions/none/chat")).StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, new { message = "hi" })).StatusCode);
    }

    [Fact]
    public async Task TurnWithoutItsClient_KeepsItsPlace()
    {
        var gate = new Gate();
        await using var server = await StartAsync(
            new ScriptedChatClient(ScriptedAnswer.Text("one").ThenWait(gate.WaitAsync), ScriptedAnswer.Text("two")),
            chat => (chat.MaxConcurrentTurns, chat.DisconnectGrace) = (1, TimeSpan.FromHours(1)));
        using (var left = await StreamAsync(server))
        {
            await left.ReadAsync(4);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await PostAsync(server, new { messages = new[] { new { role = "user", content = "hi" } } }, "/v1/chat/completions")).StatusCode);
        gate.Open();
        await WaitForEndsAsync(server, 1);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, new { messages = new[] { new { role = "user", content = "hi" } } }, "/v1/chat/completions")).StatusCode);
    }

    [Fact]
    public async Task NoLimit_TakesAsManyAsThereAre()
    {
        var gate = new Gate();
        await using var server = await StartAsync(new ScriptedChatClient().When(_ => true, ScriptedAnswer.Empty.ThenWait(gate.WaitAsync).ThenText("Hello")));

        var turns = Enumerable.Range(0, 40).Select(_ => PostAsync(server, new { messages = new[] { new { role = "user", content = "hi" } } }, "/v1/chat/completions")).ToList();
        gate.Open();

        Assert.All(await Task.WhenAll(turns), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }
}
