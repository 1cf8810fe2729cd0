using Hermes.Benchmarks.Homes;
using Hermes.Benchmarks.Load;
using Hermes.Benchmarks.Serving;

namespace Hermes.Benchmarks.Scenarios;

/// <summary>An endpoint, and what it is to cost.</summary>
/// <param name="Name">What is asked for.</param>
internal sealed record Endpoint(string Name)
{
    /// <summary>Requests of which none has been answered before, or whose answers are not kept; null where only a change of a file makes the server work.</summary>
    public Requests? First { get; init; }

    /// <summary>The same request over and over; null where no answer is kept.</summary>
    public Requests? Again { get; init; }

    /// <summary>What the Python gateway takes for it on a like machine, in milliseconds of processor time; null where it has none such.</summary>
    public double? Reference { get; init; }

    /// <summary>At most so many milliseconds of processor time for <see cref="First"/>.</summary>
    public double? FirstTarget { get; init; }

    /// <summary>At most so many times the processor time of the static endpoint for <see cref="Again"/>.</summary>
    public double? AgainTarget { get; init; }

    /// <summary>All of them, on a server of this home. Those that write come last.</summary>
    public static async Task<IReadOnlyList<Endpoint>> AllAsync(ServerProcess server, BenchmarkHome home)
    {
        var ids = home.SomeIds(2_000);
        var deep = home.Sessions * 8 / 10;
        var cursors = await CursorsAsync(server, deep, count: 120);
        const string List = "/api/sessions";
        return
        [
            new("list 50")
            {
                First = new(Pages(50, offset: 0, spread: 120)), Again = new(List),
                Reference = 69.9, FirstTarget = 0.35, AgainTarget = 1.3,
            },
            new("list 500")
            {
                First = new(Pages(495, offset: 0, spread: 120)), Again = new($"{List}?limit=500"),
                Reference = 103, FirstTarget = 3, AgainTarget = 1.3,
            },
            new($"list 50 at offset {deep:n0}")
            {
                First = new(Pages(50, deep, spread: 120)), Again = new($"{List}?offset={deep}"),
                Reference = 137, FirstTarget = 6, AgainTarget = 1.3,
            },
            new("list 50 by `before`, there")
            {
                First = new([.. Limits(50).SelectMany(limit => cursors.Select(cursor => $"{List}?limit={limit}&before={cursor}"))]),
                Again = new($"{List}?before={cursors[0]}"),
                FirstTarget = 0.4, AgainTarget = 1.3,
            },
            new("one session by id") { First = new([.. ids.Select(id => $"{List}/{id}")]), Reference = 0.106, FirstTarget = 0.05 },
            new("one session by prefix") { First = new([.. ids.Select(id => $"{List}/{id[..12]}")]), Reference = 6.24, FirstTarget = 0.06 },
            new("20 messages") { First = new([.. ids.Select(id => $"{List}/{id}/messages")]), Reference = 0.246, FirstTarget = 0.09 },
            new("2,000 messages") { First = new($"{List}/{BenchmarkHome.BigSession}/messages"), Reference = 18.5, FirstTarget = 4 },
            new("memory") { First = new("/api/memory"), Reference = 0.113, FirstTarget = 0.05 },
            new("skills, 300") { Again = new("/api/skills"), Reference = 262, FirstTarget = 15, AgainTarget = 1.5 },
            new("config") { Again = new("/api/config"), Reference = 6.5, FirstTarget = 2, AgainTarget = 1.5 },
            new("a poll with If-None-Match")
            {
                Again = new(List) { IfNoneMatch = await TagAsync(server, List) },
                AgainTarget = 1.1,
            },
            new("create a session") { First = new(List) { Method = "POST", Body = """{"model":"acme/model-1"}""" }, Reference = 0.345, FirstTarget = 0.15 },
            new("a chat turn")
            {
                First = new("/v1/chat/completions") { Method = "POST", Body = """{"messages":[{"role":"user","content":"What is the state of the release?"}]}""" },
                Reference = 1.45, FirstTarget = 0.4,
            },
        ];
    }

    // More pages than are kept, of about one size and place: each is gone again when its turn comes.
    private static string[] Pages(int limit, int offset, int spread) =>
        [.. Limits(limit).SelectMany(limit => Enumerable.Range(offset, spread).Select(offset => $"/api/sessions?limit={limit}&offset={offset}"))];

    private static IEnumerable<int> Limits(int middle) => Enumerable.Range(middle - 4, 9);

    private static async Task<List<string>> CursorsAsync(ServerProcess server, int offset, int count)
    {
        var cursors = new List<string>();
        for (var at = offset; at < offset + count; at++)
        {
            using var page = await server.Client.GetFromJsonAsync<System.Text.Json.JsonDocument>($"/api/sessions?limit=1&offset={at - 1}");
            cursors.Add(page!.RootElement.GetProperty("next").GetString()!);
        }

        return cursors;
    }

    private static async Task<string?> TagAsync(ServerProcess server, string path)
    {
        using var answer = await server.Client.GetAsync(path);
        return answer.Headers.ETag?.ToString();
    }
}
