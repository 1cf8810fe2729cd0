using Hermes.Benchmarks.Homes;
using Hermes.Benchmarks.Load;
using Hermes.Benchmarks.Reporting;
using Hermes.Benchmarks.Serving;

namespace Hermes.Benchmarks.Scenarios;

/// <summary>What a first answer costs after a change: another process commits, or files are written, before each request.</summary>
internal static class ChangeScenario
{
    // Some hundred requests, one at a time: the runtime compiles what runs often a second time, and that is not the request's.
    private const double WarmUpSeconds = 10;

    /// <summary>The results by the endpoints' names.</summary>
    public static async Task<IReadOnlyDictionary<string, LoadResult>> RunAsync(ServerProcess server, BenchmarkHome home, BenchmarkOptions options, Report report)
    {
        Console.WriteLine("answers after a change");
        using var committer = Committer.Open(home.Home);
        var text = new SampleText(seed: 3);
        (string Name, string What, Action Change, string Path)[] cases =
        [
            ("static answer", "nothing", () => { }, "/static/20000"),
            ("list 50", "another process commits a message", () => committer.Commit(), "/api/sessions"),
            ("list 500", "another process commits a message", () => committer.Commit(), "/api/sessions?limit=500"),
            ("one session by id", "another process commits a message", () => committer.Commit(), $"/api/sessions/{committer.Session}"),
            ("20 messages", "another process commits a message", () => committer.Commit(), $"/api/sessions/{home.SomeIds(1)[0]}/messages"),
            ("skills, 300", "all 300 files are written anew", () => SampleFiles.WriteSkills(home.Home, text), "/api/skills"),
            ("config", "config.yaml is written anew", () => SampleFiles.WriteConfig(home.Home, text), "/api/config"),
        ];

        var table = report.Table(
            "First answers after a change",
            "One client, which changes something before each request and then waits for the answer. A single client costs the server more for each request than "
            + "many do, because it goes to sleep in between: the static answer shows how much.",
            "endpoint", "the change", "p50, ms", "p99, ms", "CPU/request, ms");
        var results = new Dictionary<string, LoadResult>();
        foreach (var (name, what, change, path) in cases)
        {
            using var probe = await server.Client.GetAsync(path);
            if (!probe.IsSuccessStatusCode)
            {
                table.Add(name, what, "not served", "", "");
                continue;
            }

            await OneByOne.RunAsync(server, change, path, Math.Max(options.Seconds, WarmUpSeconds));
            var result = await OneByOne.RunAsync(server, change, path, options.Seconds);
            results[name] = result;
            table.Add(name, what, Cell.Number(result.Median.TotalMilliseconds), Cell.Number(result.P99.TotalMilliseconds), Cell.Number(result.CpuMilliseconds));
        }

        SampleFiles.Age(home.Home);
        return results;
    }
}
