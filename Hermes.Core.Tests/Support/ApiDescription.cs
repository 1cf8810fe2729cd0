using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;

namespace Hermes.Core.Tests.Support;

/// <summary>The OpenAPI document of the API, which answers are held against. Immutable and safe for use from any thread.</summary>
internal sealed class ApiDescription
{
    private static readonly string[] Verbs = ["get", "post", "patch", "delete"];

    private readonly List<Operation> _operations;
    private readonly SchemaCheck _schemas;

    private ApiDescription(JsonElement document)
    {
        Json = document.GetRawText();
        _schemas = new SchemaCheck(document);
        _operations =
        [
            .. from path in document.GetProperty("paths").EnumerateObject()
               from verb in path.Value.EnumerateObject()
               where Verbs.Contains(verb.Name)
               orderby path.Name.Contains('{', StringComparison.Ordinal), path.Name
               select new Operation(
                   $"{verb.Name.ToUpperInvariant()} {path.Name}", verb.Name.ToUpperInvariant(),
                   new Regex($"^{Regex.Replace(path.Name, "\\{[^}]*\\}", "[^/]+")}$", RegexOptions.CultureInvariant), verb.Value.GetProperty("responses")),
        ];
    }

    /// <summary>The document itself.</summary>
    public string Json { get; }

    /// <summary>Every operation, as <c>GET /api/sessions/{id}</c>.</summary>
    public IEnumerable<string> Operations => _operations.Select(operation => operation.Name);

    /// <summary>Reads the document of a server of its own.</summary>
    public static async Task<ApiDescription> ReadAsync()
    {
        await using var server = await HermesServer.StartAsync(map: app =>
        {
            app.MapHermesApi();
            app.MapOpenApi();
        });
        return new ApiDescription(JsonElement.Parse(await server.Client.GetStringAsync("/openapi/hermes.json")));
    }

    /// <summary>The operation that a request is for; null for none.</summary>
    public string? Find(string method, string path) => FindOperation(method, path)?.Name;

    /// <summary>What an answer has that the document does not say, or the other way round; empty where it is as described.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="path">Its path, without the query.</param>
    /// <param name="status">The status of the answer.</param>
    /// <param name="contentType">Its media type without parameters; null for none.</param>
    /// <param name="body">Its body, whole.</param>
    public IReadOnlyList<string> Check(string method, string path, int status, string? contentType, string body)
    {
        if (FindOperation(method, path) is not { } operation) return [$"{method} {path} is in no path of the OpenAPI document."];

        var where = $"{operation.Name} answered {status}";
        if (!operation.Responses.TryGetProperty($"{status}", out var response))
            return [$"{where}: add the status to the endpoint (Produces…, ProducesErrors). The answer: {body}"];

        if (contentType is null) return body.Length == 0 ? [] : [$"{where}: a body without a content type"];

        if (!response.TryGetProperty("content", out var content) || !content.TryGetProperty(contentType, out var media))
            return [$"{where}: {contentType} is not described for it"];

        var schema = media.GetProperty("schema");
        IEnumerable<string> problems = contentType is "text/event-stream"
            ? Events(body).SelectMany(sent => CheckEvent(schema, sent.Name, sent.Data))
            : _schemas.Check(schema, JsonElement.Parse(body));
        return [.. problems.Select(problem => $"{where}: {problem}. Mend the record in Hermes.Core/Http/Wire that the endpoint names in Produces, or what writes the answer.")];
    }

    private IEnumerable<string> CheckEvent(JsonElement schema, string name, string data)
    {
        if (data is "[DONE]") return [];

        var choice = schema.GetProperty("anyOf").EnumerateArray().FirstOrDefault(choice => choice.GetProperty("title").GetString() == name);
        return choice.ValueKind is JsonValueKind.Undefined
            ? [$"the event '{name}' is not described (ProducesEvents)"]
            : _schemas.Check(choice, JsonElement.Parse(data)).Select(problem => $"event '{name}': {problem}");
    }

    private static IEnumerable<(string Name, string Data)> Events(string body)
    {
        foreach (var block in body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = block.Split('\n');
            var data = lines.FirstOrDefault(line => line.StartsWith("data: ", StringComparison.Ordinal));
            if (data is not null)
            {
                var name = lines.FirstOrDefault(line => line.StartsWith("event: ", StringComparison.Ordinal));
                yield return (name?["event: ".Length..] ?? "message", data["data: ".Length..]);
            }
        }
    }

    private Operation? FindOperation(string method, string path) =>
        _operations.FirstOrDefault(operation => operation.Method == (method is "HEAD" ? "GET" : method) && operation.Path.IsMatch(path));

    private sealed record Operation(string Name, string Method, Regex Path, JsonElement Responses);
}
