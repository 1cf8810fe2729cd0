using System.Net;
using System.Text.Json;
using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Http;

public class SessionWritesTests
{
    [Fact]
    public async Task Fork_Session_AnswersTheBranchAndLeavesTheSessionAlone()
    {
        await using var server = await ServerAsync();
        var before = await server.Client.GetStringAsync("/api/sessions/a");

        var answer = await PostAsync(server, "/api/sessions/a/fork", null);

        Assert.Equal(["session", "forked_from"], answer.EnumerateObject().Select(field => field.Name));
        Assert.Equal("a", answer.GetProperty("forked_from").GetString());
        var branch = answer.GetProperty("session");
        Assert.Equal("T #2", branch.GetProperty("title").GetString());
        Assert.Equal("a", branch.GetProperty("parent_session_id").GetString());
        Assert.Equal("api_server", branch.GetProperty("source").GetString());
        Assert.Equal(2, branch.GetProperty("message_count").GetInt32());
        Assert.Equal(0, branch.GetProperty("input_tokens").GetInt32());
        Assert.Equal(before, await server.Client.GetStringAsync("/api/sessions/a"));
        Assert.Equal(2, JsonDocument.Parse(await server.Client.GetStringAsync("/api/sessions")).RootElement.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Fork_IdAndTitle_AreTaken()
    {
        await using var server = await ServerAsync();

        var branch = (await PostAsync(server, "/api/sessions/a/fork", """{"id":" mine ","title":" My  branch "}""")).GetProperty("session");

        Assert.Equal("mine", branch.GetProperty("id").GetString());
        Assert.Equal("My branch", branch.GetProperty("title").GetString());
    }

    [Theory]
    [InlineData("/api/sessions/nope/fork", "{}", HttpStatusCode.NotFound, "Session not found")]
    [InlineData("/api/sessions/A/fork", "{}", HttpStatusCode.NotFound, "Session not found")]
    [InlineData("/api/sessions/a/fork", "{", HttpStatusCode.BadRequest, "Invalid JSON")]
    [InlineData("/api/sessions/a/fork", "[]", HttpStatusCode.BadRequest, "must be a JSON object")]
    [InlineData("/api/sessions/a/fork", "{\"title\":\"T\"}", HttpStatusCode.BadRequest, "already in use by session a")]
    [InlineData("/api/sessions/a/fork", "{\"title\":5}", HttpStatusCode.BadRequest, "'title' must be a string")]
    [InlineData("/api/sessions/a/fork", "{\"id\":\"a\"}", HttpStatusCode.BadRequest, "a session has it already")]
    [InlineData("/api/sessions/a/fork", "{\"id\":\"a\\u0000\"}", HttpStatusCode.BadRequest, "control characters")]
    [InlineData("/api/sessions/a/fork", "{\"name\":\"x\"}", HttpStatusCode.BadRequest, "Unknown field 'name'")]
    public async Task Fork_WhatCannotBe_CreatesNothing(string path, string body, HttpStatusCode status, string reason)
    {
        await using var server = await ServerAsync();

        var answer = await server.Client.PostAsync(path, new StringContent(body));

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(reason, Error(await answer.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        Assert.Equal(1, (await server.Services.GetRequiredService<SessionStore>().ListAsync(new SessionQuery { IncludeChildren = true })).Total);
    }

    [Fact]
    public async Task Patch_EndReason_EndsAndOpensAgain()
    {
        await using var server = await ServerAsync();

        var ended = await PatchAsync(server, """{"end_reason":"done"}""");
        var again = await PatchAsync(server, """{"end_reason":"really done","title":"New"}""");
        var open = await PatchAsync(server, """{"end_reason":null}""");

        Assert.Equal("done", ended.GetProperty("end_reason").GetString());
        Assert.Equal(("really done", "New"), (again.GetProperty("end_reason").GetString(), again.GetProperty("title").GetString()));
        Assert.Equal(ended.GetProperty("ended_at").GetDouble(), again.GetProperty("ended_at").GetDouble());
        Assert.Equal(JsonValueKind.Null, open.GetProperty("ended_at").ValueKind);
        Assert.Equal(JsonValueKind.Null, open.GetProperty("end_reason").ValueKind);
    }

    [Theory]
    [InlineData("{\"system_prompt\":\"Be kind.\"}", "Be kind.")]
    [InlineData("{\"system_prompt\":null}", "None")]
    [InlineData("{\"system_prompt\":\"\"}", "None")]
    public async Task Patch_SystemPrompt_IsStored(string body, string stored)
    {
        await using var server = await ServerAsync();

        await PatchAsync(server, body);

        Assert.Equal(stored + "\n", await PythonScript.RunAsync(
            "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT system_prompt FROM sessions').fetchone()[0])",
            server.Home.Home.StateDatabase));
    }

    [Theory]
    [InlineData("{\"title\":\"New\",\"model\":\"m\"}", "Unknown field 'model'")]
    [InlineData("{\"title\":\"New\",\"ended_at\":1}", "Unknown field 'ended_at'")]
    [InlineData("{\"model\":\"m\"}", "Unknown field 'model'")]
    [InlineData("{\"title\":\"\",\"end_reason\":\"x\"}", "title required")]
    [InlineData("{\"title\":\"New\",\"end_reason\":\" \"}", "'end_reason' must be")]
    [InlineData("{\"title\":\"New\",\"end_reason\":\"a\\nb\"}", "'end_reason' must be")]
    [InlineData("{\"title\":\"New\",\"end_reason\":5}", "'end_reason' must be a string")]
    [InlineData("{\"title\":\"New\",\"system_prompt\":{}}", "'system_prompt' must be a string")]
    [InlineData("{\"end_reason\":\"x\",\"title\":\"Taken\"}", "already in use")]
    public async Task Patch_OneFieldThatCannotBe_ChangesNothing(string body, string reason)
    {
        await using var server = await ServerAsync();
        await PostAsync(server, "/api/sessions", """{"id":"b","title":"Taken"}""");
        var before = await server.Client.GetStringAsync("/api/sessions/a");

        var answer = await server.Client.PatchAsync("/api/sessions/a", new StringContent(body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(reason, Error(await answer.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        Assert.Equal(before, await server.Client.GetStringAsync("/api/sessions/a"));
    }

    [Theory]
    [InlineData("POST", "/api/sessions")]
    [InlineData("PATCH", "/api/sessions/a")]
    [InlineData("DELETE", "/api/sessions/a")]
    [InlineData("POST", "/api/sessions/a/fork")]
    public async Task Writes_SwitchedOff_Are403ThatNamesTheSwitch(string method, string path)
    {
        await using var server = await HermesServer.StartAsync(options => options.Api.AllowSessionWrites = false);

        var answer = await server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent("{") });

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("Hermes:Api:AllowSessionWrites", Error(await answer.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/api/sessions")).StatusCode);
        using var anonymous = server.CreateClient(null);
        Assert.Equal(HttpStatusCode.Unauthorized, (await anonymous.SendAsync(new HttpRequestMessage(new HttpMethod(method), path))).StatusCode);
    }

    [Theory]
    [InlineData("", 2, false)]
    [InlineData("?limit=1", 1, true)]
    [InlineData("?limit=1&offset=1", 1, false)]
    [InlineData("?limit=1&order=latest", 1, true)]
    [InlineData("?offset=1", 1, false)]
    [InlineData("?offset=9", 0, false)]
    public async Task Messages_Pages_SayWhetherMoreFollows(string page, int count, bool hasMore)
    {
        await using var server = await ServerAsync();

        var answer = JsonDocument.Parse(await server.Client.GetStringAsync("/api/sessions/a/messages" + page)).RootElement;

        Assert.Equal((count, hasMore), (answer.GetProperty("items").GetArrayLength(), answer.GetProperty("has_more").GetBoolean()));
        Assert.Equal(2, answer.GetProperty("total").GetInt32());
    }

    private static async Task<HermesServer> ServerAsync()
    {
        var server = await HermesServer.StartAsync();
        var store = server.Services.GetRequiredService<SessionStore>();
        await store.CreateAsync(new NewSession { Id = "a", Title = "T" });
        await store.AppendAsync(
            "a", [new NewMessage { Role = "user", Content = "hi" }, new NewMessage { Role = "assistant", Content = "hello" }], new SessionUsage(3, 4));
        return server;
    }

    private static async Task<JsonElement> PostAsync(HermesServer server, string path, string? body)
    {
        var answer = await server.Client.PostAsync(path, body is null ? null : new StringContent(body));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    private static async Task<JsonElement> PatchAsync(HermesServer server, string body)
    {
        var answer = await server.Client.PatchAsync("/api/sessions/a", new StringContent(body));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("session");
    }

    private static string Error(string body) => JsonDocument.Parse(body).RootElement.GetProperty("error").GetString()!;
}
