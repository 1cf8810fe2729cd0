using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hermes.Core.Chat;
using Hermes.Core.Tests.Support;
using Hermes.Providers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;

namespace Hermes.Core.Tests.Providers;

/// <summary>OpenAI's stock client with the repair, against providers on real sockets.</summary>
public sealed partial class ProviderRepairTests(ProviderRepairTests.Fixture fixture) : IClassFixture<ProviderRepairTests.Fixture>
{
    public static TheoryData<string> Oddities => [.. OddAnswers.Table.Keys];

    [Theory]
    [MemberData(nameof(Oddities))]
    public async Task OddAnswer_StreamingCall_IsRead(string oddity) =>
        Assert.Equal(OddAnswers.Table[oddity].Gets, await AskAsync(fixture.Client, oddity, isStreaming: true));

    [Theory]
    [MemberData(nameof(Oddities))]
    public async Task OddAnswer_PlainCall_IsRead(string oddity) =>
        Assert.Equal(OddAnswers.Table[oddity].Gets, await AskAsync(fixture.Client, oddity, isStreaming: false));

    [Theory]
    [MemberData(nameof(Oddities))]
    public async Task OddAnswer_ThroughTheApi_IsRead(string oddity)
    {
        using var answer = await fixture.Server.Client.PostAsJsonAsync("/v1/chat/completions", new { messages = new[] { new { role = "user", content = oddity } } });

        var text = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("SECRET", text, StringComparison.Ordinal);
        if (!answer.IsSuccessStatusCode)
        {
            Assert.Equal(OddAnswers.Table[oddity].Gets, $"{(int)answer.StatusCode}");
            return;
        }

        var body = JsonDocument.Parse(text).RootElement;
        var choice = body.GetProperty("choices")[0];
        var message = choice.GetProperty("message");
        var calls = message.TryGetProperty("tool_calls", out var asked) ? asked.EnumerateArray().ToArray() : [];
        var usage = body.GetProperty("usage");
        Assert.Equal(
            Thoughts().Replace(OddAnswers.Table[oddity].Gets, ""),
            Describe(
                message.GetProperty("content").GetString()!,
                "",
                choice.GetProperty("finish_reason").GetString(),
                (usage.GetProperty("prompt_tokens").GetInt64(), usage.GetProperty("completion_tokens").GetInt64(), usage.GetProperty("total_tokens").GetInt64()),
                calls.Select(call => (
                    call.GetProperty("id").GetString()!,
                    call.GetProperty("function").GetProperty("name").GetString()!,
                    call.GetProperty("function").GetProperty("arguments").GetString()!))));
    }

    [Fact]
    public async Task EveryField_OfEveryKind_IsReadOrAFailureOfTheProvider()
    {
        const string Chunk = """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","system_fingerprint":"f","service_tier":"default","choices":[{"index":0,"delta":{"role":"assistant","content":"Hello","refusal":"r","reasoning_content":"t","annotations":[],"audio":null,"function_call":{"name":"f","arguments":"{}"},"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},"logprobs":{"content":[],"refusal":[]},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"prompt_tokens_details":{"cached_tokens":1},"completion_tokens_details":{"reasoning_tokens":1}}}""";
        var unread = new List<string>();

        foreach (var (path, changed) in Mutations(JsonNode.Parse(Chunk)!))
        {
            foreach (var (isStreaming, body) in new[] { (true, $"data: {changed}\n\ndata: [DONE]\n\n"), (false, changed.Replace("\"delta\"", "\"message\"", StringComparison.Ordinal)) })
            {
                fixture.NextAnswer = body;
                try
                {
                    _ = isStreaming ? await fixture.Client.GetStreamingResponseAsync("next").ToChatResponseAsync() : await fixture.Client.GetResponseAsync("next");
                }
                catch (ChatProviderException)
                {
                    // A choice that is none is no answer.
                }
                catch (Exception exception)
                {
                    unread.Add($"{path} {isStreaming}: {exception}");
                }
            }
        }

        Assert.Equal([], unread);
    }

