using System.Net.Sockets;
using Hermes.Core.Chat;
using Hermes.Core.Configuration;
using Hermes.Providers;
using Hermes.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Hermes.Core.Tests.Providers;

public sealed class ConfiguredChatClientTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task GetStreamingResponse_WholeStream_GivesDeltasUsageAndModel()
    {
        await using var provider = await FakeProvider.StartAsync(http => FakeProvider.StreamAsync(http, ["Hel", "lo"]));

        var updates = await Client(provider).GetStreamingResponseAsync("hi", new ChatOptions { Temperature = 0, MaxOutputTokens = 5, StopSequences = ["END"] }).ToListAsync();

        var answer = updates.ToChatResponse();
        Assert.Equal(("Hello", "stub/1", ChatFinishReason.Stop, 18), (answer.Text, answer.ModelId, answer.FinishReason, answer.Usage?.TotalTokenCount));
        Assert.Equal("Bearer key", provider.Authorization);
        var asked = Assert.Single(provider.Requests);
        Assert.Equal("m", asked.GetProperty("model").GetString());
        Assert.Equal("hi", asked.GetProperty("messages")[0].GetProperty("content").ToString());
        Assert.Equal("END", asked.GetProperty("stop")[0].GetString());
    }

    [Fact]
    public async Task GetStreamingResponse_ModelOfTheTurn_IsAskedForInsteadOfTheConfigured()
    {
        await using var provider = await FakeProvider.StartAsync(http => FakeProvider.StreamAsync(http, ["Hello"]));
        var client = Client(provider);

        foreach (var model in (string?[])["big", null, "org/other"])
            await client.GetStreamingResponseAsync("hi", new ChatOptions { ModelId = model }).ToListAsync();

        Assert.Equal(["big", "m", "org/other"], provider.Requests.Select(request => request.GetProperty("model").GetString()));
    }

    [Theory]
    [InlineData(401, null, null)]
    [InlineData(429, "7", 7.0)]
    [InlineData(429, "Thu, 01 Jan 1970 00:00:00 GMT", 0.0)]
    [InlineData(429, "soon", null)]
    [InlineData(500, null, null)]
    public async Task GetStreamingResponse_ErrorStatus_IsAskedOnceAndToldWithoutTheProvidersWords(int status, string? retryAfter, double? seconds)
    {
        await using var provider = await FakeProvider.StartAsync(http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.RetryAfter = retryAfter;
            return http.Response.WriteAsync("""{"error":{"message":"SECRET key"}}""");
        });

        var exception = await FailAsync(provider);

        Assert.Equal((status, seconds), (exception.Status, exception.RetryAfter?.TotalSeconds));
        Assert.DoesNotContain("SECRET", exception.ToString(), StringComparison.Ordinal);
        Assert.Single(provider.Requests);
    }

    [Fact]
    public async Task GetStreamingResponse_StreamEndsWithoutAReason_IsAFailure()
    {
        await using var provider = await FakeProvider.StartAsync(http => FakeProvider.StreamAsync(http, ["half"], cut: true));

        Assert.Null((await FailAsync(provider)).Status);
    }

    [Fact]
    public async Task GetStreamingResponse_OddAnswer_IsRepaired()
    {
        await using var provider = await FakeProvider.StartAsync(http => FakeProvider.StreamAsync(http, ["Hello"], finishReason: "eos"));

        var answer = await Client(provider).GetStreamingResponseAsync("hi").ToChatResponseAsync();

        Assert.Equal(("Hello", ChatFinishReason.Stop), (answer.Text, answer.FinishReason));
    }

    [Fact]
    public async Task GetStreamingResponse_ConnectionIsCut_IsAFailure()
    {
        await using var provider = await FakeProvider.StartAsync(async http =>
        {
            await FakeProvider.StreamAsync(http, ["half"], cut: true);
            http.Abort();
        });

        Assert.Null((await FailAsync(provider)).Status);
    }

    [Fact]
    public async Task GetStreamingResponse_AnswerIsNoJson_IsAFailure()
    {
        await using var provider = await FakeProvider.StartAsync(http =>
        {
            http.Response.ContentType = "text/event-stream";
            return http.Response.WriteAsync("data: SECRET\n\n");
        });

        Assert.DoesNotContain("SECRET", (await FailAsync(provider)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetStreamingResponse_NobodyListens_IsAFailure()
    {
        using var reserved = new TcpListener(System.Net.IPAddress.Loopback, 0);
        reserved.Start();
        var port = ((System.Net.IPEndPoint)reserved.LocalEndpoint).Port;
        reserved.Stop();

        await Assert.ThrowsAsync<ChatProviderException>(() => Client($"http://127.0.0.1:{port}/v1").GetResponseAsync("hi"));
    }

    [Fact]
    public async Task GetStreamingResponse_Cancelled_IsNoFailureOfTheProvider()
    {
        using var cancel = new CancellationTokenSource();
        await using var provider = await FakeProvider.StartAsync(async http =>
        {
            await FakeProvider.StreamAsync(http, ["half"], cut: true);
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Client(provider).GetStreamingResponseAsync("hi", cancellationToken: cancel.Token).ToListAsync(CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task GetStreamingResponse_ArgumentsWithoutEnd_EndWithLength()
    {
        await using var provider = await EndlessAsync(
            "text/event-stream", "",
            """data: {"id":"c","object":"chat.completion.chunk","created":0,"model":"stub/1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"xxxxxxxxxx"}}]},"finish_reason":null}]}""" + "\n\n");

        var updates = await Client(provider).GetStreamingResponseAsync("hi").ToListAsync();

        Assert.Equal(ChatFinishReason.Length, updates[^1].FinishReason);
        Assert.DoesNotContain(updates, update => update.Contents.Count > 0 || update.RawRepresentation is not null);
    }

    [Theory]
    [InlineData("text/event-stream", "data: {\"choices\":\"", "xxxxxxxxxxxxxxxx")]
    [InlineData("text/event-stream", "", "data: {}\n")]
    [InlineData("application/json", "{\"choices\":[\n", "{},\n\n")]
    public async Task GetStreamingResponse_EventOrDocumentWithoutEnd_IsAFailure(string type, string start, string repeated)
    {
        await using var provider = await EndlessAsync(type, start, repeated);

        Assert.Null((await FailAsync(provider)).Status);
    }

    [Fact]
    public async Task GetStreamingResponse_ErrorWithoutEnd_IsAFailure()
    {
        await using var provider = await EndlessAsync("application/json", "{", "xxxxxxxxxxxxxxxx", status: 500);

        await FailAsync(provider);
    }

    [Fact]
    public async Task GetStreamingResponse_ManyEventsLongerThanTheLimitTogether_AreWhole()
    {
        var word = new string('x', 100_000);
        await using var provider = await FakeProvider.StartAsync(http => FakeProvider.StreamAsync(http, [.. Enumerable.Repeat(word, 100)]));

        var answer = await Client(provider).GetStreamingResponseAsync("hi").ToChatResponseAsync();

        Assert.Equal(10_000_000, answer.Text.Length);
    }

    [Fact]
    public async Task GetStreamingResponse_Redirect_IsNotFollowed()
    {
        await using var provider = await FakeProvider.StartAsync(http =>
        {
            http.Response.Redirect("/v1/chat/completions?again", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });

        await FailAsync(provider);

        Assert.Single(provider.Requests);
    }

    [Fact]
    public async Task GetResponse_Plain_GivesTheAnswer()
    {
        await using var provider = await FakeProvider.StartAsync(http => http.Response.WriteAsJsonAsync(new
        {
            id = "c",
            @object = "chat.completion",
            created = 0,
            model = "stub/1",
            choices = new[] { new { index = 0, message = new { role = "assistant", content = "Hello" }, finish_reason = "stop" } },
        }));

        Assert.Equal("Hello", (await Client(provider).GetResponseAsync("hi")).Text);
    }

    [Fact]
    public async Task GetResponse_NothingConfigured_SaysSoAndEchoes()
    {
        var answer = await Client((string?)null).GetResponseAsync("hello there");

        Assert.StartsWith("No model is configured", answer.Text, StringComparison.Ordinal);
        Assert.Equal("You said: hello there", answer.Text.Split('\n')[^1]);
    }

    [Fact]
    public async Task GetResponse_ProviderThatIsNotKnown_FailsInsteadOfEchoing()
    {
        _home.Write("config.yaml", "model: {default: m, provider: nobody-knows}");

        var exception = await Assert.ThrowsAsync<ChatConfigurationException>(() => Client(baseUrl: null).GetResponseAsync("hi"));

        Assert.Contains("'nobody-knows'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("custom_providers", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponse_KeyWithAnInvisibleCharacter_IsNotSent()
    {
        await using var provider = await FakeProvider.StartAsync(http => FakeProvider.StreamAsync(http, ["Hello"]));
        _home.Write("config.yaml", $"model: {{default: m, base_url: '{provider.BaseUrl}', key_env: CORP_KEY}}").Write(".env", "CORP_KEY=sk-\u200Babc\n");

        var exception = await Assert.ThrowsAsync<ChatConfigurationException>(() => Client(baseUrl: null).GetResponseAsync("hi"));

        Assert.Contains("U+200B", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("abc", exception.Message, StringComparison.Ordinal);
        Assert.Null(provider.Authorization);
    }

    [Fact]
    public async Task GetResponse_ConfigChanges_TheNextCallFollows()
    {
        await using var provider = await FakeProvider.StartAsync(http => FakeProvider.StreamAsync(http, ["Hello"]));
        var client = Client((string?)null);
        Assert.StartsWith("No model", (await client.GetResponseAsync("hi")).Text, StringComparison.Ordinal);

        _home.Write("config.yaml", $"model: {{default: m, base_url: '{provider.BaseUrl}'}}");

        Assert.Equal("Hello", (await client.GetStreamingResponseAsync("hi").ToChatResponseAsync()).Text);
    }

    private static async Task<ChatProviderException> FailAsync(FakeProvider provider)
    {
        using var home = new TemporaryHome();
        return await Assert.ThrowsAsync<ChatProviderException>(() => Client(home, provider.BaseUrl).GetStreamingResponseAsync("hi").ToListAsync().AsTask());
    }

    private ConfiguredChatClient Client(FakeProvider provider) => Client(provider.BaseUrl);

    private static Task<FakeProvider> EndlessAsync(string type, string start, string repeated, int status = 200) => FakeProvider.StartAsync(async http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        await http.Response.WriteAsync(start);
        var block = string.Concat(Enumerable.Repeat(repeated, 1 + (65536 / repeated.Length)));
        while (!http.RequestAborted.IsCancellationRequested)
            await http.Response.WriteAsync(block);
    });

    private ConfiguredChatClient Client(string? baseUrl) => Client(_home, baseUrl);

    private static ConfiguredChatClient Client(TemporaryHome home, string? baseUrl) => new(
        new ProviderResolver(home.Home, new System.IO.Abstractions.FileSystem()),
        new FixedOptions(new ProviderOptions { BaseUrl = baseUrl, ApiKey = baseUrl is null ? null : "key", Model = baseUrl is null ? null : "m" }),
        new HermesChatOptions { MaxAnswerLength = 10_000 },
        NullLogger<ConfiguredChatClient>.Instance);

    private sealed class FixedOptions(ProviderOptions options) : IOptionsMonitor<ProviderOptions>
    {
        public ProviderOptions CurrentValue => options;

        public ProviderOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<ProviderOptions, string?> listener) => null;
    }
}
