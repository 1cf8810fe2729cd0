using System.Text;
using System.Text.Json;
using Hermes.Core.Chat;
using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Http;

/// <summary>Holds the answers of every endpoint against the OpenAPI document. What no schema names fails here, as does what is missing.</summary>
public class OpenApiAnswersTests
{
    [Fact]
    public async Task EveryOperation_ItsAnswers_AreAsDescribed()
    {
        var walk = new Walk(await ApiDescription.ReadAsync());
        await WalkHomeAsync(walk);
        await WalkChatAsync(walk);
        await WalkRefusalsAsync(walk);
        await WalkBrokenHomeAsync(walk);
        await WalkFilesOfOtherAgentsAsync(walk);

        Assert.True(walk.Problems.Count == 0, string.Join('\n', walk.Problems.Distinct()));

        // An operation that the walk does not know yet: add a call of it above.
        Assert.Empty(walk.OperationsWithoutSuccess);
        Assert.Empty(walk.OperationsWithoutError);
    }

    [Fact]
    public async Task EveryOperation_WithoutAKey_AnswersAsDescribed()
    {
        var walk = new Walk(await ApiDescription.ReadAsync());
        await using var server = await HermesServer.StartAsync();
        using var stranger = server.CreateClient("not-the-key-of-this-server");
        foreach (var operation in walk.Description.Operations.Select(name => name.Split(' ')))
            await walk.CallAsync(stranger, operation[0], operation[1].Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal));