    [Theory]
    [InlineData("""{"error":{"code":401}}""", 401)]
    [InlineData("""{"error":{"code":"context_length_exceeded","type":"invalid_request_error"}}""", 400)]
    [InlineData("""{"error":{"status":"RESOURCE_EXHAUSTED"}}""", 429)]
    [InlineData("""{"error":{"code":"model_not_found"}}""", 404)]
    [InlineData("""{"error":{"code":1302}}""", null)]
    public async Task ErrorInsideAnAnswer_KeepsTheStatusThatItNames(string body, int? status)
    {
        fixture.NextAnswer = body;

        var exception = await Assert.ThrowsAsync<ChatProviderException>(() => fixture.Client.GetStreamingResponseAsync("next").ToChatResponseAsync());

        Assert.Equal((status, 7), (exception.Status, exception.RetryAfter?.TotalSeconds));
    }

    [Fact]
    public async Task Stream_PassesEachEventOnAsItComes()
    {
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var provider = await FakeProvider.StartAsync(async http =>
        {
            await WriteAsync(http, "data: {\"choices\":[{\"delta\":{\"content\":\"one\"}}]}\n\n");
            await read.Task;
            await WriteAsync(http, "data: {\"choices\":[{\"delta\":{\"content\":\"two\"}}]}\n\ndata: [DONE]\n\n");
        });

        var texts = new List<string>();
        await foreach (var update in Client(provider.BaseUrl).GetStreamingResponseAsync("hi"))
        {
            texts.Add(update.Text);
            read.TrySetResult();
        }

        Assert.Equal(["one", "two", ""], texts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancelling_EndsTheProvidersRequest(bool isStreaming)
    {
        using var cancel = new CancellationTokenSource();
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var provider = await FakeProvider.StartAsync(async http =>
        {
            http.RequestAborted.Register(aborted.SetResult);
            await WriteAsync(http, "data: {\"choices\":[{\"delta\":{\"content\":\"one\"}}]}\n\n");
            await cancel.CancelAsync();
            await aborted.Task;
        });
        var client = Client(provider.BaseUrl);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => isStreaming
            ? client.GetStreamingResponseAsync("hi", cancellationToken: cancel.Token).ToChatResponseAsync(CancellationToken.None)
            : client.GetResponseAsync("hi", cancellationToken: cancel.Token));

        await aborted.Task;
    }

    [Theory]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"", true)]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"", false)]
    [InlineData("{\"choices\":[{\"message\":{\"content\":\"", true)]
    [InlineData("{\"choices\":[{\"message\":{\"content\":\"", false)]
    public async Task AnswerWithoutEnd_IsAFailureAndGivenUp(string beginning, bool isStreaming)
    {
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var provider = await FakeProvider.StartAsync(async http =>
        {
            http.RequestAborted.Register(aborted.SetResult);
            await WriteAsync(http, beginning);
            var more = new string('x', 1024 * 1024);
            while (!http.RequestAborted.IsCancellationRequested)
                await http.Response.WriteAsync(more);
        });
        var client = Client(provider.BaseUrl);

        var exception = await Assert.ThrowsAsync<ChatProviderException>(() => isStreaming
            ? client.GetStreamingResponseAsync("hi").ToChatResponseAsync()
            : client.GetResponseAsync("hi"));

        Assert.Contains("longer than 16777216", exception.Message, StringComparison.Ordinal);
        await aborted.Task;
    }

    [Fact]
    public async Task ErrorStatus_StaysTheClientsException_HoweverLongItsText()
    {
        await using var provider = await FakeProvider.StartAsync(async http =>
        {
            http.Response.StatusCode = 500;
            while (!http.RequestAborted.IsCancellationRequested)
                await http.Response.WriteAsync(new string('x', 64 * 1024));
        });

        Assert.Equal(500, (await Assert.ThrowsAsync<ClientResultException>(() => Client(provider.BaseUrl).GetResponseAsync("hi"))).Status);
        Assert.Equal(500, (await Assert.ThrowsAsync<ClientResultException>(() => Client(provider.BaseUrl).GetStreamingResponseAsync("hi").ToChatResponseAsync())).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ErrorStatus_OfAnEmbeddedClient_ReachesTheApisClients(bool isRepaired)
    {
        await using var provider = await FakeProvider.StartAsync(http =>
        {
            http.Response.StatusCode = 429;
            http.Response.Headers.RetryAfter = "7";
            return Task.CompletedTask;
        });
        using var client = Client(provider.BaseUrl, isRepaired);
        await using var server = await HermesServer.StartAsync(configure: builder => builder.Services.AddSingleton(client));

        using var answer = await server.Client.PostAsJsonAsync("/v1/chat/completions", new { messages = new[] { new { role = "user", content = "hi" } } });

        Assert.Equal((429, 7), ((int)answer.StatusCode, answer.Headers.RetryAfter?.Delta?.TotalSeconds));
    }

    [Theory]
    [InlineData("", true, null)]
    [InlineData("data: [DONE]\n\n", true, "Hello [stop]")]
    [InlineData("", false, "Hello [stop]")]
    public async Task EndOfTheConnection_IsTheEndOfTheAnswerWhereThatIsCertain(string end, bool isOfUnknownLength, string? gets)
    {
        var body = "data: {\"choices\":[{\"delta\":{\"content\":\"Hello\"}}]}\n\n" + end;
        await using var provider = new RawProvider($"HTTP/1.1 200 OK\r\n{(isOfUnknownLength ? "" : $"Content-Length: {body.Length}\r\n")}Connection: close\r\n\r\n{body}");

        Assert.Equal(gets ?? "502", await AskAsync(Client(provider.BaseUrl), "hi", isStreaming: true));
    }

    [Fact]
    public async Task CutConnection_IsAFailure()
    {
        await using var provider = new RawProvider("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n34\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"Hello\"}}]}\n\n\r\n");

        await Assert.ThrowsAnyAsync<IOException>(() => Client(provider.BaseUrl).GetStreamingResponseAsync("hi").ToChatResponseAsync());
    }

    [Fact]
    public void SynchronousCalls_AreRepairedToo()
    {
        var client = ChatClient(fixture.BaseUrl);

        Assert.Equal("Hello", client.CompleteChat("finish_reason is empty").Value.Content[0].Text);
        Assert.Equal("Hello", string.Concat(client.CompleteChatStreaming("finish_reason is empty").SelectMany(update => update.ContentUpdate).Select(part => part.Text)));
    }

    [Fact]
    public async Task WhatIsNotOdd_PassesAsItCame()
    {
        fixture.NextAnswer = """{"id":"c","object":"chat.completion","created":1700000000,"model":"m","citations":["https://a.example"],"choices":[{"index":0,"message":{"role":"assistant","content":"Hello","images":[1]},"logprobs":{"content":[],"refusal":[]},"finish_reason":"stop"}]}""";

        var answer = await ChatClient(fixture.BaseUrl).CompleteChatAsync("next");

        Assert.Equal(
            """{"choices":[{"index":0,"message":{"role":"assistant","images":[1],"content":"Hello"},"finish_reason":"stop","logprobs":{"content":[],"refusal":[]}}],"citations":["https://a.example"],"created":1700000000,"id":"c","model":"m","object":"chat.completion"}""",
            Sorted(answer.GetRawResponse().Content.ToString()));
    }

    private static string Sorted(string json) =>
        new JsonObject(JsonNode.Parse(json)!.AsObject().OrderBy(property => property.Key, StringComparer.Ordinal).Select(property => KeyValuePair.Create(property.Key, property.Value?.DeepClone()))).ToJsonString();

    private static async Task WriteAsync(HttpContext http, string text)
    {
        await http.Response.WriteAsync(text);
        await http.Response.Body.FlushAsync();
    }

    private static OpenAI.Chat.ChatClient ChatClient(string baseUrl, bool isRepaired = true)
    {
        var options = new OpenAIClientOptions { Endpoint = new Uri(baseUrl), RetryPolicy = new ClientRetryPolicy(maxRetries: 0) };
        return new("m", new ApiKeyCredential("key"), isRepaired ? options.UseProviderRepair() : options);
    }

    private static IChatClient Client(string baseUrl, bool isRepaired = true) => ChatClient(baseUrl, isRepaired).AsIChatClient();

    private static async Task<string> AskAsync(IChatClient client, string text, bool isStreaming)
    {
        ChatResponse answer;
        try
        {
            answer = isStreaming ? await client.GetStreamingResponseAsync(text).ToChatResponseAsync() : await client.GetResponseAsync(text);
        }
        catch (ChatProviderException exception)
        {
            Assert.DoesNotContain("SECRET", exception.ToString(), StringComparison.Ordinal);
            return exception.Status is 429 ? "429" : "502";
        }

        var message = Assert.Single(answer.Messages);
        Assert.Equal(ChatRole.Assistant, message.Role);
        return Describe(
            string.Concat(message.Contents.Select(content => content switch { TextContent said => said.Text, ErrorContent refusal => refusal.Message, _ => "" })),
            string.Concat(message.Contents.OfType<TextReasoningContent>().Select(thought => thought.Text)),
            answer.FinishReason?.Value,
            (answer.Usage?.InputTokenCount ?? 0, answer.Usage?.OutputTokenCount ?? 0, answer.Usage?.TotalTokenCount ?? 0),
            message.Contents.OfType<FunctionCallContent>().Select(call => (call.CallId, call.Name, ToolCallJson.ArgumentsText(call))));
    }

    private static string Describe(
        string text, string thoughts, string? finishReason, (long Input, long Output, long Total) usage, IEnumerable<(string Id, string Name, string Arguments)> calls)
    {
        var asked = calls.ToArray();
        Assert.Equal(asked.Length, asked.Select(call => call.Id).Where(id => id.Length > 0).Distinct().Count());
        string[] parts =
        [
            text,
            thoughts.Length > 0 ? $"{{{thoughts}}}" : "",
            $"[{finishReason}]",
            usage.Total > 0 ? $"{usage.Input}+{usage.Output}={usage.Total}" : "",
            .. asked.Select(call => $"{(call.Id.StartsWith("call_", StringComparison.Ordinal) ? "*" : call.Id)}:{call.Name}({call.Arguments})"),
        ];
        return string.Join(' ', parts.Where(part => part.Length > 0));
    }

    // Every value of the chunk, replaced by one of every kind, and left out.
    private static IEnumerable<(string Path, string Changed)> Mutations(JsonNode whole)
    {
        string?[] kinds = ["null", "\"\"", "\"x\"", "0", "-1.5", "1e300", "true", "[]", "[null]", "[{}]", "{}", """{"x":null}""", null];
        foreach (var path in Paths(whole).ToArray())
        {
            foreach (var kind in kinds)
            {
                var copy = whole.DeepClone();
                var parent = path[..^1].Aggregate(copy, (node, step) => int.TryParse(step, out var index) ? node![index]! : node![step]!);
                if (parent is JsonArray list)
                    list[0] = kind is null ? null : JsonNode.Parse(kind);
                else if (kind is null)
                    parent.AsObject().Remove(path[^1]);
                else
                    parent[path[^1]] = JsonNode.Parse(kind);

                yield return ($"{string.Join('.', path)} = {kind ?? "nothing"}", copy.ToJsonString());
            }
        }
    }

    private static IEnumerable<string[]> Paths(JsonNode? node) => node switch
    {
        JsonObject value => value.SelectMany(property => Paths(property.Value).Select(rest => (string[])[property.Key, .. rest]).Prepend([property.Key])),
        JsonArray { Count: > 0 } list => Paths(list[0]).Select(rest => (string[])["0", .. rest]).Prepend(["0"]),
        _ => [],
    };

    [GeneratedRegex(@" \{[^{}""]+\}(?= \[)")]
    private static partial Regex Thoughts();

    /// <summary>A provider that sends what the request's text names, the API on top of it, and the client between.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        private FakeProvider _provider = null!;

        /// <summary>What the text <c>next</c> is answered with.</summary>
        public string NextAnswer { get; set; } = "";

        public string BaseUrl => _provider.BaseUrl;

        public IChatClient Client { get; private set; } = null!;

        internal HermesServer Server { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            _provider = await FakeProvider.StartAsync(AnswerAsync);
            Client = ProviderRepairTests.Client(BaseUrl);
            Server = await HermesServer.StartAsync(configure: builder => builder.Services.AddSingleton(Client));
        }

        public async Task DisposeAsync()
        {
            await Server.DisposeAsync();
            await _provider.DisposeAsync();
        }

        // The content type says what it is not, as providers' often does.
        private Task AnswerAsync(HttpContext http)
        {
            var content = _provider.Requests[^1].GetProperty("messages").EnumerateArray().Last().GetProperty("content");
            var text = content.ValueKind is JsonValueKind.String ? content.GetString()! : content[0].GetProperty("text").GetString()!;
            http.Response.ContentType = "text/plain";
            http.Response.Headers.RetryAfter = "7";
            var body = Encoding.UTF8.GetBytes(text is "next" ? NextAnswer : OddAnswers.Table[text].Sends);
            http.Response.ContentLength = body.Length;
            return http.Response.Body.WriteAsync(body).AsTask();
        }
    }
}
