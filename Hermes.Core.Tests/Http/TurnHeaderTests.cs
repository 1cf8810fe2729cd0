using System.Net;
using Hermes.Core.Chat;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using static Hermes.Core.Tests.Support.SessionChat;

namespace Hermes.Core.Tests.Http;

/// <summary>The headers of the answers that turns have, whichever call began them.</summary>
public class TurnHeaderTests
{
    private const string RunId = "X-Hermes-Run-Id";
    private const string SessionKey = "X-Hermes-Session-Key";

    public static TheoryData<string, string> Calls => new()
    {
        { "/v1/chat/completions", """{"messages":[{"role":"user","content":"hi"}]}""" },
        { "/v1/chat/completions", """{"messages":[{"role":"user","content":"hi"}],"stream":true}""" },
        { "/api/sessions/s/chat", """{"message":"hi"}""" },
        { "/api/sessions/s/chat/stream", """{"message":"hi"}""" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task RunId_OfEveryAnswer_FindsTheRun(string path, string body)
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hello"), ScriptedAnswer.Failure(new ChatProviderException("broken", 500))));

        foreach (var status in (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.BadGateway])
        {
            using var answer = await SendAsync(server, path, body);
            var isStream = answer.Content.Headers.ContentType!.MediaType == "text/event-stream";
            await answer.Content.ReadAsStringAsync();
            var run = answer.Headers.GetValues(RunId).Single();

            Assert.True(isStream || answer.StatusCode == status, $"{answer.StatusCode}");
            Assert.Matches("^run_[0-9a-f]{32}$", run);
            Assert.Contains("event: done", await server.Client.GetStringAsync($"/v1/runs/{run}/events"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task RunId_OfAnAnswerThatIsGivenAgain_IsThatOfItsRun()
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hello")));

        using var first = await PostAsync(server, new { message = "hi" }, key: "k");
        using var again = await PostAsync(server, new { message = "hi" }, key: "k");

        Assert.Equal(first.Headers.GetValues(RunId), again.Headers.GetValues(RunId));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task SessionKey_IsEchoed(string path, string body)
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hello")));

        using var answer = await SendAsync(server, path, body, $"agent:main:telegram:{new string('1', 235)}");

        Assert.Equal($"agent:main:telegram:{new string('1', 235)}", answer.Headers.GetValues(SessionKey).Single());
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task SessionKey_OfMoreThan256Characters_Is400AndNothingIsSaid(string path, string body)
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hello")));

        using var answer = await SendAsync(server, path, body, new string('k', 257));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("X-Hermes-Session-Key is too long (257 characters, max 256)", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(await TranscriptAsync(server));
    }

    [Theory]
    [InlineData("\r")]
    [InlineData("\n")]
    [InlineData("\0")]
    public async Task SessionKey_WithCharactersThatEndAHeader_Is400AndNotEchoed(string character)
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hello")));
        using var raw = new RawHttp(server.Address);

        var answer = await raw.SendAsync(
            $"POST /api/sessions/s/chat HTTP/1.1\r\nHost: {server.Address.Authority}\r\nAuthorization: Bearer {HermesServer.Key}\r\nConnection: close\r\n"
                + $"{SessionKey}: a{character}b\r\nContent-Length: 16\r\n\r\n" + """{"message":"hi"}""");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(SessionKey, answer, StringComparison.Ordinal);
        Assert.Empty(await TranscriptAsync(server));
    }

    [Fact]
    public async Task SessionKey_WithCharactersThatNoHeaderCarries_IsPercentEncoded()
    {
        await using var server = await StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hello")));
        using var raw = new RawHttp(server.Address);

        var answer = await raw.SendAsync(
            $"POST /api/sessions/s/chat HTTP/1.1\r\nHost: {server.Address.Authority}\r\nAuthorization: Bearer {HermesServer.Key}\r\nConnection: close\r\n"
                + $"{SessionKey}: Zürich\r\nContent-Length: 16\r\n\r\n" + """{"message":"hi"}""");

        Assert.Contains($"{SessionKey}: Z%C3%BCrich\r\n", answer, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> SendAsync(HermesServer server, string path, string body, string? sessionKey = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
        if (sessionKey is not null)
            request.Headers.Add(SessionKey, sessionKey);

        return server.Client.SendAsync(request);
    }
}
