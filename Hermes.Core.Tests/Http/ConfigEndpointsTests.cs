using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Hermes.Core.Configuration;
using Hermes.Core.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Http;

public class ConfigEndpointsTests
{
    [Fact]
    public async Task Get_Config_GivesTheSectionsTwiceAndWhatIsInEffect()
    {
        await using var server = await HermesServer.StartAsync();
        server.Home.Write("config.yaml", """
            model: {default: m-1, provider: custom:corp, api_key: s3cr3t}
            timezone: Europe/London
            custom_providers: [{name: corp, base_url: "https://user:s3cr3t@corp.example/v1", api_mode: chat_completions}]
            platforms: {hidden: 1}
            """);

        await AssertJsonAsync(
            HttpStatusCode.OK,
            """
            {
              "model": {"default": "m-1", "provider": "custom:corp", "has_api_key": true},
              "timezone": "Europe/London",
              "custom_providers": [{"name": "corp", "base_url": "https://corp.example/v1", "api_mode": "chat_completions"}],
              "config": {
                "model": {"default": "m-1", "provider": "custom:corp", "has_api_key": true},
                "timezone": "Europe/London",
                "custom_providers": [{"name": "corp", "base_url": "https://corp.example/v1", "api_mode": "chat_completions"}]
              },
              "effective": {"model": "m-1", "provider": "custom:corp", "base_url": "https://corp.example/v1", "api_mode": "chat_completions"}
            }
            """,
            await server.Client.GetAsync("/api/config"));
    }

    [Fact]
    public async Task Get_NoConfig_HasNoSectionsAndNothingInEffect()
    {
        await using var server = await HermesServer.StartAsync();

        await AssertJsonAsync(
            HttpStatusCode.OK,
            """{"config": {}, "effective": {"model": null, "provider": null, "base_url": null, "api_mode": null}}""",
            await server.Client.GetAsync("/api/config"));
    }

    [Fact]
    public async Task Patch_Config_ChangesTheFileAndWhatIsShown()
    {
        await using var server = await StartWritableAsync();
        server.Home.Write("config.yaml", "# mine\nmodel:\n  default: old # why\n  keep: true\n");

        var answer = await PatchAsync(server, """{"model": "new", "provider": "custom:corp", "base_url": "http://localhost:8000/v1"}""");

        await AssertJsonAsync(HttpStatusCode.OK, """{"ok": true, "model": "new", "provider": "custom:corp", "base_url": "http://localhost:8000/v1"}""", answer);
        Assert.Equal(
            "# mine\nmodel:\n  default: new # why\n  provider: custom:corp\n  base_url: http://localhost:8000/v1\n  keep: true\n",
            await File.ReadAllTextAsync(server.Home.Home.ConfigFile));
        var shown = await server.Client.GetFromJsonAsync<JsonElement>("/api/config");
        Assert.Equal("new", shown.GetProperty("effective").GetProperty("model").GetString());
    }

    [Fact]
    public async Task Patch_OneValue_AnswersAllThree()
    {
        await using var server = await StartWritableAsync();
        server.Home.Write("config.yaml", "model: {default: m, provider: p, base_url: 'https://user:s3cr3t@h.example/v1'}\n");

        await AssertJsonAsync(
            HttpStatusCode.OK, """{"ok": true, "model": "m", "provider": "q", "base_url": "https://h.example/v1"}""", await PatchAsync(server, """{"provider": "q"}"""));
    }

    [Fact]
    public async Task Patch_SwitchedOff_Is403ThatNamesTheSwitch()
    {
        await using var server = await HermesServer.StartAsync();

        var answer = await PatchAsync(server, """{"model": "m"}""");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("Hermes:Api:AllowConfigWrites", await ErrorAsync(answer), StringComparison.Ordinal);
        Assert.False(File.Exists(server.Home.Home.ConfigFile));
    }