        Assert.True(walk.Problems.Count == 0, string.Join('\n', walk.Problems));
    }

    [Theory]
    [InlineData("""{"title":"T","extra":1}""", "$.extra is in the answer and not in the schema")]
    [InlineData("{}", "$.title is missing, described as required")]
    [InlineData("""{"title":5}""", "$.title is 5, described as [\"string\",\"null\"]")]
    [InlineData("""{"title":null,"parts":[{"n":1},{"n":"x"}]}""", "$.parts[1].n is \"x\", described as integer")]
    [InlineData("""{"title":null,"parts":[{"n":1.5}]}""", "$.parts[0].n is 1.5, described as integer")]
    [InlineData("""{"title":null,"parts":[{"n":null}]}""", "$.parts[0].n is null, described as integer")]
    [InlineData("""{"title":"T","title":"U"}""", "$.title is there twice")]
    [InlineData("""{"title":"T","parts":[{"n":1}]}""", null)]
    public void Check_AnAnswer_SaysWhatIsWrong(string answer, string? problem)
    {
        var document = JsonElement.Parse("""
            {"schemas":{
              "Whole":{"type":"object","required":["title"],"properties":{"title":{"type":["string","null"]},"parts":{"type":"array","items":{"$ref":"#/schemas/Part"}}}},
              "Part":{"type":"object","properties":{"n":{"type":"integer"}}}}}
            """);

        Assert.Equal(
            problem is null ? [] : [problem],
            new SchemaCheck(document).Check(document.GetProperty("schemas").GetProperty("Whole"), JsonElement.Parse(answer)));
    }

    private static async Task WalkHomeAsync(Walk walk)
    {
        await using var server = await HermesServer.StartAsync(options =>
        {
            options.Api.AllowConfigWrites = true;
            options.Api.AllowMemoryWrites = true;
            options.Chat.AllowModelChoice = true;
        });
        server.Home.Write("config.yaml", """
            model: {default: m, provider: openrouter, base_url: "https://api.example/v1", api_key: s3cret-value}
            provider: openrouter
            timezone: Europe/Berlin
            display: {theme: dark}
            memory: {memory_char_limit: 2200}
            agent: {max_turns: 5}
            tts: {enabled: true}
            stt: {enabled: false}
            toolsets: [web]
            smart_model_routing: {enabled: false}
            skills: {disabled: [off]}
            custom_providers: [{name: own, base_url: "https://own.example/v1", models: {a: {}}}]
            """);
        server.Home.Write("memories/USER.md", "likes tea");
        server.Home.Write("skills/devops/docker/SKILL.md", "---\nname: docker\ndescription: Build\nauthor: me\ntags: [a]\ntriggers: [b]\n---\nText.");
        server.Home.Write("skills/devops/docker/references/api.md", "more");
        server.Home.Write("skills/devops/DESCRIPTION.md", "Operations");
        server.Home.Write("skills/broken/SKILL.md", "---\nname: [broken\ndescription: Use when: ever\n---\nText.");
        await FillAsync(server.Services.GetRequiredService<SessionStore>());
        var client = server.Client;

        await walk.CallAsync(client, "GET", "/health", "/v1/health", "/v1/models", "/v1/models/hermes-agent", "/v1/models/none", "/v1/capabilities", "/api/model/options", "/api/config", "/api/available-models", "/api/available-models?provider=own");
        await walk.CallAsync(client, "GET", "/api/sessions", "/api/sessions?limit=1", "/api/sessions?include_children=1&q=f", "/api/sessions/full", "/api/sessions/full/messages", "/api/sessions/full/messages?limit=1", "/api/sessions/full/runtime", "/api/sessions/none/runtime", "/api/analytics/usage", "/api/analytics/usage?days=x");
        await walk.CallAsync(client, "GET", "/api/sessions/search?q=deploy", "/api/sessions/search?q=deploy&limit=1", "/api/sessions/search?q=nothingofthat");
        await walk.CallAsync(client, "GET", "/api/memory", "/api/memory?target=all", "/api/memory?target=user", "/api/skills", "/api/skills?content=0", "/api/skills?category=devops");
        await walk.CallAsync(client, "GET", "/api/skills/categories", "/api/skills/docker", "/api/skills/broken", "/api/skills/docker?file_path=references/api.md");

        await walk.SendAsync(client, "POST", "/api/sessions", """{"id":"new","title":"N","model":"m"}""");
        await walk.SendAsync(client, "PATCH", "/api/sessions/new", """{"title":"M","end_reason":"done"}""");
        await walk.SendAsync(client, "POST", "/api/sessions/new/fork", """{"title":"Branch"}""");
        await walk.SendAsync(client, "POST", "/api/sessions/new/model", """{"model":"m","provider":"openrouter","model_options":{"a":1}}""");
        await walk.SendAsync(client, "POST", "/api/sessions/new/model", """{"model":"m","provider":"nobody"}""");
        await walk.SendAsync(client, "POST", "/api/sessions/none/model", """{"model":"m"}""");
        await walk.SendAsync(client, "DELETE", "/api/sessions/new");
        await walk.SendAsync(client, "POST", "/api/memory", """{"content":"one"}""");
        await walk.SendAsync(client, "POST", "/api/memory", """{"content":"one more"}""");
        await walk.SendAsync(client, "PATCH", "/api/memory", """{"old_text":"more","content":"two"}""");
        await walk.SendAsync(client, "DELETE", "/api/memory", """{"old_text":"two"}""");
        await walk.SendAsync(client, "PATCH", "/api/config", """{"model":"other"}""");

        // Errors of every operation that has any but those of the key.
        await walk.CallAsync(client, "GET", "/api/sessions?limit=x", "/api/sessions/none", "/api/sessions/none/messages", "/api/sessions/full/messages?order=x", "/api/sessions/search", "/api/memory?target=x");
        await walk.CallAsync(client, "GET", "/api/skills?content=x", "/api/skills/none", "/api/skills/docker?file_path=x", "/api/skills/docker?file_path=references/none.md", "/api/available-models?provider=%01", "/v1/runs/none/events", "/v1/runs/none/events?last_event_id=x");
        foreach (var operation in walk.Description.Operations.Select(name => name.Split(' ')).Where(operation => operation[0] is not "GET"))
        {
            var path = operation[1].Replace("{id}", "none", StringComparison.Ordinal);
            await walk.SendAsync(client, operation[0], path, "{bad");
            await walk.SendAsync(client, operation[0], path, "[]");
            await walk.SendAsync(client, operation[0], path, "{}", contentType: "application/json; charset=utf-16");
            await walk.SendAsync(client, operation[0], path, $"{{\"title\":\"{new string('x', operation[1].Contains("chat", StringComparison.Ordinal) ? 10_000_001 : 1_000_001)}\"}}");
        }

        await walk.SendAsync(client, "PATCH", "/api/sessions/none", """{"title":"T"}""");
        await walk.SendAsync(client, "POST", "/api/sessions/none/fork");
        await walk.SendAsync(client, "POST", "/api/sessions/none/chat", """{"message":"hi"}""");
        await walk.SendAsync(client, "POST", "/api/sessions/none/chat/stream", """{"message":"hi"}""");
        await walk.SendAsync(client, "POST", "/api/memory", $$"""{"content":"{{new string('x', 3000)}}"}""");
        await walk.SendAsync(client, "PATCH", "/api/memory", """{"old_text":"nothing like it","content":"x"}""");
        await walk.SendAsync(client, "POST", "/api/memory", """{"content":"twin a"}""");
        await walk.SendAsync(client, "POST", "/api/memory", """{"content":"twin b"}""");
        await walk.SendAsync(client, "DELETE", "/api/memory", """{"old_text":"twin"}""");
        foreach (var body in (string[])["{\"id\":\"i1\"}", "{\"id\":\"i2\"}"])
        {
            await walk.SendAsync(client, "POST", "/api/sessions", body, idempotencyKey: "k");
            await walk.SendAsync(client, "POST", "/api/sessions/full/fork", body, idempotencyKey: "k");
        }

        await walk.ListenAsync(client, "/api/events");
    }

    private static async Task WalkChatAsync(Walk walk)
    {
        var arguments = new Dictionary<string, object?> { ["city"] = "Bern" };
        ScriptedAnswer[] script =
        [
            ScriptedAnswer.Text("Hel", "lo").WithUsage(3, 4).WithModel("m"),
            ScriptedAnswer.ToolCall("weather", arguments), ScriptedAnswer.ToolCall("nothing", arguments), ScriptedAnswer.Text("sunny"),
            ScriptedAnswer.Failure(new ChatProviderException("busy", 429)),
            ScriptedAnswer.Failure(new ChatProviderException("broken", 500)),
            ScriptedAnswer.Text("Hel").ThenFail(new ChatProviderException("broken", 500)),
        ];
        (string Path, string Body)[] forms =
        [
            ("/v1/chat/completions", """{"messages":[{"role":"user","content":"hi"}]}"""),
            ("/v1/chat/completions", """{"messages":[{"role":"user","content":"hi"}],"stream":true}"""),
            ("/api/sessions/s/chat", """{"message":"hi"}"""),
            ("/api/sessions/s/chat/stream", """{"message":"hi"}"""),
        ];
        foreach (var (path, body) in forms)
        {
            var agent = new ScriptedChatClient(script).AsBuilder()
                .ConfigureOptions(options => options.Tools = [AIFunctionFactory.Create((string city) => $"Sun over {city}", "weather")])
                .UseFunctionInvocation().Build();
            await using var server = await SessionChat.StartAsync(agent);
            for (var turn = 0; turn < 5; turn++)
            {
                var answer = await walk.SendAsync(server.Client, "POST", path, body);
                await walk.CallAsync(server.Client, "GET", "/api/sessions/s/runtime");
                if (answer.StartsWith("id: ", StringComparison.Ordinal))
                {
                    var run = SessionChat.RunOf(answer.Split("\n\n")[0]);
                    await walk.CallAsync(server.Client, "GET", $"/v1/runs/{run}/events", $"/v1/runs/{run}/events?last_event_id=2", $"/v1/runs/{run}/events?last_event_id=1000");
                    await walk.SendAsync(server.Client, "POST", $"/v1/runs/{run}/stop");
                }
            }

            await walk.CallAsync(server.Client, "GET", "/api/sessions/s/messages");

            // Without anything that runs tools, their calls are left to the client.
            await using var plain = await SessionChat.StartAsync(new ScriptedChatClient(ScriptedAnswer.ToolCall("weather", arguments)));
            await walk.SendAsync(plain.Client, "POST", path, body);
        }
    }

    private static async Task WalkRefusalsAsync(Walk walk)
    {
        await using var server = await HermesServer.StartAsync(options => options.Api.AllowSessionWrites = false);
        foreach (var operation in walk.Description.Operations.Select(name => name.Split(' ')).Where(operation => operation[0] is not "GET" && !operation[1].Contains("chat", StringComparison.Ordinal)))
            await walk.SendAsync(server.Client, operation[0], operation[1].Replace("{id}", "none", StringComparison.Ordinal), "{}");
    }

    private static async Task WalkBrokenHomeAsync(Walk walk)
    {
        await using var server = await HermesServer.StartAsync(options => options.Api.AllowConfigWrites = true);
        server.Home.Write("state.db", new string('x', 8192));
        server.Home.Write("config.yaml", "a: [1\nb: }");
        foreach (var operation in walk.Description.Operations.Select(name => name.Split(' ')).Where(operation => operation[1] is not "/api/events"))
        {
            var path = operation[1].Replace("{id}", "some", StringComparison.Ordinal).Replace("{name}", "some", StringComparison.Ordinal).Replace("{run_id}", "some", StringComparison.Ordinal);
            await walk.SendAsync(server.Client, operation[0], path is "/api/sessions/search" ? path + "?q=x" : path,
                operation[0] is "GET" ? null : """{"model":"m","message":"hi","messages":[{"role":"user","content":"hi"}]}""");
        }
    }

    private static async Task WalkFilesOfOtherAgentsAsync(Walk walk)
    {
        const string Session = "INSERT INTO sessions (id, source, started_at) VALUES ('s', 'cli', 1.5)";
        const string Message = "INSERT INTO messages (session_id, role, content, tool_calls, timestamp) VALUES ('s', 'user', 'hello', '[broken', 2)";
        const string Part = "INSERT INTO messages (session_id, role, content, timestamp) VALUES ('s', 'user', char(0) || 'json:[{\"type\":\"text\",\"text\":\"hello\"}]', 3)";
        const string Everything = "UPDATE messages SET reasoning_content = 'r', codex_message_items = '[1]', platform_message_id = 'p', observed = 1, reasoning_details = '{}', codex_reasoning_items = '[]', token_count = 5";
        foreach (var sql in (string[][])[[StateDatabaseFiles.Schema1, Session, Message, Part], [StateDatabaseFiles.Schema13, Session, Message, Part, Everything], [StateDatabaseFiles.SchemaNewer, Session, Message, Part]])
        {
            using var home = await StateDatabaseFiles.CreateHomeAsync(sql);
            await using var server = await HermesServer.StartAsync(home: home);
            await walk.CallAsync(server.Client, "GET", "/api/sessions", "/api/sessions/s", "/api/sessions/s/messages", "/api/sessions/s/messages?limit=1", "/api/sessions/search?q=hello");
        }
    }

    private static async Task FillAsync(SessionStore store)
    {
        await store.CreateAsync(new NewSession { Id = "full", Title = "Full", Model = "m" });
        await store.CreateAsync(new NewSession { Id = "empty" });
        await store.AppendAsync("full",
        [
            new NewMessage { Role = "user", Content = "please deploy it" },
            new NewMessage
            {
                Role = "assistant",
                ToolCalls = JsonElement.Parse("""[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]"""),
                FinishReason = "tool_calls",
                Reasoning = "because",
            },
            new NewMessage { Role = "tool", ToolCallId = "c", ToolName = "f", Content = "deploy done" },
            new NewMessage { Role = "user", ContentParts = JsonElement.Parse("""[{"type":"text","text":"deploy again"}]""") },
        ]);
    }

    /// <summary>Sends requests and holds each answer against the description.</summary>
    private sealed class Walk(ApiDescription description)
    {
        private readonly HashSet<string> _succeeded = [];
        private readonly HashSet<string> _refused = [];

        public ApiDescription Description => description;

        public List<string> Problems { get; } = [];

        public IEnumerable<string> OperationsWithoutSuccess => description.Operations.Except(_succeeded);

        // Those that take nothing that could be wrong are refused for their key alone.
        public IEnumerable<string> OperationsWithoutError => description.Operations.Except(_refused).Except(
            ["GET /health", "GET /v1/health", "GET /health/detailed", "GET /v1/models", "GET /v1/skills", "GET /v1/toolsets", "GET /v1/capabilities", "GET /api/events", "GET /api/skills/categories"]);

        public async Task CallAsync(HttpClient client, string method, params string[] paths)
        {
            foreach (var path in paths)
                await SendAsync(client, method, path);
        }

        public async Task<string> SendAsync(
            HttpClient client, string method, string path, string? body = null, string contentType = "application/json", string? idempotencyKey = null)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (body is not null)
            {
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
                request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            }

            if (idempotencyKey is not null)
                request.Headers.Add("Idempotency-Key", idempotencyKey);

            using var answer = await client.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Note(method, path, (int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, text);
            return text;
        }

        /// <summary>Reads the first event of a stream that does not end.</summary>
        public async Task ListenAsync(HttpClient client, string path)
        {
            using var events = await ServerSentEvents.OpenAsync(client, path);
            var first = (await events.ReadAsync())!;
            Note("GET", path, (int)events.Answer.StatusCode, events.Answer.Content.Headers.ContentType?.MediaType, $"event: {first.Name}\ndata: {first.Data}\n\n");
        }

        private void Note(string method, string target, int status, string? contentType, string body)
        {
            var path = target.Split('?')[0];
            Problems.AddRange(description.Check(method, path, status, contentType, body));
            _ = description.Find(method, path) is { } operation && (status < 300 ? _succeeded : _refused).Add(operation);
        }
    }
}
