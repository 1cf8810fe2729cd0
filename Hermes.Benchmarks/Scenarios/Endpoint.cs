using System.Text.Json;
using Hermes.Benchmarks.Homes;
using Hermes.Benchmarks.Load;
using Hermes.Benchmarks.Serving;

namespace Hermes.Benchmarks.Scenarios;

/// <summary>An answer, and what it may cost.</summary>
/// <param name="Name">What is asked for.</param>
internal sealed record Endpoint(string Name)
{
    /// <summary>Requests of which none has been answered before, or whose answers are not kept; null where only a change of a file makes the server work.</summary>
    public Requests? First { get; init; }

    /// <summary>What is changed before each first request; null where <see cref="First"/> needs nothing.</summary>
    public Action? Change { get; init; }

    /// <summary>The same request over and over; null where no answer is kept.</summary>
    public Requests? Unchanged { get; init; }

    /// <summary>A first answer takes at most so many times the processor time of the static answer of 40 bytes.</summary>
    public double? FirstBar { get; init; }

    /// <summary>An unchanged one takes at most so many times that time, on top of the static answer of the same length.</summary>
    public double? UnchangedBar { get; init; }

    /// <summary>All of them, on a server of this home. Those that write come last.</summary>
    public static async Task<IReadOnlyList<Endpoint>> AllAsync(ServerProcess server, BenchmarkHome home)
    {
        const string List = "/api/sessions";
        var ids = home.SomeIds(2_000);
        var deep = home.Sessions * 8 / 10;
        var cursors = await CursorsAsync(server, deep, count: 120);
        var text = new SampleText(seed: 3);
        return
        [
            new("list 50") { First = new(Pages(50, offset: 0)), FirstBar = 20, Unchanged = new(List), UnchangedBar = 1.2 },
            new("list 500") { First = new(Pages(495, offset: 0)), FirstBar = 180, Unchanged = new($"{List}?limit=500"), UnchangedBar = 2 },
            new($"list 50 at offset {deep:n0}")
            {
                First = new(Pages(50, deep)), FirstBar = 300,
                Unchanged = new($"{List}?offset={deep}"), UnchangedBar = 1.2,
            },
            new("list 50 by `before`, there")
            {
                First = new([.. Limits(50).SelectMany(limit => cursors.Select(cursor => $"{List}?limit={limit}&before={cursor}"))]), FirstBar = 20,
                Unchanged = new($"{List}?before={cursors[0]}"), UnchangedBar = 1.2,
            },
            new("one session by id") { First = new([.. ids.Select(id => $"{List}/{id}")]), FirstBar = 3.5 },
            new("one session by prefix") { First = new([.. ids.Select(id => $"{List}/{id[..12]}")]), FirstBar = 4.5 },
            new("304 to a known list") { Unchanged = new(List) { IfNoneMatch = await TagAsync(server, List) }, UnchangedBar = 2 },
            new($"{home.Messages} messages") { First = new([.. ids.Select(id => $"{List}/{id}/messages")]), FirstBar = 6 },
            new("2,000 messages") { First = new($"{List}/{BenchmarkHome.BigSession}/messages"), FirstBar = 250 },
            new("memory")
            {
                Change = SampleFiles.Exchange(home.Home, home.Home.MemoriesFolder, () => SampleFiles.WriteMemory(home.Home, text)), FirstBar = 5,
                Unchanged = new("/api/memory"), UnchangedBar = 2,
            },
            new("config")
            {
                Change = SampleFiles.Exchange(home.Home, home.Home.ConfigFile, () => SampleFiles.WriteConfig(home.Home, text)), FirstBar = 100,
                Unchanged = new("/api/config"), UnchangedBar = 2,
            },
            new("skills, 300")
            {
                Change = SampleFiles.Exchange(home.Home, home.Home.SkillsFolder, () => SampleFiles.WriteSkills(home.Home, text)), FirstBar = 1_000,
                Unchanged = new("/api/skills"), UnchangedBar = 40,
            },
            new($"search, a rare word in {(home.Sessions * home.Messages) + 2_000:n0} messages")
            {
                First = new([.. Enumerable.Range(1, 50).Select(limit => $"{List}/search?q={BenchmarkHome.RareWord}&limit={limit}")]), FirstBar = 500,
            },
            new("create a session") { First = new(List) { Method = "POST", Body = """{"model":"acme/model-1"}""" }, FirstBar = 10 },
            new("a chat turn")
            {
                First = new("/v1/chat/completions") { Method = "POST", Body = """{"messages":[{"role":"user","content":"What is the state of the release?"}]}""" },
                FirstBar = 20,
            },
        ];
    }

    // More pages than are kept, of about one size and place: each is gone again when its turn comes.
    private static string[] Pages(int limit, int offset) =>
        [.. Limits(limit).SelectMany(limit => Enumerable.Range(offset, 120).Select(offset => $"/api/sessions?limit={limit}&offset={offset}"))];

    private static IEnumerable<int> Limits(int middle) => Enumerable.Range(middle - 4, 9);

    private static async Task<List<string>> CursorsAsync(ServerProcess server, int offset, int count)
    {
        var cursors = new List<string>();
        for (var at = offset; at < offset + count; at++)
        {
            using var page = await server.Client.GetFromJsonAsync<JsonDocument>($"/api/sessions?limit=1&offset={at - 1}");
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
