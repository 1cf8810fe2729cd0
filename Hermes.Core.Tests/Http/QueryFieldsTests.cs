using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hermes.Core.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Hermes.Core.Tests.Http;

public class QueryFieldsTests
{
    [Theory]
    [InlineData("limit=7", 7)]
    [InlineData("Limit=7", 50)]
    [InlineData("LIMIT=x", 50)]
    [InlineData("limit=7&limit=8", 7)]
    [InlineData("limit=7&limit=x", 7)]
    [InlineData("Limit=3&limit=7", 7)]
    [InlineData("%6Cimit=7", 7)]
    [InlineData("limit=7;offset=1", null)]
    [InlineData("limit=x&limit=7", null)]
    [InlineData("limit&limit=7", null)]
    public async Task List_Limit_IsTheFirstOfExactlyThisName(string query, int? limit)
    {
        await using var server = await HermesServer.StartAsync();

        var answer = await server.Client.GetAsync("/api/sessions?" + query);

        Assert.Equal(limit is null ? HttpStatusCode.BadRequest : HttpStatusCode.OK, answer.StatusCode);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(limit, limit is null ? null : body.GetProperty("limit").GetInt32());
    }

    [Theory]
    [InlineData("/api/sessions/search?Q=x")]
    [InlineData("/api/sessions/search?q=&q=x")]
    [InlineData("/api/memory?target=nothing&target=all")]
    [InlineData("/api/skills?content=maybe&content=0")]
    [InlineData("/api/available-models?provider=%01&provider=openrouter")]
    public async Task Read_FirstValueIsWrong_Is400(string path)
    {
        await using var server = await HermesServer.StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await server.Client.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Read_TheApplicationsViewOfTheQuery_StaysAsItIs()
    {
        string? before = null;
        var after = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await HermesServer.StartAsync(map: app =>
        {
            app.Use(async (http, next) =>
            {
                before = http.Request.Query["LIMIT"];
                await next(http);
                after.SetResult(http.Request.Query["LIMIT"]);
            });
            app.MapHermesApi();
        });

        await server.Client.GetAsync("/api/sessions?limit=1&limit=2");

        Assert.Equal(("1,2", "1,2"), (before, await after.Task));
    }
}
