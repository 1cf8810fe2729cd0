using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Rewrite;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Http;

public class RouteTextTests
{
    /// <summary>What may stand in front of the API: each lets the path <c>/front/api/…</c> reach it.</summary>
    public static TheoryData<string> Fronts => ["path base", "rewriter", "group", "own middleware"];

    public static TheoryData<string> StrangeIds =>
    [
        "plain", "with space", "ünïcödé", "\U0001f600", "q?m", "ha#sh", "per%cent", "%", "%25", "%zz", "se;mi", "pl+us", "co:lon", "back\\slash", "quo\"te'",
        "a/b", "/", "a/", "/a", "a//b", "../up", "./x", "...", "a&b=c", "search/x", "\u200b", "a\u00a0b", new string('x', 256), string.Concat(Enumerable.Repeat("\U0001f600", 256)),
    ];

    [Theory]
    [MemberData(nameof(StrangeIds))]
    public async Task Session_OfAStrangeId_IsReachedByEveryCall(string id)
    {
        await using var server = await HermesServer.StartAsync();
        await CreateAsync(server, id);
        var path = $"/api/sessions/{Uri.EscapeDataString(id)}";

        Assert.Equal(id, await IdAsync(await server.Client.GetAsync(path)));
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync(path + "/messages")).StatusCode);
        Assert.Equal(id, await IdAsync(await server.Client.PatchAsync(path, JsonContent.Create(new { title = "T" }))));
        var fork = await server.Client.PostAsync(path + "/fork", null);
        Assert.Equal(id, (await fork.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("forked_from").GetString());
        var deleted = await server.Client.DeleteAsync(path);
        Assert.Equal(id, (await deleted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("session_id").GetString());
        Assert.Null(await server.Services.GetRequiredService<SessionStore>().FindAsync(id));
    }

    [Theory]
    [MemberData(nameof(Fronts))]
    public async Task BehindAFront_TheRouteNamesTheSession(string front)
    {
        await using var server = await StartBehindAsync(front);
        await CreateAsync(server, "a/b");
        await CreateAsync(server, "ünï");

        foreach (var id in (string[])["a/b", "ünï"])
        {
            var path = $"/front/api/sessions/{Uri.EscapeDataString(id)}";
            Assert.Equal(id, await IdAsync(await server.Client.GetAsync(path)));
            Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync(path + "/messages")).StatusCode);
            Assert.Equal(id, await IdAsync(await server.Client.PatchAsync(path, JsonContent.Create(new { title = "T " + id }))));
            Assert.Equal(HttpStatusCode.OK, (await server.Client.DeleteAsync(path)).StatusCode);
        }
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/messages")]
    [InlineData("PATCH", "")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/fork")]
    [InlineData("POST", "/chat")]
    [InlineData("POST", "/chat/stream")]
    public async Task RewrittenToAnotherSession_TheRequestLineSaysNothing(string method, string rest)
    {
        // What the application's routing and authorization see is /api/sessions/mine; the line of the request names another session.
        await using var server = await StartRewritingAsync(path => path.Replace("/api/sessions/theirs", "/api/sessions/mine", StringComparison.Ordinal));
        await CreateAsync(server, "mine");
        await CreateAsync(server, "theirs");
        var store = server.Services.GetRequiredService<SessionStore>();
        var theirs = await store.FindAsync("theirs");

        var answer = await server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/api/sessions/theirs" + rest)
        {
            Content = method is "PATCH" ? JsonContent.Create(new { title = "T" }) : rest.Contains("chat", StringComparison.Ordinal) ? JsonContent.Create(new { message = "hi" }) : null,
        });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain("theirs", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(theirs, await store.FindAsync("theirs"));
        if (method is "DELETE")
            Assert.Null(await store.FindAsync("mine"));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PATCH", "")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/fork")]
    [InlineData("POST", "/chat")]
    public async Task SlashEscapedTwice_IsRefusedAndNothingIsChanged(string method, string rest)
    {
        await using var server = await HermesServer.StartAsync();
        await CreateAsync(server, "a/b");

        var answer = await server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/api/sessions/a%252Fb" + rest)
        {
            Content = method is "PATCH" ? JsonContent.Create(new { title = "T" }) : rest is "/chat" ? JsonContent.Create(new { message = "hi" }) : null,
        });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("'id' cannot be named in a path", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(("a/b", null), await IdAndTitleAsync(server, "a/b"));
        Assert.Equal(1, (await server.Services.GetRequiredService<SessionStore>().ListAsync(new SessionQuery { IncludeChildren = true })).Total);
    }

    [Theory]
    [InlineData("{\"id\":\".\"}")]
    [InlineData("{\"id\":\" .. \"}")]
    [InlineData("{\"id\":\"a%2fb\"}")]
    public async Task Create_IdThatNoPathCanName_Is400(string body)
    {
        await using var server = await HermesServer.StartAsync();

        var answer = await server.Client.PostAsync("/api/sessions", new StringContent(body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("no path can name", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public async Task RewrittenToADotSegment_Is400(string segment)
    {
        await using var server = await StartRewritingAsync(_ => "/api/sessions/" + segment);

        var answer = await server.Client.DeleteAsync("/anything");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("'id' must not be '.' or '..'", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Task<HermesServer> StartRewritingAsync(Func<string, string> rewrite) => HermesServer.StartAsync(configure: AddServices, map: app =>
    {
        app.Use((http, next) =>
        {
            http.Request.Path = rewrite(http.Request.Path.Value!);
            return next(http);
        });
        app.UseRouting();
        app.UseAuthorization();
        app.MapHermesApi();
    });

    private static void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthorization();
        builder.Services.AddSingleton<IChatClient>(new ScriptedChatClient(ScriptedAnswer.Text("hello")));
    }

    private static Task<HermesServer> StartBehindAsync(string front) => HermesServer.StartAsync(configure: AddServices, map: app =>
    {
        switch (front)
        {
            case "path base":
                app.UsePathBase("/front");
                break;
            case "rewriter":
                app.UseRewriter(new RewriteOptions().AddRewrite("^front/(.*)$", "$1", skipRemainingRules: true));
                break;
            case "own middleware":
                app.Use((http, next) =>
                {
                    http.Request.Path = http.Request.Path.StartsWithSegments("/front", out var rest) ? rest : http.Request.Path;
                    return next(http);
                });
                break;
        }

        app.UseRouting();
        app.UseAuthorization();
        ((IEndpointRouteBuilder)(front is "group" ? app.MapGroup("/front") : app)).MapHermesApi();
    });

    private static Task<Session> CreateAsync(HermesServer server, string id) =>
        server.Services.GetRequiredService<SessionStore>().CreateAsync(new NewSession { Id = id });

    private static async Task<string?> IdAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("session").GetProperty("id").GetString();

    private static async Task<(string, string?)> IdAndTitleAsync(HermesServer server, string id)
    {
        var session = (await server.Services.GetRequiredService<SessionStore>().FindAsync(id))!;
        return (session.Id, session.Title);
    }
}
