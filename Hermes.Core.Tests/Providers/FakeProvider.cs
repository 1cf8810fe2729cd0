using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hermes.Core.Tests.Providers;

/// <summary>An OpenAI-compatible provider on a real socket, which answers each request as it is told.</summary>
internal sealed class FakeProvider : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeProvider(WebApplication app) => _app = app;

    public string BaseUrl => $"{_app.Urls.Single()}/v1";

    /// <summary>The bodies of the requests so far.</summary>
    public List<JsonElement> Requests { get; } = [];

    /// <summary>The <c>Authorization</c> header of the last request.</summary>
    public string? Authorization { get; private set; }

    public static async Task<FakeProvider> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var provider = new FakeProvider(app);
        app.MapPost("/v1/chat/completions", async http =>
        {
            provider.Authorization = http.Request.Headers.Authorization;
            using var body = await JsonDocument.ParseAsync(http.Request.Body);
            provider.Requests.Add(body.RootElement.Clone());
            await answer(http);
        });
        app.MapGet("/v1/models", http =>
        {
            provider.Authorization = http.Request.Headers.Authorization;
            return answer(http);
        });
        await app.StartAsync();
        return provider;
    }

    /// <summary>Sends these deltas; the whole stream ends with a reason to stop and the usage, unless it is <paramref name="cut"/>.</summary>
    public static async Task StreamAsync(HttpContext http, string[] deltas, bool cut = false, string finishReason = "stop")
    {
        http.Response.ContentType = "text/event-stream";
        foreach (var delta in deltas)
            await SendAsync($$"""{"index":0,"delta":{"content":"{{delta}}"},"finish_reason":null}""", "");

        if (cut) return;

        await SendAsync($$"""{"index":0,"delta":{},"finish_reason":"{{finishReason}}"}""", ""","usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}""");
        await http.Response.WriteAsync("data: [DONE]\n\n");

        async Task SendAsync(string choice, string more)
        {
            await http.Response.WriteAsync($$"""data: {"id":"c","object":"chat.completion.chunk","created":0,"model":"stub/1","choices":[{{choice}}]{{more}}}""" + "\n\n");
            await http.Response.Body.FlushAsync();
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
