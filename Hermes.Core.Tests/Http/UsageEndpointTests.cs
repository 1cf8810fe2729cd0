using System.Net;
using System.Text.Json;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Http;

/// <summary>What sessions used, by day and by model, on files of several versions.</summary>
public sealed class UsageEndpointTests
{
    // The clock stands at 2026-01-02T03:04:05Z; midnight in UTC before it is 1767312000.
    private const string Sessions = """
        INSERT INTO sessions(id, source, model, parent_session_id, started_at, input_tokens, output_tokens) VALUES
            ('before', 'cli', 'a', NULL, 1767311999.9999, 1, 2), ('midnight', 'cli', 'a', NULL, 1767312000, 10, 20),
            ('child', 'cli', 'b', 'midnight', 1767312001.5, 100, 200), ('nameless', 'cli', NULL, NULL, 1767312002, 1000, 2000),
            ('old', 'cli', 'a', NULL, 1500000000, 7, 7), ('text', 'cli', 'a', NULL, 'yesterday', 7, 7), ('far', 'cli', 'a', NULL, 1e300, 7, 7);
        """;

    private const string Costs = """
        ALTER TABLE sessions ADD COLUMN cache_read_tokens INTEGER DEFAULT 0;
        ALTER TABLE sessions ADD COLUMN reasoning_tokens INTEGER DEFAULT 0;
        ALTER TABLE sessions ADD COLUMN estimated_cost_usd REAL;
        ALTER TABLE sessions ADD COLUMN actual_cost_usd REAL;
        """;

    private const string Used = "UPDATE sessions SET cache_read_tokens = 3, reasoning_tokens = 4, estimated_cost_usd = 0.5, actual_cost_usd = CASE id WHEN 'midnight' THEN 0.25 END";

    public static TheoryData<string> Schemas => new(nameof(StateDatabaseFiles.Schema1), nameof(StateDatabaseFiles.Schema6), nameof(StateDatabaseFiles.Schema13), nameof(StateDatabaseFiles.Schema30));

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task Usage_AnyVersion_IsByDayInUtcAndByModel(string schema)
    {
        using var home = await StateDatabaseFiles.CreateHomeAsync(Schema(schema), Sessions);
        await using var server = await StartAsync(home);

        Assert.Equal(
            """
            {"daily":[{"day":"2026-01-01","input_tokens":1,"output_tokens":2,"cache_read_tokens":0,"reasoning_tokens":0,"estimated_cost":0,"actual_cost":0,"sessions":1,"api_calls":0},
            {"day":"2026-01-02","input_tokens":1110,"output_tokens":2220,"cache_read_tokens":0,"reasoning_tokens":0,"estimated_cost":0,"actual_cost":0,"sessions":3,"api_calls":0}],
            "by_model":[{"model":"b","input_tokens":100,"output_tokens":200,"cache_read_tokens":0,"reasoning_tokens":0,"estimated_cost":0,"actual_cost":0,"sessions":1,"api_calls":0},
            {"model":"a","input_tokens":11,"output_tokens":22,"cache_read_tokens":0,"reasoning_tokens":0,"estimated_cost":0,"actual_cost":0,"sessions":2,"api_calls":0}],
            "totals":{"input_tokens":1111,"output_tokens":2222,"cache_read_tokens":0,"reasoning_tokens":0,"estimated_cost":0,"actual_cost":0,"sessions":4,"api_calls":0},"period_days":30}
            """.ReplaceLineEndings(""),
            await server.Client.GetStringAsync("/api/analytics/usage"));
    }

    [Fact]
    public async Task Usage_FileWithCosts_AddsThemUp()
    {
        using var home = await StateDatabaseFiles.CreateHomeAsync(StateDatabaseFiles.Schema13, Costs, Sessions, Used, "UPDATE sessions SET api_call_count = 2");
        await using var server = await StartAsync(home);

        Assert.Equal(
            """{"input_tokens":1111,"output_tokens":2222,"cache_read_tokens":12,"reasoning_tokens":16,"estimated_cost":2,"actual_cost":0.25,"sessions":4,"api_calls":8}""",
            (await ReadAsync(server, "")).GetProperty("totals").GetRawText());
    }

    [Theory]
    [InlineData("?days=1", 1, 3)]
    [InlineData("?days=2", 2, 4)]
    [InlineData("?days=0", 1, 3)]
    [InlineData("?days=-5", 1, 3)]
    [InlineData("?days=99999999999999999999", 3650, 5)]
    [InlineData("", 30, 4)]
    public async Task Usage_Days_AreWholeDaysWithinBounds(string query, int days, int sessions)
    {
        using var home = await StateDatabaseFiles.CreateHomeAsync(StateDatabaseFiles.Schema6, Sessions);
        await using var server = await StartAsync(home);

        var usage = await ReadAsync(server, query);

        Assert.Equal((days, sessions), (usage.GetProperty("period_days").GetInt32(), usage.GetProperty("totals").GetProperty("sessions").GetInt32()));
    }

    [Theory]
    [InlineData("?days=many")]
    [InlineData("?days=1.5")]
    [InlineData("?days=")]
    public async Task Usage_NoNumberOfDays_Is400(string query)
    {
        await using var server = await StartAsync(null);

        Assert.Equal(HttpStatusCode.BadRequest, (await server.Client.GetAsync("/api/analytics/usage" + query)).StatusCode);
    }

    [Fact]
    public async Task Usage_HomeWithoutAFile_IsNothing()
    {
        await using var server = await StartAsync(null);

        Assert.Equal(
            """{"daily":[],"by_model":[],"totals":{"input_tokens":0,"output_tokens":0,"cache_read_tokens":0,"reasoning_tokens":0,"estimated_cost":0,"actual_cost":0,"sessions":0,"api_calls":0},"period_days":7}""",
            await server.Client.GetStringAsync("/api/analytics/usage?days=7"));
        Assert.False(File.Exists(server.Home.Home.StateDatabase));
    }

    [Fact]
    public async Task Usage_DamagedFile_Is503()
    {
        await using var server = await StartAsync(null);
        server.Home.Write("state.db", new string('x', 8192));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Client.GetAsync("/api/analytics/usage")).StatusCode);
    }

    [Fact]
    public async Task Usage_KnownTag_Is304UntilTheNextDay()
    {
        var time = new AdjustableTime();
        using var home = await StateDatabaseFiles.CreateHomeAsync(StateDatabaseFiles.Schema6, Sessions);
        await using var server = await StartAsync(home, time);
        var tag = (await server.Client.GetAsync("/api/analytics/usage?days=1")).Headers.ETag!;

        Assert.Equal(HttpStatusCode.NotModified, await AskAsync());
        time.Now += TimeSpan.FromDays(1);
        Assert.Equal(HttpStatusCode.OK, await AskAsync());

        async Task<HttpStatusCode> AskAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/analytics/usage?days=1");
            request.Headers.IfNoneMatch.Add(tag);
            return (await server.Client.SendAsync(request)).StatusCode;
        }
    }

    private static string Schema(string name) => (string)typeof(StateDatabaseFiles).GetField(name)!.GetRawConstantValue()!;

    private static Task<HermesServer> StartAsync(TemporaryHome? home, AdjustableTime? time = null) =>
        HermesServer.StartAsync(home: home, configure: builder => builder.Services.AddSingleton<TimeProvider>(time ?? new AdjustableTime()));

    private static async Task<JsonElement> ReadAsync(HermesServer server, string query) =>
        JsonElement.Parse(await server.Client.GetStringAsync("/api/analytics/usage" + query));
}