    [Fact]
    public async Task Patch_WithoutAKey_Is401EvenWhenSwitchedOff()
    {
        await using var server = await HermesServer.StartAsync();
        using var anonymous = server.CreateClient(null);

        var answer = await anonymous.PatchAsync("/api/config", new StringContent("{}"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("", "Say what is to change")]
    [InlineData("{}", "Say what is to change")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("{bad", "Invalid JSON")]
    [InlineData("""{"model": "m", "api_key": "k"}""", "Only 'model', 'provider' and 'base_url'")]
    [InlineData("""{"model": 5}""", "'model' must be a string")]
    [InlineData("""{"provider": null}""", "'provider' must be a string")]
    [InlineData("""{"base_url": {}}""", "'base_url' must be a string")]
    [InlineData("""{"model": ""}""", "'model' must not be empty")]
    [InlineData("""{"model": "  "}""", "'model' must not be empty")]
    [InlineData("""{"model": "a\nb"}""", "'model' must not have control characters")]
    [InlineData("""{"model": "a\u0000b"}""", "'model' must not have control characters")]
    [InlineData("""{"model": "a\u202eb"}""", "'model' must not have control characters")]
    [InlineData("""{"model": "\ud800"}""", "half of a surrogate pair")]
    [InlineData("""{"model": "[hidden]"}""", "stands for a value that was not shown")]
    [InlineData("""{"base_url": "https://h/v1?key=[hidden]"}""", "stands for a value that was not shown")]
    [InlineData("""{"model": "${OPENAI_API_KEY}"}""", "must not refer to a variable")]
    [InlineData("""{"base_url": "https://evil.example/${OPENAI_API_KEY}"}""", "must not refer to a variable")]
    [InlineData("""{"base_url": "/v1"}""", "absolute http or https address")]
    [InlineData("""{"base_url": "ftp://h/v1"}""", "absolute http or https address")]
    [InlineData("""{"base_url": "file:///etc/passwd"}""", "absolute http or https address")]
    [InlineData("""{"base_url": "https:///v1"}""", "absolute http or https address")]
    [InlineData("""{"base_url": "https://user:pass@h.example/v1"}""", "must not hold a key, a password or user info")]
    [InlineData("""{"base_url": "https://h.example/v1?api_key=abcdef123456"}""", "must not hold a key, a password or user info")]
    public async Task Patch_BadBody_Is400WithTheReasonAndWritesNothing(string body, string reason)
    {
        await using var server = await StartWritableAsync();

        var answer = await PatchAsync(server, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(reason, await ErrorAsync(answer), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(server.Home.Path));
    }

    [Fact]
    public async Task Patch_ValueThatIsTooLong_Is400()
    {
        await using var server = await StartWritableAsync();

        Assert.Equal(HttpStatusCode.OK, (await PatchAsync(server, $$"""{"model": "{{string.Concat(Enumerable.Repeat("ab/", 166))}}"}""")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PatchAsync(server, $$"""{"model": "{{string.Concat(Enumerable.Repeat("ab/", 167))}}"}""")).StatusCode);
    }

    [Fact]
    public async Task Patch_BrokenFile_Is409WithThePlaceAndWritesNothing()
    {
        await using var server = await StartWritableAsync();
        server.Home.Write("config.yaml", "model: m\nx: [s3cr3t\n");

        var answer = await PatchAsync(server, """{"model": "n"}""");

        await AssertJsonAsync(HttpStatusCode.Conflict, """{"error": "config.yaml cannot be changed: it cannot be read (line 3, column 1)"}""", answer);
        Assert.Equal("model: m\nx: [s3cr3t\n", await File.ReadAllTextAsync(server.Home.Home.ConfigFile));
    }

    [Fact]
    public async Task Patch_AddressThatAKeyWouldGoTo_Is409ThatNamesTheSetting()
    {
        const string Before = "model:\n  default: m\n  base_url: https://mine.example/v1\n  api_key: s3cr3t\n";
        await using var server = await StartWritableAsync();
        server.Home.Write("config.yaml", Before);

        var answer = await PatchAsync(server, """{"base_url": "https://evil.example/v1"}""");

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("Hermes:Api:ProviderOrigins", await ErrorAsync(answer), StringComparison.Ordinal);
        Assert.Equal(Before, await File.ReadAllTextAsync(server.Home.Home.ConfigFile));
    }

    [Fact]
    public async Task Patch_AddressOfAListedOrigin_IsWritten()
    {
        await using var server = await HermesServer.StartAsync(options =>
        {
            options.Api.AllowConfigWrites = true;
            options.Api.ProviderOrigins = ["https://Other.example:443"];
        });
        server.Home.Write("config.yaml", "model: {default: m, base_url: 'https://mine.example/v1', api_key: s3cr3t}\n");

        var answer = await PatchAsync(server, """{"base_url": "https://other.example/v1"}""");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Patch_AddressWhereTheAppHasAKey_Is409()
    {
        await using var server = await HermesServer.StartAsync(
            options => options.Api.AllowConfigWrites = true,
            configure: builder => builder.Configuration["Hermes:Chat:ApiKey"] = "s3cr3t");

        Assert.Equal(HttpStatusCode.Conflict, (await PatchAsync(server, """{"base_url": "https://evil.example/v1"}""")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PatchAsync(server, """{"model": "m"}""")).StatusCode);
    }

    [Fact]
    public async Task Patch_AnswerOfAFileWithASecretAsItsModel_DoesNotShowIt()
    {
        await using var server = await StartWritableAsync();
        server.Home.Write("config.yaml", "x: {password: hunter2hunter}\nmodel: {default: hunter2hunter}\n");

        await AssertJsonAsync(
            HttpStatusCode.OK, """{"ok": true, "model": "[hidden]", "provider": "q", "base_url": null}""", await PatchAsync(server, """{"provider": "q"}"""));
        await AssertJsonAsync(
            HttpStatusCode.OK,
            """{"provider": "q", "models": [{"id": "[hidden]", "description": ""}], "providers": [{"id": "q", "label": "q"}]}""",
            await server.Client.GetAsync("/api/available-models"));
    }

    [Fact]
    public async Task Get_ProviderThatIsDescribed_IsInEffect()
    {
        await using var server = await HermesServer.StartAsync();
        server.Home.Write("config.yaml", "model: {provider: custom:my-server}\nproviders: {My Server: {api: 'https://u:s3cr3t@s.example/v1', api_key: s3cr3t, default_model: s-1}}\n");

        var effective = (await server.Client.GetFromJsonAsync<JsonElement>("/api/config")).GetProperty("effective");

        Assert.Equal("""{"model":"s-1","provider":"custom:my-server","base_url":"https://s.example/v1","api_mode":null}""", effective.GetRawText());
    }

    [LinuxFact]
    public async Task Get_ConfigThatIsAPipe_Is500AndItIsNeverWritten()
    {
        await using var server = await StartWritableAsync();
        NamedPipe.Create(server.Home.Home.ConfigFile);

        await AssertJsonAsync(
            HttpStatusCode.InternalServerError, """{"error": "config.yaml cannot be read: it is a pipe or a device"}""", await server.Client.GetAsync("/api/config"));
        Assert.Equal(HttpStatusCode.Conflict, (await PatchAsync(server, """{"model": "m"}""")).StatusCode);
    }

    [Fact]
    public async Task Get_EightyKilobytesWithTenThousandAliases_IsA500OfAFewBytes()
    {
        await using var server = await HermesServer.StartAsync();
        server.Home.Write("config.yaml", $"x: &x {new string('a', 20_000)}\nagent:\n  personalities: [{string.Join(", ", Enumerable.Repeat("*x", 10_000))}]\n");

        var answer = await server.Client.GetAsync("/api/config");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.StartsWith("config.yaml cannot be read: line 3, column ", await ErrorAsync(answer), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/health")).StatusCode);
    }

    [Fact]
    public async Task Patch_ValueThatOthersShare_Is409AndWritesNothing()
    {
        await using var server = await StartWritableAsync();
        server.Home.Write("config.yaml", "base: &b {default: m}\nmodel: *b\n");

        Assert.Equal(HttpStatusCode.Conflict, (await PatchAsync(server, """{"model": "n"}""")).StatusCode);
        Assert.Equal("base: &b {default: m}\nmodel: *b\n", await File.ReadAllTextAsync(server.Home.Home.ConfigFile));
    }

    [Fact]
    public async Task Models_NoSource_AreThoseOfTheConfig()
    {
        await using var server = await HermesServer.StartAsync();
        server.Home.Write("config.yaml", """
            model: {default: m-1, provider: openrouter}
            custom_providers: [{name: corp, base_url: "https://corp.example/v1", model: c-1, models: {c-1: {}, c-2: {}}}]
            """);

        await AssertJsonAsync(
            HttpStatusCode.OK,
            """
            {
              "provider": "openrouter",
              "models": [{"id": "m-1", "description": ""}],
              "providers": [{"id": "openrouter", "label": "openrouter"}, {"id": "custom:corp", "label": "corp"}]
            }
            """,
            await server.Client.GetAsync("/api/available-models"));
        var other = await server.Client.GetFromJsonAsync<JsonElement>("/api/available-models?provider=custom:corp");
        Assert.Equal(["c-1", "c-2"], Ids(other));
    }

    [Fact]
    public async Task Models_NoConfig_AreNone()
    {
        await using var server = await HermesServer.StartAsync();

        await AssertJsonAsync(
            HttpStatusCode.OK, """{"provider": null, "models": [], "providers": []}""", await server.Client.GetAsync("/api/available-models"));
    }

    [Fact]
    public async Task Models_OfASource_AreAskedForOnceInFiveMinutesAndAgainWhenTheConfigChanges()
    {
        var source = new CountingSource();
        var time = new AdjustableTime();
        await using var server = await StartAsync(source, time);

        await server.Client.GetAsync("/api/available-models");
        await server.Client.GetAsync("/api/available-models");
        Assert.Equal(1, source.Calls);

        time.Now += TimeSpan.FromMinutes(6);
        var models = await server.Client.GetFromJsonAsync<JsonElement>("/api/available-models");
        Assert.Equal(2, source.Calls);
        Assert.Equal(["answer-2"], Ids(models));

        server.Home.Write("config.yaml", "model: other\n");
        await server.Client.GetAsync("/api/available-models");
        Assert.Equal(3, source.Calls);
    }

    [Fact]
    public async Task Models_SourceThatFails_AreThoseOfTheConfigWithAnErrorThatLeaksNothing()
    {
        await using var server = await StartAsync(new FailingSource());
        server.Home.Write("config.yaml", "model: {default: m-1, provider: p}\n");

        await AssertJsonAsync(
            HttpStatusCode.OK,
            """
            {
              "provider": "p",
              "models": [{"id": "m-1", "description": ""}],
              "providers": [{"id": "p", "label": "p"}],
              "error": "The provider did not list its models; these are those that config.yaml names"
            }
            """,
            await server.Client.GetAsync("/api/available-models"));
    }

    [Fact]
    public async Task Models_ProviderWithControlCharacters_Is400()
    {
        await using var server = await HermesServer.StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await server.Client.GetAsync("/api/available-models?provider=a%0Ab")).StatusCode);
    }

    private static Task<HermesServer> StartWritableAsync() => HermesServer.StartAsync(options => options.Api.AllowConfigWrites = true);

    private static Task<HermesServer> StartAsync(IModelSource source, TimeProvider? time = null) => HermesServer.StartAsync(configure: builder =>
    {
        builder.Services.AddSingleton(source);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
    });

    private static Task<HttpResponseMessage> PatchAsync(HermesServer server, string body) =>
        server.Client.PatchAsync("/api/config", new StringContent(body, Encoding.UTF8, "application/json"));

    private static async Task<string> ErrorAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString()!;

    private static IEnumerable<string?> Ids(JsonElement list) => list.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("id").GetString());

    private static async Task AssertJsonAsync(HttpStatusCode status, string expected, HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {body}");
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, JsonDocument.Parse(body).RootElement), body);
    }

    private sealed class CountingSource : IModelSource
    {
        public int Calls { get; private set; }

        public Task<IReadOnlyList<AvailableModel>?> ListAsync(string? provider, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<AvailableModel>?>([new($"answer-{++Calls}")]);
    }

    private sealed class FailingSource : IModelSource
    {
        public Task<IReadOnlyList<AvailableModel>?> ListAsync(string? provider, CancellationToken cancellationToken) =>
            throw new HttpRequestException("https://user:s3cr3t@h.example does not answer");
    }
}
