using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Hermes.Core.Hosting;
using Hermes.Core.Sessions;
using Hermes.Core.Tests.Providers;
using Hermes.Core.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Http;

/// <summary>Clients that ask again on their own, as the stock ones do, before a provider that fails.</summary>
public class RepeatedRequestTests
{
    private const string Completions = "/v1/chat/completions";
    private const string SessionChat = "/api/sessions/s/chat";

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    public async Task Complete_ProviderFailsTwice_IsOneTurnInOneSession(int status)
    {
        await using var provider = await ProviderAsync(status, status, 200);
        await using var server = await StartAsync(provider);

        using var response = await CallAsync(server, Completions);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(3, provider.Requests.Count);
        Assert.Equal([(2, "user:hi", "assistant:Hello")], await SessionsAsync(server));
        Assert.All(provider.Requests, request => Assert.Equal(3, request.GetProperty("messages").GetArrayLength()));
    }

    [Theory]
    [InlineData(Completions)]
    [InlineData(SessionChat)]
    public async Task Chat_SessionAndProviderFailsTwice_IsOneTurn(string path)
    {
        await using var provider = await ProviderAsync(502, 429, 200);
        await using var server = await StartAsync(provider);
        await server.Services.GetRequiredService<SessionStore>().CreateAsync(new NewSession { Id = "s" });

        using var response = await CallAsync(server, path, session: "s");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([(2, "user:hi", "assistant:Hello")], await SessionsAsync(server));
    }

    [Fact]
    public async Task StreamChat_ProviderFailedBefore_IsOneTurn()
    {
        await using var provider = await ProviderAsync(502, 200);
        await using var server = await StartAsync(provider);
        await server.Services.GetRequiredService<SessionStore>().CreateAsync(new NewSession { Id = "s" });

        for (var i = 0; i < 2; i++)
        {
            using var response = await server.Client.PostAsJsonAsync(SessionChat + "/stream", new { message = "hi" });
            Assert.Contains(i == 0 ? "event: error" : "event: run.completed", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal([(2, "user:hi", "assistant:Hello")], await SessionsAsync(server));
    }

    [Fact]
    public async Task Complete_StreamRepeatedByItsKey_GoesOnInTheSession()
    {
        await using var provider = await ProviderAsync(502, 200);
        await using var server = await StartAsync(provider);

        for (var i = 0; i < 2; i++)
        {
            using var response = await SendAsync(server, Completions, stream: true, key: "k");
            await response.Content.ReadAsStringAsync();
        }

        Assert.Equal([(2, "user:hi", "assistant:Hello")], await SessionsAsync(server));
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(0, "k")]
    public async Task Complete_RepeatedAfterItsSessionWasDeleted_IsANewSession(int attempt, string? key)
    {
        await using var provider = await ProviderAsync(502, 200);
        await using var server = await StartAsync(provider);
        var store = server.Services.GetRequiredService<SessionStore>();
        using var failed = await SendAsync(server, Completions, key: key);
        var deleted = Assert.Single((await store.ListAsync(new SessionQuery())).Items).Id;
        await store.DeleteAsync(deleted);

        using var repeated = await SendAsync(server, Completions, attempt: attempt, key: key);

        Assert.Equal(HttpStatusCode.OK, repeated.StatusCode);
        Assert.NotEqual(deleted, Assert.Single((await store.ListAsync(new SessionQuery())).Items).Id);
    }

    [Fact]
    public async Task Complete_SaidAgainWithoutASignOfARetry_IsANewSession()
    {
        await using var provider = await ProviderAsync(502, 200);
        await using var server = await StartAsync(provider);

        using var first = await SendAsync(server, Completions);
        using var second = await SendAsync(server, Completions);

        Assert.Equal(2, (await SessionsAsync(server)).Count);
    }

    [Theory]
    [InlineData(400, 502, false)]
    [InlineData(401, 502, false)]
    [InlineData(402, 502, false)]
    [InlineData(403, 502, false)]
    [InlineData(404, 502, false)]
    [InlineData(413, 502, false)]
    [InlineData(422, 502, false)]
    [InlineData(504, 502, false)]
    [InlineData(408, 502, true)]
    [InlineData(409, 502, true)]
    [InlineData(429, 429, true)]
    [InlineData(500, 502, true)]
    [InlineData(503, 502, true)]
    public async Task Chat_ProviderFails_SaysWhetherAskingAgainMayHelp(int status, int expected, bool isAskedAgain)
    {
        await using var provider = await ProviderAsync([.. Enumerable.Repeat(status, 6)]);
        await using var server = await StartAsync(provider);
        await server.Services.GetRequiredService<SessionStore>().CreateAsync(new NewSession { Id = "s" });

        foreach (var path in (string[])[Completions, SessionChat])
        {
            using var response = await CallAsync(server, path, session: "s");

            Assert.Equal(expected, (int)response.StatusCode);
            Assert.Equal(isAskedAgain ? null : "false", response.Headers.TryGetValues("x-should-retry", out var values) ? values.Single() : null);
        }

        Assert.Equal(isAskedAgain ? 6 : 2, provider.Requests.Count);
        Assert.Equal([(1, "user:hi", "")], await SessionsAsync(server));
    }

    /// <summary>What the stock npm client does: two more attempts at 408, 409, 429 and 5xx, counted in a header, unless it is told not to.</summary>
    private static async Task<HttpResponseMessage> CallAsync(HermesServer server, string path, string? session = null)
    {
        for (var attempt = 0; ; attempt++)
        {
            var response = await SendAsync(server, path, session, attempt);
            var isToRetry = response.Headers.TryGetValues("x-should-retry", out var values)
                ? values.Single() == "true"
                : (int)response.StatusCode is 408 or 409 or 429 or >= 500;
            if (!isToRetry || attempt == 2) return response;

            response.Dispose();
        }
    }

    private static Task<HttpResponseMessage> SendAsync(
        HermesServer server, string path, string? session = null, int attempt = 0, bool stream = false, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = path == SessionChat
                ? JsonContent.Create(new { message = "hi" })
                : JsonContent.Create(new
                {
                    messages = new[] { new { role = "user", content = "before" }, new { role = "assistant", content = "yes" }, new { role = "user", content = "hi" } },
                    stream,
                }),
        };
        request.Headers.Add("X-Stainless-Retry-Count", attempt.ToString(CultureInfo.InvariantCulture));
        if (session is not null)
            request.Headers.Add("X-Hermes-Session-Id", session);

        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);

        return server.Client.SendAsync(request);
    }

