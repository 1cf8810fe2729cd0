using Hermes.Benchmarks.Homes;
using Hermes.Benchmarks.Load;
using Hermes.Benchmarks.Reporting;
using Hermes.Benchmarks.Serving;

namespace Hermes.Benchmarks.Scenarios;

/// <summary>Whether light requests wait for heavy ones, or for a lock that somebody else holds.</summary>
internal static class HealthScenario
{
    private static readonly string[] Heavy = ["/api/sessions?limit=500", "/api/skills"];
    private static readonly Requests Health = new("/health");

    public static async Task RunAsync(BenchmarkHome kept, BenchmarkOptions options, Report report)
    {
        Console.WriteLine("health beside heavy requests");
        using var scratch = kept.Copy();
        using var server = ServerProcess.StartBenchmarkServer(scratch.Home);
        var seconds = options.Seconds * options.Rounds;
        var table = report.Table(
            "Health beside others",
            "Heavy requests: 4 clients loop over list 500 and 4 over the skills. The lock: another process holds the write lock, and 8 requests wait to create a "
            + "session. The load shares the machine with the server.",
            "", "requests/s", "p50, ms", "p99: at most, ms", "p99, ms");
        await Wrk.RunAsync(server, Health, options.WarmUpSeconds);
        Add("alone", null, await MeasureAsync());

        var heavy = Heavy.Select(path => Wrk.RunAsync(server, new Requests(path), seconds + 2, connections: 4)).ToList();
        Add("beside heavy requests", 10, await MeasureAsync());
        await Task.WhenAll(heavy);

        using var committer = new Committer(scratch.Home.Home);
        List<Task<HttpResponseMessage>> writes;
        using (committer.Lock())
        {
            writes = [.. Enumerable.Range(0, 8).Select(_ => server.Client.PostAsJsonAsync("/api/sessions", new object()))];
            Add("while another process holds the write lock", 50, await MeasureAsync());
        }

        foreach (var write in writes)
            (await write).Dispose();

        Task<LoadResult> MeasureAsync() => Wrk.RunAsync(server, Health, seconds, connections: 1);

        void Add(string name, double? limit, LoadResult result) => table.Add(
            name, Cell.Count(result.RequestsPerSecond), Cell.Number(result.Median.TotalMilliseconds), Cell.Number(limit), Cell.Judged(result.P99.TotalMilliseconds, limit));
    }
}
