using System.Globalization;
using System.Text.Json;
using Hermes.Core.Sessions;
using Hermes.Core.Tests.Support;
using Hermes.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Hermes.Core.Tests.Http.Fuzz;

public class FuzzTests
{
    // Another seed finds what this one does not.
    private const string SeedVariable = "HERMES_FUZZ_SEED";
    private const int Requests = 5_000;
    private const string Secret = "pl4nted-S3cret-";

    [Fact]
    public async Task AnyRequest_IsAnsweredInTheShapeOfItsPathAndNeverAsAFaultOfOurs()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var chosen) ? chosen : 20_26;
        var description = await ApiDescription.ReadAsync();
        await using var server = await StartAsync();
        var fuzzer = new RequestFuzzer(new Random(seed), Routes(server), HermesServer.Key);
        var succeeded = new HashSet<string?>();
        for (var number = 1; number <= Requests; number++)
        {
            var request = fuzzer.Next();
            RawAnswer? answer;
            try
            {
                answer = await RawExchange.SendAsync(server.Address, request);
            }
            catch (OperationCanceledException)
            {
                throw new Xunit.Sdk.XunitException($"{SeedVariable}={seed}, request {number} was not answered:\n{request}");
            }

            // A connection that was cut off may end without an answer.
            if (answer is not null && Problem(request, answer, description, server) is { } problem)
                Assert.Fail($"{SeedVariable}={seed}, request {number}: {problem}\n--- request\n{request}\n--- answer {answer.Status}\n{answer.Body}");

            Assert.True(answer is not null || request.IsCutOff || request.Bytes.Length > 1_000_000, $"{SeedVariable}={seed}, request {number} has no answer:\n{request}");
            _ = answer?.Status is >= 200 and < 300 && succeeded.Add(description.Find(request.Method, request.Path));
        }

        // Requests that are all refused at the door would prove nothing. A run's id cannot be made up.
        Assert.Empty(description.Operations.Except(succeeded).Except(["GET /v1/runs/{run_id}/events", "POST /v1/runs/{run_id}/stop"]));
        Assert.Equal("ok", JsonElement.Parse(await server.Client.GetStringAsync("/health")).GetProperty("status").GetString());
        Assert.NotEmpty((await server.Services.GetRequiredService<SessionStore>().ListAsync(new SessionQuery())).Items);
    }

    private static string? Problem(FuzzRequest request, RawAnswer answer, ApiDescription description, HermesServer server)
    {
        if (answer.Status >= 500) return "a fault of the server";

        if (answer.Body.Contains(Secret, StringComparison.Ordinal) || answer.Body.Contains(HermesServer.Key, StringComparison.Ordinal)
            || answer.Body.Contains(server.Home.Path, StringComparison.Ordinal))
        {
            return "a secret, or a path of the machine";
        }

        if (!answer.IsOurs)
            return answer.Status is >= 400 && answer.Body.Length == 0 ? null : "neither an answer of the API nor a refusal of the server";

        if (answer.Status >= 400 && ErrorProblem(request, answer) is { } problem) return problem;

        // Paths that the server changes before it routes them are other ones than the request says; a body with GET is refused for its size alone.
        return request.Method is "HEAD" || answer.Status is 304 or 403 or 404 or 405 || (answer.Status is 413 && request.Method is "GET") || description.Find(request.Method, request.Path) is null || !IsPlain(request.Path) || request.IsEndless
            ? null
            : string.Join('\n', description.Check(request.Method, request.Path, answer.Status, answer.ContentType, answer.Body)) is { Length: > 0 } drift ? drift : null;
    }

    private static string? ErrorProblem(FuzzRequest request, RawAnswer answer)
    {
        if (answer.Body.Length == 0)
        {
            // A page of a foreign origin is told nothing.
            return request.Method is "HEAD" || answer.Status is 403 ? null : "an error without a body";
        }

        if (answer.ContentType is not "application/json") return "an error that is not JSON";

        var error = JsonElement.Parse(answer.Body).GetProperty("error");
        var isNested = error.ValueKind is JsonValueKind.Object;
        if (isNested && !error.TryGetProperty("message", out _)) return "an error without a message";

        // The key and the size of a body are refused in OpenAI's shape everywhere.
        return answer.Status is 401 or 403 or 413 || !IsPlain(request.Path) || isNested == $"{request.Path}/".StartsWith("/v1/", StringComparison.OrdinalIgnoreCase)
            ? null
            : "an error in the shape of another path";
    }

    private static bool IsPlain(string path) =>
        !path.Contains("//", StringComparison.Ordinal) && !path.Contains("%2e", StringComparison.OrdinalIgnoreCase)
        && !path.Split('/').Any(segment => segment is "." or "..");

    private static List<(string Method, string Pattern)> Routes(HermesServer server) =>
    [
        .. from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
           select (method, endpoint.RoutePattern.RawText!),
    ];

    private static async Task<HermesServer> StartAsync()
    {
        var server = await HermesServer.StartAsync(
            options => options.Api.AllowConfigWrites = options.Api.AllowMemoryWrites = options.Chat.AllowModelChoice = true,
            configure: builder => builder.Services.AddSingleton<IChatClient>(new ScriptedChatClient().When(_ => true, ScriptedAnswer.Text("hel", "lo").WithUsage(9, 2))));
        server.Home
            .Write(".env", $"OPENROUTER_API_KEY={Secret}1\n")
            .Write("config.yaml", $"model: {{default: m, provider: openrouter, api_key: {Secret}2}}\ncustom_providers: [{{name: own, api_key: {Secret}3}}]\n")
            .Write("memories/MEMORY.md", "note 1\n§\nnote 2")
            .Write("skills/devops/docker/SKILL.md", "---\nname: docker\n---\nText.")
            .Write("skills/devops/docker/references/api.md", "more");
        var store = server.Services.GetRequiredService<SessionStore>();
        foreach (var id in (string[])["s", "one", "a/b", "search"])
            await store.CreateAndAppendAsync(new NewSession { Id = id }, [new NewMessage { Role = "user", Content = "hello" }]);

        return server;
    }
}