    private static Task<FakeProvider> ProviderAsync(params int[] statuses)
    {
        var next = 0;
        return FakeProvider.StartAsync(http =>
        {
            var status = statuses[Interlocked.Increment(ref next) - 1];
            if (status == 200) return FakeProvider.StreamAsync(http, ["Hel", "lo"]);

            http.Response.StatusCode = status;
            http.Response.Headers.RetryAfter = status == 429 ? "1" : default;
            return http.Response.WriteAsync("{}");
        });
    }

    private static Task<HermesServer> StartAsync(FakeProvider provider) => HermesServer.StartAsync(configure: builder =>
    {
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{HermesOptions.Section}:Chat:BaseUrl"] = provider.BaseUrl,
            [$"{HermesOptions.Section}:Chat:Model"] = "m",
        });
        builder.Services.AddHermesChatClient();
    });

    /// <summary>What there is of each session: its count of messages and the first two of them.</summary>
    private static async Task<List<(long Count, string First, string Second)>> SessionsAsync(HermesServer server)
    {
        var store = server.Services.GetRequiredService<SessionStore>();
        var sessions = new List<(long, string, string)>();
        foreach (var session in (await store.ListAsync(new SessionQuery())).Items)
        {
            var rows = await store.ReadMessagesAsync(session.Id).Select(message => $"{message.Role}:{message.Content}").ToListAsync();
            Assert.Equal(session.MessageCount, rows.Count);
            sessions.Add((rows.Count, rows.ElementAtOrDefault(0) ?? "", rows.ElementAtOrDefault(1) ?? ""));
        }

        return sessions;
    }
}
